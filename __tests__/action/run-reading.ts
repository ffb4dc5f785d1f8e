/** What the whole-process tests of several actions read from a run, and check in it. */
import { expect } from '@jest/globals';
import type { Annotation, FinishedRun, StartedRun } from '../../scripts/action-runner.ts';

/** Longer than a cancelled job may take to end. */
const MAX_CANCEL_MS = 5000;

/** Cancels the job once it has reached that point; it ends in time, and by itself. */
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

/** Outcomes of `redirects` and `batch-upload`. */
const GREEN: readonly string[] = ['complete', 'planned', 'unchanged', 'skipped', 'success', 'dry-run'];

/** Of runs that had nothing to do: the summary has two lines, and the word is in neither. */
const HEADINGS: ReadonlyMap<string, RegExp> = new Map([
  ['unchanged', /^## ✅ (?:Redirects of .*: nothing to change|Nothing to import)\n/],
  ['skipped', /^## ⏭️ Skipped\n/],
]);

/** The run reported the same end everywhere, and no secret. `partial` is red unless it may be green. */
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
  expect(run.summary).toMatch(HEADINGS.get(outcome) ?? new RegExp(`<code>${outcome}</code>`));
  if (isGreen) expect(annotationsOf(run, 'error')).toEqual([]);
  else expect(annotationsOf(run, 'error')).not.toEqual([]);
  expectNoSecret(run);
}

/** No text that the runner masks can be read anywhere. */
export function expectNoSecret(run: FinishedRun): void {
  for (const mask of run.masks) expectNot(run.everything, mask);
}

export function expectNot(text: string, secret: string): void {
  if (text.includes(secret)) throw new Error(`a secret is in: ${text.slice(0, 2000)}`);
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
