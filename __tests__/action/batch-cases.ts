/** Runs of `batch-upload` as the lines of a table: what the service does, and what becomes of the run. */
import { expect } from '@jest/globals';
import type { SitecoreOptions } from '../../emulator/batches/options.ts';
import type { Emulator } from '../../emulator/emulator.ts';
import type { Fault } from '../../emulator/fault-types.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { batchCallsOf, batchPlatform, expectEnd, runBatch } from './batch-harness.ts';
import { annotationsOf } from './run-reading.ts';

/** What a run that meets nothing odd asks for. */
export const ALL_CALLS = ['allocateBatch', 'uploadBatch', 'inspectBatch'];

/** A run that waits for what never comes ends, and says for what. */
export const IN_TIME = { 'timeout-minutes': '2' };

export interface BatchCase {
  faults?: readonly Fault[];
  sitecore?: SitecoreOptions;
  inputs?: Readonly<Record<string, string>>;
  files?: Readonly<Record<string, string | Uint8Array>>;
  outcome: string;
  isGreen?: boolean;
  outputs?: Readonly<Record<string, unknown>>;
  /** In their order, each once in a row. */
  calls?: readonly string[];
  /** Of the verdict: `title: message`. */
  says?: readonly (string | RegExp)[];
  /** As many warnings, which say this. */
  warns?: readonly (string | RegExp)[];
  /** Somewhere in the log. */
  logs?: readonly (string | RegExp)[];
}

/** Carries out a line of the table, and holds against it what came of it. */
export async function expectCase(desired: BatchCase): Promise<{ run: FinishedRun; emulator: Emulator }> {
  const { faults = [], sitecore, inputs, files } = desired;
  const emulator = await batchPlatform({ faults, ...(sitecore && { sitecore }) });
  const run = await runBatch({ emulator, inputs: { ...IN_TIME, ...inputs }, ...(files && { files }) });
  expectCaseEnd(run, desired);
  if (desired.calls !== undefined) expect(batchCallsOf(emulator)).toEqual(desired.calls);
  return { run, emulator };
}

export function expectCaseEnd(run: FinishedRun, desired: BatchCase): void {
  const { outcome, outputs, isGreen, says = [], warns = [], logs = [] } = desired;
  expectEnd(run, outcome, outputs, isGreen);
  const verdict = expectOneVerdict(run);
  for (const text of says) expect(verdict).toEqual(matching(text));
  const warnings = annotationsOf(run, 'warning').filter(({ line }) => line === undefined);
  expect(warnings.map(({ message }) => message)).toEqual(warns.map(matching));
  for (const text of logs) expect(run.lines.join('\n')).toEqual(matching(text));
}

/** Refused records besides, a run that is red has one error, which says what to do. @returns '' for one that is green */
export function expectOneVerdict(run: FinishedRun): string {
  // A rejected record of which nobody knows the line is one all the same.
  const verdicts = annotationsOf(run, 'error').filter(
    ({ line, title }) => line === undefined && title !== 'Record rejected',
  );
  if (run.exitCode === 0) {
    expect(verdicts).toEqual([]);
    return '';
  }
  expect(verdicts.map(({ message }) => message)).toEqual([expect.stringMatching(/\S\nWhat to do: \S/)]);
  const [{ title, message } = { title: '', message: '' }] = verdicts;
  expect(run.summary).toContain('**What to do:**');
  return `${title}: ${message}`;
}

function matching(text: string | RegExp) {
  return text instanceof RegExp ? expect.stringMatching(text) : expect.stringContaining(text);
}
