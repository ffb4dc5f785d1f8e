/** What the kinds of several actions share: builds, storefronts, and runs of the deploy action. */
import type { Emulator } from '../../../emulator/emulator.ts';
import type { FinishedRun, StartedRun } from '../../action-runner.ts';
import { pullRequestEvent, VARIABLES } from '../../demo-platform.ts';
import { DEMO_BUILD_ID } from '../../demo-storefront.ts';
import { writeFiles } from '../../faults/scenarios/files.ts';
import { type Answer, type Answers, buildId, openShop, plain } from '../../shop.ts';
import type { Stage, StageRun } from '../kind.ts';

export const PROJECT = 'demo-storefront';

/** Of a run that somebody started by hand. */
export const DISPATCH = { name: 'workflow_dispatch', payload: { repository: { default_branch: 'main' } } };

/** As `actions/checkout` and a build leave it; each build has an id of its own. */
export function writeBuildOf({ workspace }: Stage, build = 1, more: Readonly<Record<string, string>> = {}): void {
  writeFiles(workspace, {
    '.bigcommerce/dist/worker.js': `export default { fetch: () => new Response("${build}") };\n`,
    '.bigcommerce/dist/assets/BUILD_ID': buildId(build),
    '.bigcommerce/dist/assets/robots.txt': 'User-agent: *\nAllow: /\n',
    ...more,
  });
}

/** Variables of a run of its own, which GitHub knows. */
export function newRun({ artifacts }: Emulator, run: Parameters<Emulator['artifacts']['addRun']>[0] = {}) {
  const { runId, runtimeToken } = artifacts.addRun(run);
  return { GITHUB_RUN_ID: String(runId), ACTIONS_RUNTIME_TOKEN: runtimeToken };
}

/** Little time to verify; any would be ignored, with a warning, where nothing is verified. */
export function verifyTime({ verify }: Readonly<Record<string, string>>): Record<string, string> {
  return verify === 'off' ? {} : { 'verify-timeout-seconds': '1' };
}

/** Deploys the workspace's build to the demo's project; a push to main unless an event is given. */
export function startDeploy(stage: Stage, { inputs = {}, ...rest }: StageRun = {}): StartedRun {
  return stage.start({
    ...rest,
    inputs: { 'project-name': PROJECT, ...verifyTime(inputs), ...VARIABLES, ...inputs },
  });
}

export async function deploy(stage: Stage, options: StageRun = {}): Promise<FinishedRun> {
  return await startDeploy(stage, options).finished;
}

/** For pull request 7, whose project has another name than production's where the kind's platform has it. */
export async function deployPreview(stage: Stage, options: StageRun = {}): Promise<FinishedRun> {
  return await deploy(stage, { event: pullRequestEvent(stage.emulator), ...options });
}

/** A storefront whose pages answer this, at an address as long as a real one. */
export async function openDemoShop(stage: Stage, answers: Answers = () => 200, index = 0): Promise<void> {
  const name = `${stage.emulator.projects[index]?.name}-61bce7f6`;
  await openShop(stage.emulator, answers, { ...stage, name, index });
}

/** The demo's build, which nothing was before. */
export const demoAnswers: Answers = (path, build) =>
  build === 0 ? 404 : path === '/BUILD_ID' ? plain(DEMO_BUILD_ID) : 200;

/** The home page of the first build works, that of later ones does not; `order`: which build each deployment brings. */
export function brokenFrom(build: number, order = [1, 2, 3]): Answers {
  return (path, deployments): Answer => {
    const live = order[deployments - 1] ?? 0;
    if (path === '/BUILD_ID') return plain(buildId(live));
    return live >= build ? 500 : 200;
  };
}

/** Kills the run when this call has come in, as GitHub cancels a job. */
export async function cancelAt(
  stage: Stage,
  started: StartedRun,
  call: Parameters<Emulator['waitForRequest']>[0],
): Promise<FinishedRun> {
  await stage.emulator.waitForRequest(call);
  started.kill('SIGINT');
  return await started.finished;
}

/** Names as long as they may be. */
export const LONG = {
  project: 'a-storefront-of-a-very-long-name',
  branch: 'feature/ACME-12345-a-branch-whose-name-tells-the-whole-story-of-the-change-that-it-makes-in-one-breath',
  environment: 'preview-of-the-european-storefronts-of-the-holding-company-in-the-staging-area',
};
