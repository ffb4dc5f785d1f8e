/** Shared by the whole-process tests of verification: a storefront that answers what a test wants, written by hand. */
import type { RequestListener } from 'node:http';
import type { Emulator, EmulatorOptions } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { type Answers, buildId, HEALTHY_PAGE, listen as listenUntil, openShop, type Shop } from '../../scripts/shop.ts';
import { type GitHubRun, githubPlatform, startOnGitHub } from './github-harness.ts';
import { onCleanUp, SMALL_BUILD, storefront } from './harness.ts';

/** A page whose failed part React has marked. */
export const BROKEN_PAGE = HEALTHY_PAGE.replace(
  'Welcome',
  '<!--$!--><template data-dgst="1742093158"></template><p>Loading</p><!--/$-->',
);

/** Closed after the test. */
export async function shopFor(emulator: Emulator, answers: Answers, name = 'shop', index = 0): Promise<Shop> {
  return await openShop(emulator, answers, { name, index, onCleanUp });
}

/** @returns the port on 127.0.0.1; closed after the test */
export async function listen(listener: RequestListener): Promise<number> {
  return await listenUntil(listener, onCleanUp);
}

/** The build that a shop of this file knows as the nth. */
export function nthBuild(build: number, files: Readonly<Record<string, string>> = {}): string {
  return storefront({
    ...SMALL_BUILD,
    'worker.js': `export default { version: ${build} };\n`,
    'assets/BUILD_ID': buildId(build),
    ...files,
  });
}

export { type Answer, type Answers, buildId, HEALTHY_PAGE, plain, redirect, type Shop } from '../../scripts/shop.ts';

export interface Verified {
  emulator: Emulator;
  shop: Shop;
}

/** A platform whose first project has a storefront. */
export async function verifiedPlatform(answers: Answers, options: EmulatorOptions = {}): Promise<Verified> {
  const emulator = await githubPlatform(options);
  return { emulator, shop: await shopFor(emulator, answers) };
}

export function startVerified({ emulator, inputs, workspace = nthBuild(1), ...rest }: GitHubRun) {
  return startOnGitHub({
    emulator,
    workspace,
    ...rest,
    inputs: { verify: 'auto', 'verify-timeout-seconds': '3', ...inputs },
  });
}

/** Deploys the first build, and verifies it. */
export async function deployVerified(run: GitHubRun): Promise<FinishedRun> {
  return await startVerified(run).finished;
}

/** The last GitHub deployment's statuses, the oldest first. */
export function lastStatuses(emulator: Emulator) {
  return emulator.github.deployments.at(-1)?.statuses ?? [];
}
