/**
 * What earlier runs have found: which mutants each test file reaches, and how each mutant ended. It holds for as long as
 * the test file and the files of src/ that it reaches are the same. Lines are appended as they are found, so that a run
 * which was ended goes on with the next one. Below MUTANTS_CACHE, by default a folder of the system's temporary one.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Instrumented } from './mutant.ts';

/** A test file as it was recorded, without any mutant on. */
export interface TestRecord {
  test: string;
  /** Of its content. */
  hash: string;
  /** Hashes of the files of src/ that it reaches, by their paths. */
  reached: Record<string, string>;
  durationMs: number;
  /** It fails in a copy, and is not used. */
  failure?: string;
}

/** One try of a mutant. */
export interface Trial {
  key: string;
  /** States (`Cache.stateOf`) of the test files that ran, by their paths. */
  ran: Record<string, string | undefined>;
  killedBy?: string;
  how?: string;
}

export interface Cache {
  /** Those that are up to date. */
  tests: Map<string, TestRecord>;
  trials: Map<string, Trial[]>;
  /** Of a test file and all that it reaches; undefined when that is not known. */
  stateOf: (test: string) => string | undefined;
  addTest: (file: Pick<TestRecord, 'test' | 'durationMs' | 'failure'>, hits: Iterable<number>) => void;
  addTrial: (trial: Trial) => void;
  /** Numbers of the mutants that a test file reaches. */
  hitsOf: (test: string) => ReadonlySet<number>;
}

/** Of a test file: by the paths of src/, which of a file's mutants it reaches, as places in their order. */
type Hits = Record<string, number[]>;

/**
 * @param tree the copy whose tests run: those of the repository may change meanwhile
 * @param isUsed of a test file
 */
export function openCache(
  { mutants, hashes }: Instrumented,
  tree: string,
  { isFresh, isUsed }: { isFresh: boolean; isUsed: (test: string) => boolean },
): Cache {
  const folder = process.env['MUTANTS_CACHE'] ?? join(tmpdir(), 'catalyst-deploy-action-mutants');
  if (isFresh) rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'hits'), { recursive: true });
  const testLines = join(folder, 'tests.jsonl');
  const trialLines = join(folder, 'trials.jsonl');
  const hitsFile = (test: string) => join(folder, 'hits', test.replaceAll('/', '+'));
  const ofFile = Map.groupBy(mutants, ({ file }) => file);
  const known = new Map(readLines<TestRecord>(testLines).map((record) => [record.test, record]));
  const isCurrent = ({ test, hash, reached }: TestRecord) =>
    hash === hashFile(join(tree, test)) && Object.entries(reached).every(([file, was]) => hashes.get(file) === was);
  const current = [...known.values()].filter((record) => isUsed(record.test) && isCurrent(record));
  const tests = new Map(current.map((record) => [record.test, record]));
  const trials = Map.groupBy(readLines<Trial>(trialLines), ({ key }) => key);
  const hits = new Map<string, ReadonlySet<number>>();
  return {
    tests,
    trials,
    stateOf: (test) => {
      const record = tests.get(test);
      return record && hashText(JSON.stringify([record.hash, Object.entries(record.reached).sort()]));
    },
    addTest: (file, numbers) => {
      const reached = new Set(numbers);
      const places: Hits = {};
      for (const [path, list] of ofFile) {
        const found = list.flatMap(({ id }, place) => (reached.has(id) ? [place] : []));
        if (found.length > 0) places[path] = found;
      }
      const hashOfEach = Object.keys(places).map((path) => [path, hashes.get(path) ?? '']);
      const hash = hashFile(join(tree, file.test)) ?? '';
      const record = { ...file, hash, reached: Object.fromEntries(hashOfEach) };
      writeFileSync(hitsFile(file.test), JSON.stringify(places));
      appendFileSync(testLines, `${JSON.stringify(record)}\n`);
      tests.set(file.test, record);
      hits.set(file.test, reached);
    },
    addTrial: (trial) => {
      appendFileSync(trialLines, `${JSON.stringify(trial)}\n`);
      trials.set(trial.key, [...(trials.get(trial.key) ?? []), trial]);
    },
    hitsOf: (test) => {
      const numbers = hits.get(test) ?? readHits(hitsFile(test), ofFile);
      hits.set(test, numbers);
      return numbers;
    },
  };
}

function readHits(path: string, ofFile: ReadonlyMap<string, readonly { id: number }[]>): Set<number> {
  const places: Hits = JSON.parse(readFileSync(path, 'utf8'));
  const numbers = Object.entries(places).flatMap(([file, found]) =>
    found.map((place) => ofFile.get(file)?.[place]?.id),
  );
  return new Set(numbers.filter((id) => id !== undefined));
}

function readLines<T>(path: string): T[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T]));
}

function hashFile(path: string): string | undefined {
  return existsSync(path) ? hashText(readFileSync(path)) : undefined;
}

export function hashText(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
