import type { LogsClient } from '../../bigcommerce/logs.ts';
import type { Bundle } from '../../domain/bundle.ts';
import {
  describeBroken,
  describePage,
  type PageResult,
  skippedVerification,
  type VerificationRecord,
} from '../../domain/verification/checks.ts';
import type { Pages } from '../../domain/verification/page.ts';
import type { TimeSpan } from '../../domain/worker-logs/own-requests.ts';
import { problemsWords, type WorkerLogsRecord } from '../../domain/worker-logs/worker-logs-record.ts';
import { describeError } from '../../errors.ts';
import type { FlowInputs } from '../../inputs/flow.ts';
import type { VerificationInputs } from '../../inputs/verification.ts';
import type { DeployEvent } from '../../report/deploy-record.ts';
import type { Logger, Phase, Run } from '../../report/run-events.ts';
import type { RestoredRecord } from '../../report/verification-record.ts';
import type { DeployBundleDependencies } from '../deploy-bundle.ts';
import { isUrl, reachableUrls } from './addresses.ts';
import type { Before } from './before.ts';
import { type CheckDependencies, type CheckRequest, checkStorefront } from './check-storefront.ts';
import { isDecisive, LogWatch, reportWorkerLogs, type WatchDependencies } from './worker-logs.ts';

/** What verifying takes. */
export interface Verifying {
  pages: Pages;
  /** The logs of workers. @param signal ends what is asked of them */
  logs: (signal: AbortSignal) => LogsClient;
  /** How long is waited for them, where it is not as usual. */
  waits?: WatchDependencies['waits'];
  /** The platform is on this machine. */
  isLocal: boolean;
  /** What is deployed is the bundle of an earlier deployment: going back from it means going further back. */
  isEarlier: boolean;
  /** The last bundle that worked, downloaded and checked. @throws ActionError if there is none, or none can be had */
  findLastGood: FindLastGood;
}

/** The last bundle that worked, ready to be deployed. */
export interface LastGood {
  bundle: Bundle;
  source: Omit<RestoredRecord, 'state' | 'verification'>;
}

/** What is to be replaced. */
export interface LastGoodRequest {
  projectUuid: string;
  /** What does not work. */
  bundle: Bundle;
}

export type FindLastGood = (request: LastGoodRequest) => Promise<LastGood>;

/** How a bundle is deployed that is verified. */
export type VerifiedFlow = Omit<FlowInputs, 'verification'> & { verification: VerificationInputs };

export interface VerifyDependencies extends DeployBundleDependencies {
  verifying: Verifying;
}

/** What was deployed. */
export interface Deployed {
  bundle: Bundle;
  projectUuid: string;
  urls: readonly string[];
  before: Before;
}

/** One verification, as a phase of its own. @throws only the signal's reason */
export async function verify(
  title: string,
  { bundle, projectUuid, urls, before }: Deployed,
  { paths: checks, headers, timeoutMs, logs, onFailure }: VerificationInputs,
  { run, signal, verifying }: Pick<VerifyDependencies, 'run' | 'signal' | 'verifying'>,
): Promise<VerificationRecord> {
  const { pages, isLocal } = verifying;
  const reachable = reachableUrls(urls, isLocal);
  if (!isUrl(reachable)) return skipped(urls, (line) => run.info(line));
  return await run.phase(title, async (phase) => {
    run.emit({ type: 'verifying', url: reachable[0] });
    const buildId = tellingId(bundle, before, phase);
    const request = { urls: reachable, checks, headers, timeoutMs, buildId, before: before.pages };
    const watch = logs === 'off' ? undefined : new LogWatch(projectUuid, { ...verifying, run, signal });
    try {
      await watch?.untilOpen();
      const checked = await check(request, { pages: watch?.pages ?? pages, signal, phase }, run);
      const verification =
        watch === undefined || logs === 'off'
          ? checked
          : await readLogs(checked, watch, {
              ...{ logs, run, phase },
              looked: onFailure === 'rollback' ? before.looked : undefined,
            });
      report(verification, phase);
      return verification;
    } finally {
      watch?.stop();
    }
  });
}

interface LogReading {
  logs: 'show' | 'fail';
  run: Run<DeployEvent>;
  phase: Phase;
  /** When the same pages were asked before, where it matters whether the same was logged then. */
  looked: TimeSpan | undefined;
}

/** Adds what the worker logged, which is broken for it where that decides. @throws only the signal's reason */
async function readLogs(
  checked: VerificationRecord,
  watch: LogWatch,
  { logs, run, phase, looked }: LogReading,
): Promise<VerificationRecord> {
  const { workerLogs: read, own } = await watch.finish(isDecisive(checked.state, logs));
  const found = logs === 'fail' && read.state === 'refused' ? undecided(read) : read;
  const mayFail = logs === 'fail' && checked.state === 'healthy';
  const isFailing = mayFail && found.problems.length > 0 && (await watch.isCertain());
  const wasLoggedBefore = isFailing && looked !== undefined ? await watch.wasLoggedBefore(looked) : undefined;
  const workerLogs = wasLoggedBefore === undefined ? found : { ...found, wasLoggedBefore };
  const verification: VerificationRecord = isFailing
    ? { ...checked, state: 'unhealthy', reason: failingReason(workerLogs), workerLogs }
    : { ...checked, workerLogs };
  run.emit({ type: 'worker-logs-read', workerLogs, own, isBroken: verification.state === 'unhealthy' });
  reportWorkerLogs(workerLogs, phase);
  const doubt = mayFail && !isFailing ? await undecidedText(workerLogs, watch) : undefined;
  if (doubt !== undefined) run.warn(doubt, 'Worker’s log not checked');
  return verification;
}

function undecided(refused: WorkerLogsRecord): WorkerLogsRecord {
  return { ...refused, reason: `${refused.reason ?? ''} Until then, \`verify-logs: fail\` decides nothing.` };
}

/** Why the log did not decide, though it was to; undefined if it did, or where that was said. */
async function undecidedText(
  { state, problems, reason = '' }: WorkerLogsRecord,
  watch: LogWatch,
): Promise<string | undefined> {
  if (problems.length > 0) {
    return 'What the worker logged does not count as a failure (`verify-logs: fail`): it may be of somebody else who asked for the same pages at the same time, or of requests before the pages worked.';
  }
  if (state === 'failed') return `\`verify-logs: fail\` decided nothing: the worker’s log could not be read. ${reason}`;
  if (state === 'refused' || !(await watch.hasNothing())) return undefined;
  return '`verify-logs: fail` decided nothing: the worker’s log has no entries of these requests. They may come later: the logs action reads them.';
}

function failingReason(workerLogs: WorkerLogsRecord): string {
  return `All pages answered as they should, and their worker logged ${problemsWords(workerLogs)}, which counts as a failure with \`verify-logs: fail\`.`;
}

/** What goes wrong with the verification itself says nothing about the storefront, which is live by now. */
async function check(
  request: CheckRequest,
  dependencies: CheckDependencies,
  run: Pick<Logger, 'debug'>,
): Promise<VerificationRecord> {
  const startMs = performance.now();
  try {
    return await checkStorefront(request, dependencies);
  } catch (error) {
    dependencies.signal.throwIfAborted();
    run.debug(`The verification failed: ${describeError(error)}`);
    const reason = 'The verification itself failed: a fault of this action or of its runner.';
    const durationMs = performance.now() - startMs;
    return { state: 'inconclusive', url: request.urls[0], reason, durationMs, pages: [] };
  }
}

/** The id by which this build can be told from the one before. A project may give the same to each (`generateBuildId`). */
function tellingId({ buildId }: Bundle, before: Before, phase: Phase): string | undefined {
  if (buildId === undefined) phase.info('The bundle has no BUILD_ID, so it is not known which build answers.');
  if (buildId === undefined || buildId.trim() !== before.buildId) return buildId;
  phase.info('What was live before has the same BUILD_ID, so it is not known which of the two answers.');
  return undefined;
}

function skipped(urls: readonly string[], info: (line: string) => void): VerificationRecord {
  const reason =
    urls.length === 0
      ? 'The platform named no address.'
      : 'The platform is on this machine, and the address that it named is not.';
  info(`Not verified. ${reason}`);
  return skippedVerification(reason);
}

function report(verification: VerificationRecord, phase: Phase): void {
  for (const page of verification.pages) phase.info(pageLine(page));
  if (verification.reason !== undefined) phase.info(verification.reason);
  const { state } = verification;
  const words = {
    healthy: 'healthy',
    inconclusive: 'inconclusive',
    skipped: 'skipped',
    unhealthy: describeBroken(verification),
  };
  phase.result(words[state], state !== 'healthy');
}

function pageLine(page: PageResult): string {
  const { status, bytes, firstByteMs, warmFirstByteMs } = page;
  const facts = [
    status === undefined ? undefined : `status ${status}`,
    bytes === undefined ? undefined : `${bytes} bytes`,
    firstByteMs === undefined ? undefined : `first byte after ${Math.round(firstByteMs)} ms`,
    warmFirstByteMs === undefined ? undefined : `then ${Math.round(warmFirstByteMs)} ms`,
  ].filter((fact) => fact !== undefined);
  return `${describePage(page)}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`;
}
