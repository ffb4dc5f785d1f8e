/** What the tests of the support bundle share. */
import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import AdmZip from 'adm-zip';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { download, unzipTest } from './artifact-harness.ts';
import type { GitHubRun } from './github-harness.ts';

export const PARTS = [
  'README.txt',
  'timeline.json',
  'deployment-events.jsonl',
  'requests.json',
  'verification.json',
  'worker-logs.jsonl',
  'bundle-files.json',
  'versions.json',
] as const;

export type Parts = Record<(typeof PARTS)[number], string>;

/** Inputs of a run that makes a support bundle when it fails. */
export const ON_FAILURE = { diagnostics: 'on-failure' };

export function withDiagnostics<R extends Partial<GitHubRun>>(run: R): R {
  return { ...run, inputs: { ...ON_FAILURE, ...run.inputs } };
}

/** The finished artifacts that are support bundles. */
export function storedBundles(emulator: Emulator) {
  return emulator.artifacts.list.filter(({ name, finalized }) => finalized && name.includes('-diagnostics-attempt-'));
}

/** The files of a support bundle, which any reader of zips can read. */
export function readParts(path: string): Parts {
  expect(unzipTest(path) ?? 'No errors detected').toContain('No errors detected');
  const entries = new AdmZip(readFileSync(path)).getEntries();
  expect(entries.map(({ entryName }) => entryName)).toEqual([...PARTS]);
  return Object.fromEntries(entries.map((entry) => [entry.entryName, entry.getData().toString('utf8')])) as Parts;
}

/** Those of the one that is stored as an artifact, as a later job downloads it. */
export async function storedParts(emulator: Emulator): Promise<Parts> {
  const stored = storedBundles(emulator);
  expect(stored).toHaveLength(1);
  const { path } = await download(emulator, String(stored[0]?.id));
  return readParts(path);
}

export function lines(jsonl: string): unknown[] {
  return jsonl
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** The failure's annotation, the summary and the outputs name the support bundle, and where it is. */
export function expectNamed(run: FinishedRun, emulator: Emulator): void {
  const [stored] = storedBundles(emulator);
  const url = `https://github.com/acme/storefront/actions/runs/${emulator.artifacts.runId}/artifacts/${stored?.id}`;
  const errors = run.annotations.filter(({ level }) => level === 'error');
  expect(errors.map(({ message }) => message)).toEqual([
    expect.stringContaining(`\nSupport bundle: ${stored?.name}, ${url}`),
  ]);
  expect(run.summary).toContain(`<a href="${url}">${stored?.name}</a>`);
  expect(run.outputs).toMatchObject({ 'diagnostics-url': url });
}
