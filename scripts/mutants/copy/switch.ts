/**
 * The switch of the mutants, in the copy of the sources as src/mutant-switch.ts. Which one is on stands in a file, not in
 * the environment: the tests start processes with an environment of their own.
 */
import { appendFileSync, readFileSync } from 'node:fs';

/** Replaced when the copy is made. */
const FOLDER = 'FOLDER_OF_THE_COPY';

/** The mutant's number; 'record' notes which ones a test file reaches; 'none'. */
const SETTING = readFileSync(`${FOLDER}/mutant`, 'utf8');
const IS_RECORDING = SETTING === 'record';
const ACTIVE = Number(SETTING);
const HITS = IS_RECORDING ? `${FOLDER}/hits/${readFileSync(`${FOLDER}/test`, 'utf8')}` : '';
const seen = new Set<number>();

/** Whether the mutant is on. */
export function on(id: number): boolean {
  if (IS_RECORDING) record(id);
  return id === ACTIVE;
}

/** At once, since a process may be killed. */
function record(id: number): void {
  if (seen.has(id)) return;
  seen.add(id);
  appendFileSync(HITS, `${id}\n`);
}

type Compare = (a: never, b: never, first: number, second: number) => boolean;

export const compare: Readonly<Record<string, Compare>> = {
  '===': (a, b, id) => on(id) !== (a === b),
  '!==': (a, b, id) => on(id) !== (a !== b),
  '<': (a, b, edge, other) => (on(edge) ? a <= b : on(other) ? a >= b : a < b),
  '<=': (a, b, edge, other) => (on(edge) ? a < b : on(other) ? a > b : a <= b),
  '>': (a, b, edge, other) => (on(edge) ? a >= b : on(other) ? a <= b : a > b),
  '>=': (a, b, edge, other) => (on(edge) ? a > b : on(other) ? a < b : a >= b),
};

export const calculate: Readonly<Record<string, (a: number, b: number, id: number) => number>> = {
  '+': (a, b, id) => (on(id) ? a - b : a + b),
  '-': (a, b, id) => (on(id) ? a + b : a - b),
  '*': (a, b, id) => (on(id) ? a / b : a * b),
  '/': (a, b, id) => (on(id) ? a * b : a / b),
  '%': (a, b, id) => (on(id) ? a * b : a % b),
  '**': (a, b, id) => (on(id) ? a * b : a ** b),
};

/** The value; throws as `a.b` does for none when the mutant is on. */
export function present<T>(value: T, id: number): T {
  if (on(id) && (value === undefined || value === null)) {
    throw new TypeError(`Cannot read properties of ${value === null ? 'null' : 'undefined'}`);
  }
  return value;
}
