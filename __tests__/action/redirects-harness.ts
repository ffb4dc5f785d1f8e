/** What the tests of `redirects` share: a store with redirects, a workspace with a file, and runs between the two. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Annotation, FinishedRun, StartedRun } from '../../scripts/action-runner.ts';
import type { Emulator, EmulatorOptions } from '../../src/emulator/emulator.ts';
import { isRedirectCall } from '../../src/emulator/redirects/calls.ts';
import type { RedirectJobRecord } from '../../src/emulator/redirects/records.ts';
import { expectRedirectRequestsAsDocumented } from '../bigcommerce/redirects-openapi.ts';
import { type GitHubRun, githubPlatform, startOnGitHub } from './github-harness.ts';
import { onCleanUp, reach, writeWorkspaceFile } from './harness.ts';

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
    // With `site_id`, the platform deletes the whole site, whatever ids stand beside it.
    if (request.call === 'deleteRedirects') expect(Object.keys(request.query)).toEqual(['id:in']);
    if (!request.call.startsWith('github.')) expectNot(JSON.stringify(request.headers), emulator.github.token);
  }
}

function expectNot(text: string, secret: string): void {
  if (text.includes(secret)) throw new Error(`a secret is in: ${text.slice(0, 2000)}`);
}

/** A CSV with its header; each row is a line without its domain: `/old,/new,,`. */
export function csvOf(...rows: readonly string[]): string {
  return [HEADER, ...rows.map((row) => `${DOMAIN},${row}`), ''].join('\n');
}

/** So many good rows: `/old-1` leads to `/new-1`. */
export function manyRows(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `/old-${index + 1},/new-${index + 1},,`);
}

/** A workspace with these files and nothing else. */
export function workspaceWith(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const workspace = mkdtempSync(join(tmpdir(), 'redirects-'));
  onCleanUp(() => rmSync(workspace, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeWorkspaceFile(workspace, name, content);
  return workspace;
}

export type RedirectsRun = GitHubRun & {
  /** The content of `redirects.csv`, where no workspace is given. */
  csv?: string | Uint8Array;
};

/** A push to main unless an event is given; the GitHub token is there, as a runner always has one. */
export function startRedirects({ emulator, csv, inputs, workspace, ...rest }: RedirectsRun): StartedRun {
  const { 'project-uuid': _, ...reaching } = reach(emulator);
  return startOnGitHub({
    emulator,
    action: 'redirects',
    reaching,
    workspace: workspace ?? workspaceWith(csv === undefined ? {} : { [FILE]: csv }),
    inputs: { file: FILE, ...inputs },
    ...rest,
  });
}

/** Longer than a cancelled job may take to end. */
const MAX_CANCEL_MS = 5000;

/** Cancels the job once it has come there; it ends in time, and by itself. */
export async function cancelAt(
  started: StartedRun,
  reached: Promise<unknown>,
  signal: NodeJS.Signals = 'SIGINT',
): Promise<FinishedRun> {
  await reached;
  const cancelledAtMs = performance.now();
  started.kill(signal);
  const run = await started.finished;
  expect(performance.now() - cancelledAtMs).toBeLessThan(MAX_CANCEL_MS);
  expect(run.signal).toBeNull();
  return run;
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

const GREEN: readonly string[] = ['complete', 'planned', 'unchanged', 'skipped'];

/** The run said how it ended everywhere alike, and told no secret. `partial` is red unless it is said to be green. */
export function expectEnd(
  run: FinishedRun,
  outcome: string,
  outputs: Readonly<Record<string, unknown>> = {},
  isGreen = GREEN.includes(outcome),
): void {
  expect({ stderr: run.stderr, exitCode: run.exitCode, outputs: run.outputs, log: run.lines }).toEqual({
    stderr: '',
    exitCode: isGreen ? 0 : 1,
    outputs: expect.objectContaining({ outcome, ...outputs }),
    log: expect.arrayContaining([expect.stringContaining(`Outcome: ${outcome}`)]),
  });
  expect(run.summary).toContain(`<code>${outcome}</code>`);
  if (isGreen) expect(annotationsOf(run, 'error')).toEqual([]);
  else expect(annotationsOf(run, 'error')).not.toEqual([]);
  expectNoSecret(run);
}

/** Whatever the runner was told to mask is nowhere to be read. */
export function expectNoSecret(run: FinishedRun): void {
  for (const mask of run.masks) expectNot(run.everything, mask);
}

export function annotationsOf(run: FinishedRun, level: Annotation['level']): Annotation[] {
  return run.annotations.filter((annotation) => annotation.level === level);
}

/** The last error annotation: the one that is not about a row. */
export function verdictOf(run: FinishedRun): { title: string; message: string } {
  const last = annotationsOf(run, 'error').at(-1);
  if (last === undefined) throw new Error(`no error annotation:\n${run.lines.join('\n')}\n${run.stderr}`);
  return { title: last.title ?? '', message: last.message };
}

/** Calls of BigCommerce, in their order. */
export function storeCallsOf(emulator: Emulator): string[] {
  return emulator.requests.filter(({ call }) => isRedirectCall(call)).map(({ call }) => call);
}

export function jobsOf(emulator: Emulator, kind: RedirectJobRecord['kind']): RedirectJobRecord[] {
  return emulator.redirects.jobs.filter((job) => job.kind === kind);
}

/** What the store has, as `/old → /new`. */
export function keptOf(emulator: Emulator): string[] {
  return emulator.redirects.list.map(
    ({ fromPath, to }) => `${fromPath} → ${to.type === 'url' ? to.url : `${to.type} ${to.entity_id}`}`,
  );
}
