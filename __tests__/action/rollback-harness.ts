/** What the tests of the rollback share: deployments that are there to go back to, and what must not have happened. */
import { expect } from '@jest/globals';
import type { Emulator, EmulatorOptions } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { type GitHubRun, githubPlatform, onGitHub, pullRequestEvent, startOnGitHub } from './github-harness.ts';
import { callsOf, reach, SMALL_BUILD, storefront } from './harness.ts';

export interface Deployed {
  /** Of the bundle. */
  sha256: string;
  deploymentId: number;
  artifactId: number;
  runId: number;
}

type NewRun = NonNullable<Parameters<Emulator['artifacts']['addRun']>[0]>;

/** The variables of a run of its own: of a push to main, unless given otherwise. */
export function newRun(emulator: Emulator, run: NewRun = {}): Record<string, string> {
  const { runId, runtimeToken } = emulator.artifacts.addRun(run);
  return { GITHUB_RUN_ID: String(runId), ACTIONS_RUNTIME_TOKEN: runtimeToken };
}

/** A storefront that nobody has built before. */
export function build(version: string): string {
  return storefront({ ...SMALL_BUILD, 'worker.js': `export default { version: ${JSON.stringify(version)} };\n` });
}

/** Deploys a build of its own with the deploy action; a production one stores its bundle. */
export async function deployVersion(
  emulator: Emulator,
  version: string,
  run: Partial<GitHubRun> = {},
): Promise<Deployed> {
  const { env, ...rest } = run;
  const finished = await onGitHub({
    emulator,
    workspace: build(version),
    ...rest,
    env: { ...(env?.['GITHUB_RUN_ID'] === undefined ? newRun(emulator, runOf(emulator, run)) : {}), ...env },
  });
  return deployedBy(finished);
}

/** What GitHub says of a run that this event started. */
function runOf(emulator: Emulator, { event }: Partial<GitHubRun>): NewRun {
  if (event?.name.startsWith('pull_request') !== true) return { event: event?.name };
  const { number } = event.payload as { number: number };
  const { head } = emulator.github.pullRequests.find((one) => one.number === number) ?? {};
  return { event: event.name, headBranch: head?.ref, headSha: head?.sha, pullRequests: [number] };
}

/** The preview of pull request 7, in a project of its own, with its bundle stored. */
export async function deployPreview(
  emulator: Emulator,
  version: string,
  run: Partial<GitHubRun> = {},
): Promise<Deployed> {
  const project = emulator.projects.find(({ name }) => name === 'previews') ?? emulator.addProject('previews');
  return await deployVersion(emulator, version, {
    event: pullRequestEvent(emulator),
    inputs: { 'upload-artifact': 'true', 'project-uuid': project.uuid },
    ...run,
  });
}

export function deployedBy(run: FinishedRun): Deployed {
  expect(run.outputs).toMatchObject({ outcome: 'deployed' });
  return {
    sha256: run.outputs['bundle-sha256'] ?? '',
    deploymentId: Number(run.outputs['github-deployment-id']),
    artifactId: Number(run.outputs['artifact-id']),
    runId: Number(/runs\/(\d+)/.exec(run.outputs['artifact-url'] ?? '')?.[1]),
  };
}

export type RollbackRun = Partial<GitHubRun> & { emulator: Emulator };

const VARIABLES = { 'environment-variables': 'A=1' };
const DISPATCH = { name: 'workflow_dispatch', payload: { repository: { default_branch: 'main' } } };

/** Only what the step needs: no project, which comes from what is live. */
function rollbackRun({ emulator, inputs, env, ...rest }: RollbackRun): GitHubRun {
  return {
    emulator,
    action: 'rollback',
    event: DISPATCH,
    workspace: storefront({}),
    ...rest,
    inputs: { 'project-uuid': '', ...VARIABLES, ...inputs },
    env: { ...newRun(emulator, { event: 'workflow_dispatch' }), ...env },
  };
}

export function startRollback(run: RollbackRun) {
  return startOnGitHub(rollbackRun(run));
}

export async function rollBack(run: RollbackRun): Promise<FinishedRun> {
  return await startRollback(run).finished;
}

/** The run that a `post` step continues has to be given again. */
export { rollbackRun };

/** A platform with deployments to production, one after the other. */
export async function platformWith(
  versions: readonly string[],
  options: EmulatorOptions = {},
): Promise<{ emulator: Emulator; deployed: Deployed[] }> {
  const emulator = await githubPlatform(options);
  const deployed: Deployed[] = [];
  for (const version of versions) deployed.push(await deployVersion(emulator, version));
  return { emulator, deployed };
}

/** What BigCommerce was last sent. */
export function liveBundle(emulator: Emulator): string | undefined {
  return emulator.uploads.at(-1)?.sha256;
}

/** Runs it, and sees to it that nothing was sent and nothing is shown for it. */
export async function expectNothingDeployed(emulator: Emulator, run: () => Promise<FinishedRun>): Promise<FinishedRun> {
  const [calls, made] = [callsOf(emulator).length, emulator.github.deployments.length];
  const finished = await run();
  const sent = callsOf(emulator)
    .slice(calls)
    .filter((call) => !call.startsWith('github.') && !call.startsWith('artifacts.get'));
  expect({ sent: sent.filter((call) => call !== 'listProjects'), outcome: finished.outputs['outcome'] }).toEqual({
    sent: [],
    outcome: 'error',
  });
  expect(finished.exitCode).toBe(1);
  expect(emulator.github.deployments).toHaveLength(made);
  return finished;
}

export { reach };
