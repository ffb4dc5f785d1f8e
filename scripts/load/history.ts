/** Actions on a store and a repository with much in them: the right things happen, with few requests, in little time. */
import type { Emulator } from '../../emulator/emulator.ts';
import { startEmulator } from '../../emulator/server.ts';
import type { FinishedRun, RunOptions } from '../action-runner.ts';
import type { Finding } from '../bench/results.ts';
import { pullRequestEvent } from '../demo-platform.ts';
import type { LoadContext, LoadResult } from './context.ts';
import { addFailures, DISCUSSED, type FullHistory, fillHistory } from './full-history.ts';
import { createWorkspace, PLAIN, removeWorkspace, runInTime, tailOf } from './runs.ts';

const BOUND_SECONDS = 60;
const FAILURES = 100;
const ISOLATED = { ...PLAIN, preview: 'isolated' };
const SHARED_PULL_REQUEST = 20;

interface Stage extends FullHistory {
  emulator: Emulator;
  closedPreviews: number;
  workspace: ReturnType<typeof createWorkspace>;
  /** SHA-256 of bundles, by the name of the step that deployed them. */
  bundles: Map<string, string | undefined>;
}

interface Step {
  name: string;
  options: (stage: Stage) => Omit<RunOptions, 'workspace'>;
  outcome: string;
  maxRequests: number;
  /** What is wrong afterwards. */
  check: (stage: Stage, run: FinishedRun) => string | undefined;
  before?: (stage: Stage) => void;
}

export async function loadHistory(context: LoadContext): Promise<LoadResult> {
  const closedPreviews = context.isShort ? 20 : 100;
  const emulator = await startEmulator({ stepMs: 2, projects: ['storefront'], projectLimit: 400 });
  const workspace = createWorkspace();
  try {
    const stage: Stage = {
      emulator,
      workspace,
      closedPreviews,
      bundles: new Map(),
      ...fillHistory(emulator, closedPreviews),
    };
    const findings: Finding[] = [];
    const problems: string[] = [];
    for (const step of STEPS) {
      const { finding, problem } = await take(step, stage, context);
      findings.push(...finding);
      if (problem !== undefined) problems.push(`${step.name}: ${problem}`);
    }
    return { findings, problems };
  } finally {
    removeWorkspace(workspace);
    await emulator.close();
  }
}

async function take(step: Step, stage: Stage, context: LoadContext) {
  const { emulator, workspace, bundles } = stage;
  step.before?.(stage);
  workspace.build(step.name);
  const before = emulator.requests.length;
  const { runId, runtimeToken } = emulator.artifacts.addRun();
  const options = step.options(stage);
  const env = { GITHUB_RUN_ID: String(runId), ACTIONS_RUNTIME_TOKEN: runtimeToken, ...options.env };
  const run = await runInTime(emulator, { ...options, env, workspace: workspace.path }, context.signal);
  bundles.set(step.name, run.outputs['bundle-sha256']);
  const requests = emulator.requests.length - before;
  const problem = findProblem(step, stage, run);
  if (problem !== undefined) tailOf(run, context);
  const finding: Finding[] = [
    { goal: `${step.name}: requests`, measured: requests, unit: 'count', limit: step.maxRequests },
    { goal: `${step.name}: time`, measured: run.durationMs / 1000, unit: 's', limit: BOUND_SECONDS },
  ];
  return { finding, problem };
}

function findProblem({ outcome, check }: Step, stage: Stage, run: FinishedRun): string | undefined {
  const ended = run.outputs['outcome'];
  if (ended !== outcome || run.exitCode !== 0 || run.stderr !== '') {
    return `outcome "${ended}", exit code ${run.exitCode}, stderr "${run.stderr.slice(0, 200)}"`;
  }
  const warnings = run.annotations.filter(({ level }) => level === 'warning').map(({ message }) => message);
  if (warnings.length > 0) return `warnings: ${warnings.join(' | ')}`;
  return check(stage, run);
}

function liveBundle({ emulator }: Stage): string | undefined {
  return emulator.uploads.at(-1)?.sha256;
}

function ownComments({ emulator: { github } }: Stage, pullRequest: number) {
  return github.comments.filter(({ issueNumber, user }) => issueNumber === pullRequest && user.login === github.login);
}

function isLive(stage: Stage, { outputs }: FinishedRun): string | undefined {
  return liveBundle(stage) === outputs['bundle-sha256'] ? undefined : 'its bundle is not the one that was uploaded';
}

function hasOneComment(pullRequest: number) {
  return (stage: Stage, run: FinishedRun): string | undefined => {
    const { length } = ownComments(stage, pullRequest);
    return length === 1 ? isLive(stage, run) : `pull request ${pullRequest} has ${length} comments of the action`;
  };
}

const PRODUCTION = { inputs: { ...PLAIN, 'project-name': 'storefront' } };

const STEPS: readonly Step[] = [
  {
    name: 'deploy to production',
    options: () => PRODUCTION,
    outcome: 'deployed',
    maxRequests: 30,
    check: isLive,
  },
  {
    name: 'deploy again',
    options: () => PRODUCTION,
    outcome: 'deployed',
    maxRequests: 30,
    check: isLive,
  },
  {
    name: `roll back past ${FAILURES} failures`,
    before: ({ emulator, production }) => addFailures(emulator, production, FAILURES),
    options: () => ({
      action: 'rollback',
      event: { name: 'workflow_dispatch', payload: { repository: { default_branch: 'main' } } },
      inputs: { ...PLAIN, 'project-name': 'storefront', 'environment-variables': 'A=1' },
    }),
    outcome: 'deployed',
    // Their states are read to find what to go back to, and again to find what that replaces.
    maxRequests: 2 * FAILURES + 60,
    check: (stage) =>
      liveBundle(stage) === stage.bundles.get('deploy to production') ? undefined : 'another bundle is live',
  },
  ...['first', 'second'].map(
    (time): Step => ({
      name: `isolated preview, ${DISCUSSED.comments} comments, ${time} push`,
      options: ({ emulator }) => ({
        event: pullRequestEvent(emulator, 'synchronize', DISCUSSED.pullRequest),
        inputs: ISOLATED,
      }),
      outcome: 'deployed',
      maxRequests: 60,
      check: hasOneComment(DISCUSSED.pullRequest),
    }),
  ),
  {
    name: 'shared preview',
    options: ({ emulator, production }) => ({
      event: pullRequestEvent(emulator, 'synchronize', SHARED_PULL_REQUEST),
      inputs: { ...PLAIN, preview: 'shared', 'project-uuid': production.uuid },
    }),
    outcome: 'deployed',
    maxRequests: 120,
    check: hasOneComment(SHARED_PULL_REQUEST),
  },
  {
    name: 'clean up a closed pull request',
    before: ({ emulator: { github } }) => {
      github.addPullRequest({ number: DISCUSSED.pullRequest, state: 'closed' });
    },
    options: ({ emulator }) => ({
      action: 'preview-cleanup',
      event: pullRequestEvent(emulator, 'closed', DISCUSSED.pullRequest),
    }),
    outcome: 'deleted',
    maxRequests: 80,
    check: ({ emulator }) =>
      emulator.projects.some(({ name }) => name.endsWith(`-pr-${DISCUSSED.pullRequest}`))
        ? 'it is there'
        : findShown(emulator, (number) => number === DISCUSSED.pullRequest),
  },
  {
    name: 'sweep',
    options: () => ({ action: 'preview-cleanup', event: { name: 'schedule', payload: {} } }),
    outcome: 'deleted',
    maxRequests: 1600,
    check: checkSweep,
  },
];

/** Exactly the previews of closed pull requests are gone. */
function checkSweep({ emulator, previews, closedPreviews }: Stage, { outputs }: FinishedRun): string | undefined {
  const { pullRequests } = emulator.github;
  const isOpen = (number: number) => pullRequests.find((one) => one.number === number)?.state === 'open';
  const wrong = [...previews].filter(([number, project]) => emulator.projects.includes(project) !== isOpen(number));
  if (wrong.length > 0) return `wrong for pull requests ${wrong.map(([number]) => number).join(', ')}`;
  const { 'deleted-count': deleted } = outputs;
  if (deleted !== String(closedPreviews)) return `it says ${deleted} deleted, of ${closedPreviews}`;
  return findShown(emulator, (number) => !isOpen(number));
}

/** Whether GitHub still shows a preview of a closed pull request as live. */
function findShown({ github }: Emulator, isClosed: (pullRequest: number) => boolean): string | undefined {
  const shown = github.deployments.filter(({ state, payload }) => {
    const { pull_request: number } = { pull_request: undefined, ...(payload as { pull_request?: unknown }) };
    return state === 'success' && typeof number === 'number' && isClosed(number);
  });
  return shown.length === 0 ? undefined : `${shown.length} deployments of it are still shown as live`;
}
