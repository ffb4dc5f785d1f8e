import { cancelledCleanup } from '../actions/preview-cleanup/cancelled.ts';
import { cleanUpPreviews } from '../actions/preview-cleanup/cleanup.ts';
import { type GitHubCleanup, GitHubCleanupTasks } from '../actions/preview-cleanup/github-cleanup.ts';
import { lookForUncertain } from '../actions/preview-cleanup/uncertain.ts';
import { skipCleanupOf } from '../actions/skip.ts';
import { ActionError, CancelledError } from '../errors.ts';
import { pullRequestUrlOf, readWorkflowEvent, runUrlOf, type WorkflowEvent } from '../github/event.ts';
import type { Connect, GitHub } from '../github/github.ts';
import { readOtherApiHost } from '../inputs/api-host.ts';
import { hasAccessToken } from '../inputs/deploy.ts';
import { type CleanupInputs, readCleanupInputs } from '../inputs/preview-cleanup.ts';
import { createInputSource } from '../inputs/source.ts';
import type { HttpClient } from '../net/http.ts';
import { createLateHttpClient } from '../net/late-http.ts';
import { timeoutSignal } from '../pause.ts';
import { CleanupReport } from '../report/cleanup-report.ts';
import type { RunContext, Running } from '../run.ts';
import { USER_AGENT } from '../version.ts';
import { createHosting } from './deploying.ts';
import { createConnect } from './github.ts';

/** The wait that GitHub may ask for before it says whether a pull request is closed. */
const ASKING_WAIT_MS = 60_000;
/** After a cancel: a part of the time that is left for telling others. */
const LOOKING_MS = 1000;

/** Puts `preview-cleanup` together: its inputs, its clients, its report. */
export async function createPreviewCleanupRun(context: RunContext): Promise<Running> {
  const { log, redactor, maskSecret, correlationId, signal } = context;
  const event = await readWorkflowEvent();
  const urlOf = (number: number) => (event === undefined ? '' : pullRequestUrlOf(event, number));
  const report = new CleanupReport({ log, redactor, correlationId, pullRequestUrlOf: urlOf });
  let githubCleanup: GitHubCleanup | undefined;
  let http: HttpClient | undefined;
  let lookAgain: (time: AbortSignal) => Promise<void> = async () => {};
  return {
    work: async () => {
      const eventPullRequest = event?.pullRequest?.number;
      const source = createInputSource({ env: process.env, maskSecret, eventPullRequest });
      const skip = event === undefined ? undefined : skipCleanupOf(event, hasAccessToken(source));
      if (skip !== undefined) return report.skipped(skip);
      const { inputs, warnings } = readCleanupInputs(source);
      if (event === undefined) throw outsideOfRunner();
      report.started(inputs);
      report.apiHost(readOtherApiHost(source));
      for (const warning of warnings) report.warn(warning);
      http = createLateHttpClient({ userAgent: USER_AGENT, correlationId, onCall: () => report.networkUsed() });
      const parts = { context, inputs, http, report };
      const hosting = createHosting(parts);
      const { connect, github } = await createGitHub({ inputs, event, report, redactor, signal });
      if (connect !== undefined && !inputs.dryRun) {
        const { environment } = inputs;
        githubCleanup = new GitHubCleanupTasks({ environment, runUrl: runUrlOf(event), connect, reporter: report });
      }
      lookAgain = async (time) => {
        const until = AbortSignal.any([time, timeoutSignal(LOOKING_MS)]);
        const dependencies = {
          hosting: createHosting(parts, until),
          reporter: report,
          githubCleanup,
        };
        await lookForUncertain(report.snapshot().previews, dependencies);
      };
      await cleanUpPreviews(inputs, { hosting, github, event, reporter: report, githubCleanup, signal });
    },
    finish: async (error, time) => {
      const isCancelled = error instanceof CancelledError;
      if (isCancelled) await lookAgain(time);
      report.ended(isCancelled ? cancelledCleanup(report.snapshot().previews, error) : error);
      await githubCleanup?.finish(time);
      await report.finish();
    },
    close: async () => http?.close(),
  };
}

/** Only the runner says which repository the previews are of. */
function outsideOfRunner(): ActionError {
  return new ActionError('GITHUB_REPOSITORY is not set: previews are deleted for a repository.', {
    title: 'Nothing deleted: no repository',
    fix: 'Run this in a GitHub workflow.',
  });
}

interface GitHubOptions {
  inputs: CleanupInputs;
  event: WorkflowEvent;
  report: CleanupReport;
  redactor: RunContext['redactor'];
  signal: AbortSignal;
}

/** The client that asks, and how to make others; neither without a token. */
async function createGitHub({ inputs, event, report, redactor, signal }: GitHubOptions): Promise<{
  github: GitHub | undefined;
  connect: Connect | undefined;
}> {
  const { token } = inputs.github;
  if (token === undefined) {
    report.info('`github-token` is empty: the event alone says what is closed, and GitHub is told nothing.');
    return { github: undefined, connect: undefined };
  }
  // Whoever has to add a permission is not to be sent for another one later.
  const connect = createConnect({
    token,
    writesComments: !inputs.dryRun,
    writesDeployments: true,
    event,
    report,
    redactor,
  });
  return { github: await connect(signal, ASKING_WAIT_MS), connect };
}
