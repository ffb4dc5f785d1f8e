import { startDeadline } from '../actions/deadline.ts';
import { redirectsWarning, requirePurpose, WRITING_REDIRECTS } from '../actions/event-check.ts';
import { cancelledRedirects } from '../actions/redirects/cancelled.ts';
import { createRedirectsCommentSink } from '../actions/redirects/comment.ts';
import { warnOfDeadTargets } from '../actions/redirects/dead-targets.ts';
import type { RedirectsDependencies, RedirectsRun } from '../actions/redirects/dependencies.ts';
import { readDesiredRows } from '../actions/redirects/desired.ts';
import { exportRedirects } from '../actions/redirects/export.ts';
import { importRedirects } from '../actions/redirects/import.ts';
import { planSite } from '../actions/redirects/plan.ts';
import { syncSite } from '../actions/redirects/sync.ts';
import { skipRedirectsOf } from '../actions/skip.ts';
import { createRedirectsClient } from '../bigcommerce/redirects-client.ts';
import { CancelledError } from '../errors.ts';
import { pullRequestUrlOf, readWorkflowEvent, runUrlOf, type WorkflowEvent } from '../github/event.ts';
import { readOtherApiHost } from '../inputs/api-host.ts';
import { hasAccessToken } from '../inputs/credentials.ts';
import { readTokenAlone } from '../inputs/github.ts';
import { pullRequestOf } from '../inputs/preview.ts';
import type { StatedPurpose } from '../inputs/purpose.ts';
import {
  type LocalRedirectsInputs,
  type RedirectsInputs,
  readLocalRedirectsInputs,
  readRedirectsFolders,
  readRedirectsInputs,
  readWritingPurpose,
} from '../inputs/redirects.ts';
import { createInputSource, type InputSource } from '../inputs/source.ts';
import type { HttpClient } from '../net/http.ts';
import type { ActionRun } from '../report/create-run.ts';
import { retryText } from '../report/phrases.ts';
import type { RedirectsEvent, RedirectsRecord } from '../report/redirects-record.ts';
import { createRedirectsReport } from '../report/redirects-report.ts';
import { INPUT_WARNING } from '../report/run-events.ts';
import { workspacePath } from '../report/workspace-path.ts';
import type { RunContext, Running } from '../run-context.ts';
import { createConnect } from './github.ts';
import { introduce } from './introduce.ts';
import { createPlatformHttp } from './platform-http.ts';
import { createRedirectsDisk } from './redirects-disk.ts';
import { checkWhoseCode } from './run-checks.ts';

/** Puts `redirects` together: its inputs, its client, its report. */
export async function createRedirectsRun(context: RunContext): Promise<Running> {
  const { redactor, maskSecret, correlationId } = context;
  const run = context.begin(createRedirectsReport());
  const event = await readWorkflowEvent();
  const source = createInputSource({ env: process.env, maskSecret });
  const shownPathOf = (path: string) => workspacePath(path, source.workspace) ?? path;
  const disk = createRedirectsDisk(context.signal, redactor);
  let http: HttpClient | undefined;
  let known: RedirectsInputs | undefined;
  return {
    work: async () => {
      introduce('redirects', { run, source, event });
      const stated = readWritingPurpose(source);
      if (event !== undefined && skipRedirectsOf(event, hasAccessToken(source), stated, true) !== undefined) {
        const { command } = await checkOffline(source, { disk, run, shownPathOf });
        const skip = skipRedirectsOf(event, hasAccessToken(source), stated, command !== 'export');
        if (skip !== undefined) run.emit({ type: 'skipped', title: 'Redirects skipped', ...skip });
        return;
      }
      if (event !== undefined) await checkPurpose(event, source, { stated, run, redactor, signal: context.signal });
      const { inputs, warnings } = readRedirectsInputs(source);
      known = inputs;
      const { task } = inputs;
      const siteId = task.command === 'import' ? undefined : task.siteId;
      const { file } = inputs;
      run.emit({ type: 'started', command: task.command, siteId, file: shownPathOf(file), absoluteFile: file });
      run.emit({ type: 'api-host-found', other: readOtherApiHost(source) });
      for (const warning of warnings) run.warn(warning, INPUT_WARNING);
      const unlikely = event && stated && redirectsWarning(event, stated);
      if (unlikely !== undefined) run.warn(unlikely, INPUT_WARNING);
      http = createPlatformHttp(run, correlationId);
      const connect = createClient({ http, inputs, run });
      const { signal } = context;
      await carryOut(inputs, { connect, startDeadline, disk, run, shownPathOf, signal });
    },
    finish: async (error, time) => {
      if (known !== undefined && event !== undefined)
        attachComment(run, { inputs: known, shownFile: shownPathOf(known.file), event, redactor, signal: time });
      run.end(error, (failure, record) =>
        failure instanceof CancelledError ? cancelledRedirects(record, failure) : failure,
      );
      await run.finish();
    },
    close: async () => {
      disk.removePartsNow();
      await http?.close();
    },
  };
}

/** Checks the file of a run that gets no secrets. */
async function checkOffline(
  source: InputSource,
  dependencies: Pick<RedirectsDependencies, 'disk' | 'run' | 'shownPathOf'>,
): Promise<LocalRedirectsInputs> {
  const { run, shownPathOf } = dependencies;
  const inputs = readLocalRedirectsInputs(source);
  const { command, siteId, file } = inputs;
  run.emit({ type: 'started', command, siteId, file: shownPathOf(file), absoluteFile: file });
  if (command !== 'export') warnOfDeadTargets(await readDesiredRows(inputs, dependencies), { run });
  return inputs;
}

interface Checking {
  /** Undefined where the store is not changed. */
  stated: StatedPurpose | undefined;
  run: RedirectsRun;
  redactor: RunContext['redactor'];
  signal: AbortSignal;
}

/** @throws ActionError for a run that is not known to be meant, or that has a fork's file */
async function checkPurpose(event: WorkflowEvent, source: InputSource, { stated, run, ...rest }: Checking) {
  if (stated !== undefined) requirePurpose(event, stated, WRITING_REDIRECTS);
  const folders = readRedirectsFolders(source);
  if (folders === undefined) return;
  const { workingDirectory, read } = folders;
  await checkWhoseCode({
    event,
    workspace: source.workspace,
    hasAccessToken: hasAccessToken(source),
    githubToken: readTokenAlone(source),
    pullRequest: pullRequestOf(source),
    folders: [workingDirectory, read],
    taken: [read],
    report: run,
    ...rest,
  });
}

async function carryOut(inputs: RedirectsInputs, dependencies: RedirectsDependencies): Promise<void> {
  const { task } = inputs;
  switch (task.command) {
    case 'import':
      return await importRedirects({ ...inputs, task }, dependencies);
    case 'export':
      return await exportRedirects({ ...inputs, task }, dependencies);
    case 'plan':
      return await planSite({ ...inputs, task: { ...task, command: 'plan' } }, dependencies);
    case 'sync':
      return await syncSite({ ...inputs, task: { ...task, command: 'sync' } }, dependencies);
  }
}

interface ClientParts {
  http: HttpClient;
  inputs: RedirectsInputs;
  run: RedirectsRun;
}

/** A client for each deadline, with which its requests end. */
function createClient({ http, inputs, run }: ClientParts): RedirectsDependencies['connect'] {
  const onRetry = (_what: string, notice: Parameters<typeof retryText>[0]) => run.info(retryText(notice));
  return (signal, timeLeftMs) => createRedirectsClient({ http, ...inputs, signal, timeLeftMs, onRetry });
}

interface Commenting {
  inputs: RedirectsInputs;
  shownFile: string;
  event: WorkflowEvent;
  redactor: RunContext['redactor'];
  signal: AbortSignal;
}

/** The result of `plan` or `sync` is a comment on the pull request, where there is one. */
function attachComment(
  run: ActionRun<RedirectsEvent, RedirectsRecord>,
  { inputs, shownFile, event, redactor, signal }: Commenting,
): void {
  const pullRequest = event.pullRequest?.number;
  const { task, storeHash, githubToken: token, comment } = inputs;
  if (pullRequest === undefined || token === undefined || !comment) return;
  if (task.command !== 'plan' && task.command !== 'sync') return;
  const connect = createConnect({ token, writesComments: true, event, report: run, redactor });
  // Known from the start: a run that ends before it knows its site must find the same comment again.
  const place = task.siteId ?? `file:${shownFile}`;
  run.attach(
    createRedirectsCommentSink({
      pullRequest,
      key: `${storeHash}/${place}`,
      runUrl: runUrlOf(event),
      pullRequestUrl: pullRequestUrlOf(event, pullRequest),
      connect,
      run,
      signal,
    }),
  );
}
