/** The embedded platform for the demo, and runs of the action as a runner starts them. */
import type { Emulator } from '../emulator/emulator.ts';
import { type FinishedRun, type RunOptions, runAction } from './action-runner.ts';

export const PULL_REQUEST = 7;

/** Variables of the demo's storefront. */
export const VARIABLES = {
  'environment-variables':
    'BIGCOMMERCE_STORE_HASH=demostore\nBIGCOMMERCE_CHANNEL_ID=1\nAUTH_TRUST_HOST=true\nNEXT_PUBLIC_REGION=eu',
  secrets: 'BIGCOMMERCE_STOREFRONT_TOKEN=demo-storefront-token-0123456789\nAUTH_SECRET=demo-auth-secret-0123456789',
};

/** Runs the committed action against the platform, which plays BigCommerce, Sitecore CDP and GitHub. */
export async function runInPlatform(emulator: Emulator, options: RunOptions): Promise<FinishedRun> {
  return await runAction(platformOptions(emulator, options));
}

/** How the committed action is started, so that it finds the platform. */
export function platformOptions(emulator: Emulator, options: RunOptions): RunOptions {
  const { GITHUB_EVENT_NAME: _name, ...github } = emulator.github.environment();
  return {
    githubToken: emulator.github.token,
    event: { name: 'push', payload: {} },
    ...options,
    inputs: { ...accessTo(emulator, options.action), ...options.inputs },
    env: {
      ...github,
      GITHUB_RUN_ID: String(emulator.artifacts.runId),
      ACTIONS_RESULTS_URL: emulator.artifacts.resultsUrl,
      ACTIONS_RUNTIME_TOKEN: emulator.artifacts.runtimeToken,
      RUNNER_DEBUG: '0',
      ...options.env,
    },
  };
}

/** Several runs that share options; each adds its own. */
export function createRuns(emulator: Emulator, common: RunOptions) {
  return async (inputs: RunOptions['inputs'] = {}, options: Pick<RunOptions, 'event'> = {}): Promise<FinishedRun> =>
    await runInPlatform(emulator, { ...common, ...options, inputs: { ...common.inputs, ...inputs } });
}

/** Inputs by which an action reaches the platform; the gate asks GitHub alone. */
function accessTo({ origin, storeHash, accessToken, sitecore }: Emulator, action?: string): Record<string, string> {
  if (action === 'preview-gate') return {};
  return action === 'batch-upload'
    ? { 'base-url': origin, 'client-key': sitecore.clientKey, 'api-token': sitecore.apiToken }
    : { 'api-host': origin, 'store-hash': storeHash, 'access-token': accessToken };
}

/** An event of an open pull request (a push to its branch by default), as far as the actions read it. */
export function pullRequestEvent(
  { github }: Emulator,
  action = 'synchronize',
  number = PULL_REQUEST,
): NonNullable<RunOptions['event']> {
  const found = github.pullRequests.find((one) => one.number === number);
  if (found === undefined) throw new Error(`The embedded platform has no pull request ${number}.`);
  const repositoryOf = (name: string | undefined) => (name === undefined ? null : { full_name: name });
  const pull_request = {
    number,
    state: found.state,
    merged: found.mergedAtMs !== undefined,
    head: { sha: found.head.sha, repo: repositoryOf(found.head.repository) },
    base: { sha: found.base.sha, repo: repositoryOf(github.repository) },
    merge_commit_sha: found.mergeCommitSha,
    // GitHub gives times in whole seconds.
    created_at: new Date(found.createdAtMs).toISOString().replace(/\.\d+Z$/, 'Z'),
  };
  return { name: 'pull_request', payload: { action, number, pull_request } };
}
