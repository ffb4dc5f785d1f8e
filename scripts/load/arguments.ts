/** The command line of `npm run load`. */
import { parseArgs } from 'node:util';
import { UsageError } from '../../emulator/usage-error.ts';

export const PARTS = ['deployments', 'events', 'history'] as const;
export type Part = (typeof PARTS)[number];

export interface LoadArguments {
  /** All unless some are named. */
  parts: readonly Part[];
  /** The form for CI, which does less of everything. */
  isShort: boolean;
  /** Writes the figures to docs/load.md. */
  save: boolean;
  seed: number;
}

/** @throws {UsageError} that says what cannot be followed */
export function parseLoadArguments(args: readonly string[]): LoadArguments {
  const { values, positionals } = readTexts(args);
  const unknown = positionals.filter((name) => !PARTS.some((part) => part === name));
  if (unknown.length > 0) {
    throw new UsageError(`There is no part "${unknown.join('", "')}". Parts are ${PARTS.join(', ')}.`);
  }
  const { short: isShort, save, seed = '1' } = values;
  if (isShort && save) throw new UsageError('--save takes the figures of the whole load: run it without --short.');
  if (!/^\d{1,9}$/.test(seed)) throw new UsageError(`--seed takes a whole number of up to 9 digits; it is "${seed}".`);
  const chosen = PARTS.filter((part) => positionals.includes(part));
  return { parts: chosen.length > 0 ? chosen : PARTS, isShort, save, seed: Number(seed) };
}

function readTexts(args: readonly string[]) {
  const options = {
    short: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    seed: { type: 'string' },
  } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
