/** What the tests of `redirects` share: a store with redirects, a workspace with a file, and runs between the two. */
import { expect } from '@jest/globals';
import type { Emulator, EmulatorOptions } from '../../emulator/emulator.ts';
import { isCallOf } from '../../emulator/service.ts';
import { redirects } from '../../emulator/services/redirects/index.ts';
import type { RedirectJobRecord } from '../../emulator/services/redirects/records.ts';
import type { FinishedRun, StartedRun } from '../../scripts/action-runner.ts';
import { expectRedirectRequestsAsDocumented } from '../bigcommerce/redirects-openapi.ts';
import { type GitHubRun, githubPlatform, startOnGitHub } from './github-harness.ts';
import { access, onCleanUp, workspaceWith } from './harness.ts';
import { expectNot } from './run-reading.ts';

export { workspaceWith } from './harness.ts';
export { annotationsOf, cancelAt, expectEnd, expectNoSecret, verdictOf } from './run-reading.ts';

export const HEADER = 'Domain,Old Path,Manual URL/Path,Dynamic Target Type,Dynamic Target ID';
export const DOMAIN = 'store.example.com';
/** The id of the site with that domain. */
export const SITE_ID = 1000;
export const FILE = 'redirects.csv';

/** A platform whose requests are held against the vendor's description, and against our rules, when the test is over. */
export async function redirectsPlatform(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await githubPlatform(options);
  onCleanUp(async () => await expectGoodRequests(emulator));
  return emulator;
}

async function expectGoodRequests(emulator: Emulator): Promise<void> {
  expect(emulator.violations).toEqual([]);
  if (storeCallsOf(emulator).length > 0) await expectRedirectRequestsAsDocumented(emulator);
  for (const request of emulator.requests) {
    // With `site_id`, the platform deletes the whole site, whatever ids come with it.
    if (request.call === 'deleteRedirects') expect(Object.keys(request.query)).toEqual(['id:in']);
    if (!request.call.startsWith('github.')) expectNot(JSON.stringify(request.headers), emulator.github.token);
  }
}

/** A CSV with its header; each row is a line without its domain: `/old,/new,,`. */
export function csvOf(...rows: readonly string[]): string {
  return [HEADER, ...rows.map((row) => `${DOMAIN},${row}`), ''].join('\n');
}

/** So many good rows: `/old-1` leads to `/new-1`. */
export function manyRows(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `/old-${index + 1},/new-${index + 1},,`);
}

export type RedirectsRun = GitHubRun & {
  /** The content of `redirects.csv`, where no workspace is given. */
  csv?: string | Uint8Array;
};

/** A push to main unless an event is given; the GitHub token is there, as a runner always has one. */
export function startRedirects({ emulator, csv, inputs, workspace, ...rest }: RedirectsRun): StartedRun {
  return startOnGitHub({
    emulator,
    action: 'redirects',
    reaching: access(emulator),
    workspace: workspace ?? workspaceWith(csv === undefined ? {} : { [FILE]: csv }),
    inputs: { file: FILE, ...inputs },
    ...rest,
  });
}

export function startImport(run: RedirectsRun): StartedRun {
  return startRedirects({ ...run, inputs: { command: 'import', ...run.inputs } });
}

export async function runImport(run: RedirectsRun): Promise<FinishedRun> {
  return await startImport(run).finished;
}

export function startExport(run: RedirectsRun): StartedRun {
  return startRedirects({ ...run, inputs: { command: 'export', ...run.inputs } });
}

export async function runExport(run: RedirectsRun): Promise<FinishedRun> {
  return await startExport(run).finished;
}

/** Calls of BigCommerce, in their order. */
export function storeCallsOf(emulator: Emulator): string[] {
  return emulator.requests.filter(({ call }) => isCallOf(redirects, call)).map(({ call }) => call);
}

export function jobsOf(emulator: Emulator, kind: RedirectJobRecord['kind']): RedirectJobRecord[] {
  return emulator.redirects.jobs.filter((job) => job.kind === kind);
}

/** What the store has, as `/old → /new`. */
export function storedRedirects(emulator: Emulator): string[] {
  return emulator.redirects.list.map(
    ({ fromPath, to }) => `${fromPath} → ${to.type === 'url' ? to.url : `${to.type} ${to.entity_id}`}`,
  );
}
