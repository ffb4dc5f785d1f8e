import { cancelledCleanup } from '../actions/preview-cleanup/cancelled.ts';
import { cleanUpPreviews } from '../actions/preview-cleanup/cleanup.ts';
import { checkUncertain, type UncertainPreviews } from '../actions/preview-cleanup/delete-preview.ts';
import { GitHubCleanup } from '../actions/preview-cleanup/github-cleanup.ts';
import { skipCleanupOf } from '../actions/skip.ts';
import { ActionError, CancelledError } from '../errors.ts';
import { pullRequestUrlOf, readWorkflowEvent, runUrlOf, type WorkflowEvent } from '../github/event.ts';
import type { Connect, GitHub } from '../github/github.ts';
import { readOtherApiHost } from '../inputs/api-host.ts';
import { hasAccessToken } from '../inputs/credentials.ts';
import { type CleanupInputs, readCleanupInputs } from '../inputs/preview-cleanup.ts';
import { createInputSource } from '../inputs/source.ts';
import type { HttpClient } from '../net/http.ts';
import { timeoutSignal } from '../pause.ts';
import { createCleanupReport } from '../report/cleanup-report.ts';
import type { CommonRun } from '../report/run-events.ts';
import { INPUT_WARNING } from '../report/run-events.ts';
import type { RunContext, Running } from '../run-context.ts';
import { createHosting } from './deploying.ts';
import { createConnect } from './github.ts';
import { introduce } from './introduce.ts';
import { createPlatformHttp } from './platform-http.ts';

/** The wait that GitHub may ask for before it says whether a pull request is closed. */
const ASKING_WAIT_MS = 60_000;
/** After a cancel: a part of the time that is left for reporting. */
const CHECKING_MS = 1000;

/** Puts `preview-cleanup` together: its inputs, its clients, its report. */
export async function createPreviewCleanupRun(context: RunContext): Promise<Running> {
  const { redactor, maskSecret, correlationId, signal } = context;
  const event = await readWorkflowEvent();
  const urlOf = (number: number) => (event === undefined ? '' : pullRequestUrlOf(event, number));
  const run = context.begin(createCleanupReport(urlOf));
  const uncertain: UncertainPreviews = new Map();
  let githubCleanup: GitHubCleanup | undefined;
  let http: HttpClient | undefined;
  let checkAgain: (time: AbortSignal) => Promise<void> = async () => {};
  return {
    work: async () => {
      const eventPullRequest = event?.pullRequest?.number;
      const source = createInputSource({ env: process.env, maskSecret, eventPullRequest });
      introduce('preview-cleanup', { run, source, event });
      const skip = event === undefined ? undefined : skipCleanupOf(event, hasAccessToken(source));
      if (skip !== undefined) return run.emit({ type: 'skipped', title: 'Cleanup skipped', ...skip });
      const { inputs, warnings } = readCleanupInputs(source);
      if (event === undefined) throw outsideOfRunner();
      run.emit({ type: 'started', dryRun: inputs.dryRun });
      run.emit({ type: 'api-host-found', other: readOtherApiHost(source) });
      for (const warning of warnings) run.warn(warning, INPUT_WARNING);
      http = createPlatformHttp(run, correlationId);
      const parts = { context, inputs, http, report: run };
      const hosting = createHosting(parts);
      const { connect, github } = await createGitHub({ inputs, event, run, redactor, signal });
      if (connect !== undefined && !inputs.dryRun) {
        const { storeHash, environment, github: shown } = inputs;
        const { commentGroup } = shown;
        const runUrl = runUrlOf(event);
        githubCleanup = new GitHubCleanup({ storeHash, environment, commentGroup, runUrl, connect, run });
      }
      checkAgain = async (time) => {
        const until = AbortSignal.any([time, timeoutSignal(CHECKING_MS)]);
        await checkUncertain(uncertain, { hosting: createHosting(parts, until), run, githubCleanup });
      };
      await cleanUpPreviews(inputs, { hosting, github, event, run, uncertain, githubCleanup, signal });
    },
    finish: async (error, time) => {
      if (error instanceof CancelledError) await checkAgain(time);
      run.end(error, (failure, { previews }) =>
        failure instanceof CancelledError ? cancelledCleanup(previews, failure) : failure,
      );
      await githubCleanup?.finish(time);
      await run.finish();
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
  run: CommonRun;
  redactor: RunContext['redactor'];
  signal: AbortSignal;
}

/** The client that asks, and how to make others; neither without a token. */
async function createGitHub({ inputs, event, run, redactor, signal }: GitHubOptions): Promise<{
  github: GitHub | undefined;
  connect: Connect | undefined;
}> {
  const { token } = inputs.github;
  if (token === undefined) {
    run.info('`github-token` is empty: the event alone says what is closed, and nothing is changed on GitHub.');
    return { github: undefined, connect: undefined };
  }
  // All permissions that the run needs are named at once.
  const connect = createConnect({
    token,
    writesComments: !inputs.dryRun,
    writesDeployments: true,
    event,
    report: run,
    redactor,
  });
  return { github: await connect(signal, ASKING_WAIT_MS), connect };
}
