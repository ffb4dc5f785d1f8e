/**
 * Breaks src/ in small ways and runs the tests: `npm run mutants` (docs/mutants.md). All mutants are in one build, each
 * behind a switch; a mutant meets only the tests that reach it, in copies of the repository.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../emulator/usage-error.ts';
import { ROOT } from '../build.ts';
import { type MutantsArguments, parseArguments } from './arguments.ts';
import { type Cache, openCache } from './cache.ts';
import { instrumentAll, makeCopies, testFilesOf } from './copies.ts';
import { EQUIVALENTS } from './equivalents.ts';
import { judge, knownVerdict } from './judge.ts';
import type { Instrumented, Mutant } from './mutant.ts';
import { sampleMutants } from './random.ts';
import { recordTests } from './record.ts';
import {
  GOAL,
  type Judged,
  renderDocument,
  renderJudged,
  renderSums,
  renderUnused,
  type SavedRun,
  sumUp,
} from './report.ts';

const DOCUMENT = join(ROOT, 'docs/mutants.md');
/** More at once, and tests that wait for each other's processes fail. */
const MAX_COPIES = 4;
const MS_PER_MINUTE = 60_000;

/** @returns the exit code */
async function main(args: MutantsArguments): Promise<number> {
  const instrumented = instrumentAll();
  const { mutants } = instrumented;
  const stale = staleEquivalents(mutants);
  for (const key of stale)
    console.log(`No mutant of src/ has this key of scripts/mutants/equivalents.ts any more: ${key}`);
  if (args.check || stale.length > 0) {
    console.log(`${EQUIVALENTS.size} equivalent mutants are listed, ${stale.length} of them are out of date.`);
    return stale.length === 0 ? 0 : 1;
  }
  const chosen = sampleMutants(
    mutants.filter(({ file }) => isIn(file, args.only)),
    args.count,
    args.seed,
  );
  console.log(
    `Seed ${args.seed}: ${chosen.length} of ${mutants.length} mutants; ends after ${args.minutes} minutes at most`,
  );
  const { judged, unused } = await judgeAll(args, chosen, instrumented);
  const sums = sumUp(judged);
  if (judged.length > 0) console.log(renderSums(sums));
  if (unused.length > 0) console.log(renderUnused(unused));
  if (judged.length < chosen.length) {
    console.log(`${chosen.length - judged.length} are left: run the same command again to go on.`);
    return 1;
  }
  if (args.save) save(args, { judged, unused, total: mutants.length });
  return sums.share >= GOAL ? 0 : 1;
}

/** Keys of the list that fit no mutant. */
export function staleEquivalents(mutants: readonly Mutant[]): string[] {
  const keys = new Set(mutants.map(({ key }) => key));
  return [...EQUIVALENTS.keys()].filter((key) => !keys.has(key));
}

function isIn(file: string, place: string | undefined): boolean {
  return place === undefined || file === place || file.startsWith(`${place}/`);
}

/** @returns those that were judged before the time was over, in their order, and the test files that could not be used */
async function judgeAll(
  args: MutantsArguments,
  chosen: readonly Mutant[],
  instrumented: Instrumented,
): Promise<Pick<SavedRun, 'judged' | 'unused'>> {
  const folder = mkdtempSync(join(tmpdir(), 'catalyst-deploy-action-copies-'));
  const ending = endsAfter(args.minutes * MS_PER_MINUTE);
  try {
    const copies = makeCopies(folder, Math.min(availableParallelism(), MAX_COPIES), instrumented.sources);
    const tree = join(copies[0] ?? '', 'tree');
    const isUsed = (test: string) => isUseful(test, args.heavy) && test.includes(args.tests ?? '');
    const cache = openCache(instrumented, tree, { isFresh: args.fresh, isUsed });
    await recordTests(testFilesOf(tree).filter(isUsed), copies, cache, ending.signal);
    const judged = await judgeIn(copies, args, chosen, cache, ending.signal);
    const failed = [...cache.tests.values()].filter(({ failure }) => failure !== undefined);
    return { judged, unused: failed.map(({ test }) => test) };
  } catch (error) {
    if (!ending.signal.aborted) throw error;
    return { judged: [], unused: [] };
  } finally {
    ending.clear();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tests of scripts, and of what is in no copy, say nothing about src/. */
function isUseful(test: string, isHeavy: boolean): boolean {
  return !/^__tests__\/(?:scripts|swift)\//.test(test) && (isHeavy || !test.endsWith('.heavy.test.ts'));
}

async function judgeIn(
  copies: readonly string[],
  { heavy }: MutantsArguments,
  chosen: readonly Mutant[],
  cache: Cache,
  signal: AbortSignal,
): Promise<Judged[]> {
  const judged = new Map<Mutant, Judged>();
  const left = [...chosen];
  const work = async (copy: string) => {
    for (let mutant = left.shift(); mutant !== undefined && !signal.aborted; mutant = left.shift()) {
      const verdict = knownVerdict(mutant, cache, heavy) ?? (await judge(mutant, copy, cache, heavy, signal));
      const listed = EQUIVALENTS.get(mutant.key);
      const isWrong = listed !== undefined && verdict.result === 'killed';
      if (isWrong)
        console.log(`A test notices a mutant that equivalents.ts lists: remove it, or mend the test: ${mutant.key}`);
      const one = { mutant, verdict, equivalent: isWrong ? undefined : listed };
      judged.set(mutant, one);
      console.log(renderJudged(one));
    }
  };
  const ends = await Promise.allSettled(copies.map(work));
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure !== undefined && !signal.aborted) throw failure.reason;
  return chosen.flatMap((mutant) => judged.get(mutant) ?? []);
}

/** Ends with the time, or by Ctrl-C; what was found is kept. */
function endsAfter(durationMs: number): { signal: AbortSignal; clear: () => void } {
  const controller = new AbortController();
  const end = () => controller.abort();
  const timer = setTimeout(end, durationMs);
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, end);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

function save({ seed, heavy }: MutantsArguments, found: Pick<SavedRun, 'judged' | 'unused' | 'total'>): void {
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(DOCUMENT, renderDocument(readFileSync(DOCUMENT, 'utf8'), { ...found, seed, heavy, date }));
  console.log(`Written to ${DOCUMENT}`);
}

if (import.meta.main) {
  try {
    process.exitCode = await main(parseArguments(process.argv.slice(2)));
  } catch (error) {
    console.error(error instanceof UsageError ? error.message : error);
    process.exitCode = 1;
  }
}
