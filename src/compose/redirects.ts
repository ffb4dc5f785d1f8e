import { startDeadline } from '../actions/deadline.ts';
import { redirectsWarning, requirePurpose, WRITING_REDIRECTS } from '../actions/event-check.ts';
import { cancelledRedirects } from '../actions/redirects/cancelled.ts';
import { writeRedirectsComment } from '../actions/redirects/comment.ts';
import { warnOfDeadTargets } from '../actions/redirects/dead-targets.ts';
import { createProgress, type RedirectsDependencies } from '../actions/redirects/dependencies.ts';
import { readDesiredRows } from '../actions/redirects/desired.ts';
import { exportRedirects } from '../actions/redirects/export.ts';
import { importRedirects } from '../actions/redirects/import.ts';
import { planSite } from '../actions/redirects/plan.ts';
import { syncSite } from '../actions/redirects/sync.ts';
import { skipRedirectsOf } from '../actions/skip.ts';
import { createRedirectsClient } from '../bigcommerce/redirects-client.ts';
import { CancelledError } from '../errors.ts';
import { readWorkflowEvent, runUrlOf, type WorkflowEvent } from '../github/event.ts';
import { readOtherApiHost } from '../inputs/api-host.ts';
import { hasAccessToken } from '../inputs/deploy.ts';
import type { StatedPurpose } from '../inputs/purpose.ts';
import {
  maskRedirectsSecrets,
  type RedirectsInputs,
  readLocalRedirectsInputs,
  readRedirectsFolders,
  readRedirectsInputs,
  readWritingPurpose,
} from '../inputs/redirects.ts';
import { createInputSource, type InputSource } from '../inputs/source.ts';
import type { HttpClient } from '../net/http.ts';
import { createLateHttpClient } from '../net/late-http.ts';
import { retryText } from '../report/phrases.ts';
import { RedirectsReport } from '../report/redirects-report.ts';
import { workspacePath } from '../report/workspace-path.ts';
import type { RunContext, Running } from '../run.ts';
import { USER_AGENT } from '../version.ts';
import { createConnect } from './github.ts';
import { createRedirectsDisk } from './redirects-disk.ts';
import { checkWhoseCode } from './run-checks.ts';

/** Puts `redirects` together: its inputs, its client, its report. */
export async function createRedirectsRun(context: RunContext): Promise<Running> {
  const { log, redactor, maskSecret, correlationId } = context;
  const report = new RedirectsReport({ log, redactor, correlationId });
  const event = await readWorkflowEvent();
  const source = createInputSource({ env: process.env, maskSecret });
  const shownPathOf = (path: string) => workspacePath(path, source.workspace) ?? path;
  const disk = createRedirectsDisk(context.signal, redactor);
  const progress = createProgress();
  let http: HttpClient | undefined;
  let known: RedirectsInputs | undefined;
  return {
    work: async () => {
      maskRedirectsSecrets(source);
      const stated = readWritingPurpose(source);
      const skipOf = (checksFile: boolean) =>
        event && skipRedirectsOf(event, hasAccessToken(source), stated, checksFile);
      if (skipOf(true) !== undefined) {
        const inputs = readLocalRedirectsInputs(source);
        const checksFile = inputs.command !== 'export';
        report.started({ ...inputs, file: shownPathOf(inputs.file), absoluteFile: inputs.file });
        if (checksFile) {
          const rows = await readDesiredRows(inputs, { disk, reporter: report, shownPathOf });
          warnOfDeadTargets(rows, { reporter: report });
        }
        const skip = skipOf(checksFile);
        return skip && report.skipped(skip);
      }
      if (event !== undefined) await checkPurpose(event, source, { stated, report, redactor, signal: context.signal });
      const { inputs, warnings } = readRedirectsInputs(source);
      known = inputs;
      const { task } = inputs;
      const siteId = task.command === 'import' ? undefined : task.siteId;
      report.started({ command: task.command, siteId, file: shownPathOf(inputs.file), absoluteFile: inputs.file });
      report.apiHost(readOtherApiHost(source));
      for (const warning of warnings) report.warn(warning);
      const unlikely = event && stated && redirectsWarning(event, stated);
      if (unlikely !== undefined) report.warn(unlikely);
      http = createLateHttpClient({ userAgent: USER_AGENT, correlationId, onCall: () => report.networkUsed() });
      const connect = createClient({ http, inputs, report });
      const { signal } = context;
      await carryOut(inputs, { connect, startDeadline, disk, reporter: report, progress, shownPathOf, signal });
    },
    finish: async (error, time) => {
      const isCancelled = error instanceof CancelledError;
      report.ended(isCancelled ? cancelledRedirects(report.snapshot(), progress, error) : error);
      await tellPullRequest({ inputs: known, event, report, redactor, time });
      await report.finish();
    },
    close: async () => {
      disk.removePartsNow();
      await http?.close();
    },
  };
}

interface Checking {
  /** Undefined where the store is not changed. */
  stated: StatedPurpose | undefined;
  report: RedirectsReport;
  redactor: RunContext['redactor'];
  signal: AbortSignal;
}

/** @throws ActionError for a run that is not known to be meant, or that has a fork's file */
async function checkPurpose(event: WorkflowEvent, source: InputSource, { stated, ...rest }: Checking) {
  if (stated !== undefined) requirePurpose(event, stated, WRITING_REDIRECTS);
  const folders = readRedirectsFolders(source);
  if (folders === undefined) return;
  const { workingDirectory, read } = folders;
  await checkWhoseCode({ event, source, folders: [workingDirectory, read], taken: [read], ...rest });
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
  report: RedirectsReport;
}

/** A client for each clock: whatever it asks ends with that. */
function createClient({ http, inputs, report }: ClientParts): RedirectsDependencies['connect'] {
  const onRetry = (_what: string, notice: Parameters<typeof retryText>[0]) => report.info(retryText(notice));
  return (signal, timeLeftMs) => createRedirectsClient({ http, ...inputs, signal, timeLeftMs, onRetry });
}

interface Telling {
  inputs: RedirectsInputs | undefined;
  event: WorkflowEvent | undefined;
  report: RedirectsReport;
  redactor: RunContext['redactor'];
  time: AbortSignal;
}

/** What `plan` or `sync` has come to. Throws nothing. */
async function tellPullRequest({ inputs, event, report, redactor, time }: Telling): Promise<void> {
  const pullRequest = event?.pullRequest?.number;
  if (inputs === undefined || event === undefined || pullRequest === undefined) return;
  const { task, storeHash, githubToken: token, comment } = inputs;
  if ((task.command !== 'plan' && task.command !== 'sync') || token === undefined || !comment) return;
  const connect = createConnect({ token, writesComments: true, event, report, redactor });
  const { siteId } = task;
  await writeRedirectsComment(
    { pullRequest, storeHash, siteId, runUrl: runUrlOf(event), connect, reporter: report },
    time,
  );
}
