/** The command line of `npm run e2e`. */
import { parseArgs } from 'node:util';
import { UsageError } from '../../emulator/usage-error.ts';
import type { Case } from './case.ts';

export const HELP = `Runs workflows through a real runner, act, against the embedded platform. act is built with Go, once, into a cache.

Usage: npm run e2e -- [options]

  --only TEXT     the cases with this in their names; may be given more than once
  --at-once N     so many cases at a time (one for each processor, at most 4)
  --list          the names of the cases
  --help          this text

Environment: E2E_CACHE, the folder of the cache (one of the system's temporary folder).
`;

export interface E2eArguments {
  cases: readonly Case[];
  atOnce: number | undefined;
}

/** @throws {UsageError} that says what cannot be followed */
export function parseE2eArguments(args: readonly string[], all: readonly Case[]): E2eArguments | 'help' | 'list' {
  const { only = [], 'at-once': atOnce, help, list } = readTexts(args);
  if (help === true) return 'help';
  if (list === true) return 'list';
  if (atOnce !== undefined && !/^[1-9]\d?$/.test(atOnce)) {
    throw new UsageError(`--at-once must be a whole number from 1 to 99; it is '${atOnce}'`);
  }
  const unknown = only.find((text) => !all.some(({ name }) => name.includes(text)));
  if (unknown !== undefined) throw new UsageError(`No case has '${unknown}' in its name; --list names them`);
  const cases = only.length === 0 ? all : all.filter(({ name }) => only.some((text) => name.includes(text)));
  return { cases, atOnce: atOnce === undefined ? undefined : Number(atOnce) };
}

function readTexts(args: readonly string[]) {
  const options = {
    only: { type: 'string', multiple: true },
    'at-once': { type: 'string' },
    help: { type: 'boolean', short: 'h' },
    list: { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
