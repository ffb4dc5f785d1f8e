/**
 * What earlier runs have found for the same src/: which mutants each test file reaches, and how each mutant ended. Lines
 * are appended as they are found, so that a run which was ended goes on with the next one. Below MUTANTS_CACHE, by default
 * a folder of the system's temporary one.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A test file as it was recorded, without any mutant on. */
export interface TestRecord {
  test: string;
  /** Of its content. */
  hash: string | undefined;
  durationMs: number;
  /** It fails in a copy, and is not used. */
  failure?: string;
}

/** One try of a mutant. */
export interface Trial {
  key: string;
  /** Hashes of the files that ran, by their paths. */
  ran: Record<string, string | undefined>;
  killedBy?: string;
  how?: string;
}

export interface Cache {
  tests: Map<string, TestRecord>;
  trials: Map<string, Trial[]>;
  /** Of a test file's content; undefined when there is none such. */
  hashOf: (test: string) => string | undefined;
  addTest: (record: TestRecord, hits: Iterable<number>) => void;
  addTrial: (trial: Trial) => void;
  /** Numbers of the mutants that a test file reaches. */
  hitsOf: (test: string) => ReadonlySet<number>;
}

const KEPT_STATES = 3;

/**
 * @param sources what is in src/ with its mutants
 * @param tree the copy whose tests run: those of the repository may change meanwhile
 */
export function openCache(sources: ReadonlyMap<string, string>, tree: string, isFresh: boolean): Cache {
  const root = process.env['MUTANTS_CACHE'] ?? join(tmpdir(), 'catalyst-deploy-action-mutants');
  const state = createHash('sha256')
    .update(JSON.stringify([...sources]))
    .digest('hex')
    .slice(0, 16);
  const folder = join(root, state);
  if (isFresh) rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'hits'), { recursive: true });
  forgetOthers(root, state);
  const testLines = join(folder, 'tests.jsonl');
  const trialLines = join(folder, 'trials.jsonl');
  const tests = new Map(readLines<TestRecord>(testLines).map((record) => [record.test, record]));
  const trials = Map.groupBy(readLines<Trial>(trialLines), ({ key }) => key);
  const hits = new Map<string, ReadonlySet<number>>();
  const hashes = new Map<string, string | undefined>();
  const hitsFile = (test: string) => join(folder, 'hits', test.replaceAll('/', '+'));
  return {
    tests,
    trials,
    hashOf: (test) => {
      if (!hashes.has(test)) hashes.set(test, hashFile(join(tree, test)));
      return hashes.get(test);
    },
    addTest: (record, numbers) => {
      const reached = new Set(numbers);
      writeFileSync(hitsFile(record.test), JSON.stringify([...reached]));
      appendFileSync(testLines, `${JSON.stringify(record)}\n`);
      tests.set(record.test, record);
      hits.set(record.test, reached);
    },
    addTrial: (trial) => {
      appendFileSync(trialLines, `${JSON.stringify(trial)}\n`);
      trials.set(trial.key, [...(trials.get(trial.key) ?? []), trial]);
    },
    hitsOf: (test) => {
      const known = hits.get(test) ?? new Set<number>(JSON.parse(readFileSync(hitsFile(test), 'utf8')));
      hits.set(test, known);
      return known;
    },
  };
}

/** Each state of src/ takes some 20 MB. */
function forgetOthers(root: string, state: string): void {
  const others = readdirSync(root).filter((name) => name !== state);
  for (const name of others.slice(0, -KEPT_STATES)) rmSync(join(root, name), { recursive: true, force: true });
}

function readLines<T>(path: string): T[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T]));
}

function hashFile(path: string): string | undefined {
  return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 12) : undefined;
}
