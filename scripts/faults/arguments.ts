import { parseArgs } from 'node:util';

export const USAGE = `npm run faults -- [options]

Runs the actions against the embedded platform, once for each call of each action and each fault that can hit it, and
checks how each run ends.

  --only TEXT      only cells whose name has this in it: "deploy to production/sign", "/503 always"; may be repeated
  --sample N       only so many cells, chosen at random
  --seed S         for --sample: chooses the same cells again (a number)
  --minutes M      begins no cell after so long (10; with --save 180)
  --results FILE   writes each result there as it comes, and does not run again what was good there
  --save           runs all cells, and writes docs/reliability.md
  --check          runs nothing: compares the table in docs/reliability.md with the calls and faults in the code
`;

export interface FaultsArguments {
  only: readonly string[];
  sample: number | undefined;
  seed: number;
  timeMs: number;
  results: string | undefined;
  mode: 'run' | 'save' | 'check';
}

/** @throws Error whose message says what is wrong */
export function parseArguments(args: readonly string[]): FaultsArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true },
      sample: { type: 'string' },
      seed: { type: 'string' },
      minutes: { type: 'string' },
      results: { type: 'string' },
      save: { type: 'boolean' },
      check: { type: 'boolean' },
    },
  });
  const { only = [], save = false, check = false } = values;
  if (save && check) throw new Error('--save and --check exclude each other.');
  if ((save || check) && (only.length > 0 || values.sample !== undefined)) {
    throw new Error('--save and --check are about all cells: leave out --only and --sample.');
  }
  const minutes = readNumber('--minutes', values.minutes) ?? (save ? 180 : 10);
  return {
    only,
    sample: readNumber('--sample', values.sample),
    seed: readNumber('--seed', values.seed) ?? Math.floor(Math.random() * 1_000_000),
    timeMs: minutes * 60_000,
    results: values.results,
    mode: save ? 'save' : check ? 'check' : 'run',
  };
}

function readNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} must be a whole number; it is "${text}".`);
  return Number(text);
}
