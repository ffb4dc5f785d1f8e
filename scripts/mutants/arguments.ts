/** The command line of `npm run mutants`. */
import { parseArgs } from 'node:util';
import { UsageError } from '../../emulator/usage-error.ts';

export const USAGE = `npm run mutants -- [options]

Breaks src/ in small ways, one at a time and in copies, and says which ones no test notices.

  --count N     how many mutants (100)
  --seed N      chooses them (1): the same seed, the same mutants
  --only FILE   of this file alone, or of those in this folder
  --tests PART  only by the test files with this in their paths
  --minutes N   ends by itself after so long (60); the next run goes on where this one ended
  --heavy       also tries test:heavy on those that npm test does not notice
  --fresh       forgets what earlier runs have found
  --save        writes the results to docs/mutants.md
  --check       only checks that the list of equivalent mutants fits src/`;

export interface MutantsArguments {
  count: number;
  seed: number;
  only: string | undefined;
  tests: string | undefined;
  minutes: number;
  heavy: boolean;
  fresh: boolean;
  save: boolean;
  check: boolean;
}

/** @throws {UsageError} that says what cannot be followed */
export function parseArguments(args: readonly string[]): MutantsArguments {
  const { count, seed, minutes, only, tests, ...flags } = readOptions(args);
  if (flags.save && (only !== undefined || tests !== undefined)) {
    throw new UsageError(`--save is for a sample of all src/ by all tests, not for --only or --tests.\n\n${USAGE}`);
  }
  return {
    count: parseWhole('count', count, 1),
    seed: parseWhole('seed', seed, 0),
    minutes: parseWhole('minutes', minutes, 1),
    only: only?.replace(/\/$/, ''),
    tests,
    ...flags,
  };
}

function readOptions(args: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        count: { type: 'string', default: '100' },
        seed: { type: 'string', default: '1' },
        minutes: { type: 'string', default: '60' },
        only: { type: 'string' },
        tests: { type: 'string' },
        heavy: flag,
        fresh: flag,
        save: flag,
        check: flag,
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`, { cause: error });
  }
}

function parseWhole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new UsageError(`--${name} takes a whole number of ${least} or more, not "${text}".\n\n${USAGE}`);
}
