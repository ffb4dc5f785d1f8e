import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../emulator/usage-error.ts';
import { parseArguments } from '../../scripts/mutants/arguments.ts';
import { instrumentAll } from '../../scripts/mutants/copies.ts';
import { instrument } from '../../scripts/mutants/instrument.ts';
import { KINDS, type Kind, type Mutant, type Verdict } from '../../scripts/mutants/mutant.ts';
import { staleEquivalents } from '../../scripts/mutants/mutants.ts';
import { sampleMutants } from '../../scripts/mutants/random.ts';
import { type Judged, renderDocument, renderJudged, renderSums, sumUp } from '../../scripts/mutants/report.ts';
import { temporaryFolder } from '../clean-up.ts';

type Run = (...args: unknown[]) => unknown;

const SWITCH = readFileSync(new URL('../../scripts/mutants/copy/switch.ts', import.meta.url), 'utf8');

/** The function `f` of a source with this mutant on, or with none. */
async function withMutant(source: string, mutant: number | 'none' | 'record'): Promise<{ f: Run; hits: () => string }> {
  const folder = temporaryFolder();
  for (const name of ['src', 'hits']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'mutant'), String(mutant));
  writeFileSync(join(folder, 'test'), 'here');
  writeFileSync(join(folder, 'src/mutant-switch.ts'), SWITCH.replace('FOLDER_OF_THE_COPY', folder));
  const file = join(folder, 'src/sample.ts');
  writeFileSync(file, instrument('src/sample.ts', source, 1).code);
  const { f } = (await import(pathToFileURL(file).href)) as { f: Run };
  return { f, hits: () => readFileSync(join(folder, 'hits/here'), 'utf8') };
}

/** What `f` returns for these arguments without a mutant, and with each one of its kind. */
async function results(source: string, kind: Kind, ...args: unknown[]): Promise<unknown[]> {
  const { mutants } = instrument('src/sample.ts', source, 1);
  const ids = mutants.filter((mutant) => mutant.kind === kind).map(({ id }) => id);
  const outcomes: unknown[] = [];
  for (const id of ['none', ...ids] as const) {
    const { f } = await withMutant(source, id);
    try {
      outcomes.push(await f(...args));
    } catch (error) {
      outcomes.push((error as Error).name);
    }
  }
  return outcomes;
}

const body = (text: string) => `export async function f(a?: any, b?: any): Promise<unknown> { ${text} }`;

describe('each kind of mutant changes what it is named after', () => {
  test.each<[Kind, string, unknown[], unknown[]]>([
    ['condition', "if (a) return 'yes'; return 'no';", [true], ['yes', 'no']],
    ['condition', "if (!a) return 'yes'; return 'no';", [true], ['no', 'yes']],
    ['condition', 'return !a;', [1], [false, true]],
    ['condition', "return a ? 'yes' : 'no';", [0], ['no', 'yes']],
    ['comparison', 'return a === b;', [1, 1], [true, false]],
    ['comparison', 'return a !== b;', [1, 1], [false, true]],
    ['comparison', 'return a < b;', [1, 1], [false, true, true]],
    ['comparison', 'return a < b;', [1, 2], [true, true, false]],
    ['comparison', 'return a <= b;', [1, 1], [true, false, false]],
    ['comparison', 'return a > b;', [1, 1], [false, true, true]],
    ['comparison', 'return a >= b;', [1, 1], [true, false, false]],
    ['comparison', 'return a >= b;', [2, 1], [true, true, false]],
    ['logical', 'return a && b;', [1, 0], [0, 1]],
    ['logical', 'return a && b;', [0, 2], [0, 2]],
    ['logical', 'return a || b;', [1, 2], [1, 2]],
    ['logical', 'return a || b;', ['', 2], [2, '']],
    ['logical', 'return a ?? b;', [null, 2], [2, null]],
    ['logical', 'return a ?? b;', [1, 2], [1, 1]],
    ['arithmetic', 'return a + b - 1;', [5, 2], [6, 2, 8]],
    ['arithmetic', 'return a * b;', [6, 2], [12, 3]],
    ['arithmetic', 'return a / b;', [6, 2], [3, 12]],
    ['arithmetic', 'return a % b;', [7, 2], [1, 14]],
    ['call', 'const list = [1]; list.push(2); return list.length;', [], [2, 1]],
    ['call', 'const list = [1]; await a?.(list); return list[0];', [(list: number[]) => list.pop()], [undefined, 1]],
    ['number', 'return 7;', [], [7, 8]],
    ['number', 'return 45_000;', [], [45_000, 90_000]],
    ['boolean', 'return [true, false].join();', [], ['true,false', 'false,false', 'true,true']],
    ['string', "return 'some';", [], ['some', '']],
    ['string', "return '';", [], ['', 'mutant']],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a source
    ['string', 'return `some ${a}`;', [1], ['some 1', '']],
    ['block', 'let found = 0; if (a) { found = 1; } return found;', [true], [1, 0, undefined]],
    ['block', 'let sum = 0; for (const one of a) { sum += one; } return sum;', [[1, 2]], [3, 0, undefined]],
    ['member', "return Object.keys({ a, b: 1, ['c']: 2 }).join();", [], ['a,b,c', 'b,c', 'a,c', 'a,b']],
    ['optional chain', 'return a?.b.c;', [undefined], [undefined, 'TypeError']],
    ['optional chain', 'return a?.[b];', [{ x: 1 }, 'x'], [1, 1]],
    ['optional chain', 'return (a)?.b?.c;', [{}], [undefined, undefined, 'TypeError']],
  ])('%s: %s', async (kind, text, args, expected) => {
    expect(await results(body(text), kind, ...args)).toEqual(expected);
  });
});

test('a promise that is not awaited is given as it is, and others are', async () => {
  const source = 'export async function f(a: Promise<number>[]) { const b = await a[0]; return [b, await a[1]]; }';
  const promises = [Promise.resolve(1), Promise.resolve(2)];
  const { mutants } = instrument('src/sample.ts', source, 1);
  const [first, second] = mutants.filter(({ kind }) => kind === 'await').map(({ id }) => id);
  const listOf = async (id: number | 'none') => (await withMutant(source, id)).f(promises) as Promise<unknown[]>;
  expect(await listOf('none')).toEqual([1, 2]);
  expect((await listOf(first ?? 0))[0]).toBe(promises[0]);
  expect((await listOf(second ?? 0))[1]).toBe(promises[1]);
});

test('what is returned is not awaited for nothing, but for a failure in a `try`', () => {
  const kinds = (text: string) =>
    instrument('src/sample.ts', `export ${text}`, 1).mutants.filter(({ kind }) => kind === 'await').length;
  expect(kinds('async function f(a: unknown) { return await a; }')).toBe(0);
  expect(kinds('const f = async (a: unknown) => await a;')).toBe(0);
  expect(kinds('async function f(a: unknown) { try { return await a; } catch {} }')).toBe(1);
  expect(kinds('async function f(a: unknown) { try {} catch { return await a; } }')).toBe(0);
  expect(kinds('async function f(a: unknown) { try {} catch { return await a; } finally { await a; } }')).toBe(2);
  expect(kinds('const f = (a: unknown) => { try { return async () => await a; } finally {} };')).toBe(0);
});

test('names that a module, a bundler or an object is read by are no mutants', () => {
  const source = `import { a } from './a.ts';
export { b } from './b.ts';
export const f = async () => [await import('./c.ts'), a];
class C { 'd' = undefined; static #e = undefined; }`;
  expect(instrument('src/x/sample.ts', source, 1).mutants.map(({ kind }) => kind)).toEqual(['await']);
});

test('a mutant is named by its file, its function and its text, and by its number only among the same', () => {
  const source = `type A = string;
export const LIMIT = 3;
const outer = () => { const inner = a   ===
  1 || a === 1; };`;
  const found = instrument('src/sample.ts', source, 10).mutants;
  expect(found.map(({ id, line, key }) => `${id} ${line} ${key}`)).toEqual([
    '10 2 src/sample.ts | LIMIT | number | 3 | + 1',
    '11 4 src/sample.ts | outer | number | 1 | + 1',
    '12 3 src/sample.ts | outer | comparison | a === 1 | !==',
    '13 4 src/sample.ts | outer | number | 1 | + 1 | 2',
    '14 4 src/sample.ts | outer | comparison | a === 1 | !== | 2',
    '15 3 src/sample.ts | outer | logical | a === 1 || a === 1 | &&',
    '16 3 src/sample.ts | outer | block | { const inner = a === 1 || a === 1; } | emptied',
  ]);
});

test('what a test file reaches is noted at once, once', async () => {
  const { f, hits } = await withMutant(body('return a ? 5 : 6;'), 'record');
  await f(true);
  await f(true);
  const { mutants } = instrument('src/sample.ts', body('return a ? 5 : 6;'), 1);
  const reached = hits().trim().split('\n').map(Number);
  expect(mutants.filter(({ id }) => !reached.includes(id)).map(({ source }) => source)).toEqual(['6']);
  expect(new Set(reached).size).toBe(reached.length);
});

const ALL = instrumentAll();

test('every mutant that is listed as equivalent is one of src/', () => {
  expect(staleEquivalents(ALL.mutants)).toEqual([]);
});

test('each file of src/ has all its mutants under different numbers and keys', () => {
  expect(new Set(ALL.mutants.map(({ id }) => id)).size).toBe(ALL.mutants.length);
  expect(new Set(ALL.mutants.map(({ key }) => key)).size).toBe(ALL.mutants.length);
  expect(ALL.sources.size).toBe(new Set([...ALL.mutants.map(({ file }) => file), ...ALL.sources.keys()]).size);
});

describe('a sample', () => {
  test('is the same for the same seed, and takes the kinds in turn', () => {
    const first = sampleMutants(ALL.mutants, 24, 7);
    expect(sampleMutants(ALL.mutants, 24, 7)).toEqual(first);
    expect(sampleMutants(ALL.mutants, 24, 8)).not.toEqual(first);
    expect(first.map(({ kind }) => kind)).toEqual([...KINDS, ...KINDS]);
  });

  test('changes with the mutants only by those that come and go', () => {
    const before = sampleMutants(ALL.mutants, 24, 7);
    const [gone, ...others] = before;
    const after = sampleMutants(
      ALL.mutants.filter((mutant) => mutant !== gone).map((mutant) => ({ ...mutant, id: mutant.id + 1 })),
      24,
      7,
    );
    const keys = after.map(({ key }) => key);
    expect(others.map(({ key }) => key).filter((key) => !keys.includes(key))).toEqual([]);
    expect(keys).not.toContain(gone?.key);
  });

  test('has each mutant once, and all of them when fewer are left', () => {
    const few = ALL.mutants.filter(({ file }) => file === 'src/pause.ts');
    const chosen = sampleMutants(few, 10_000, 1);
    expect(chosen).toHaveLength(few.length);
    expect(new Set(chosen)).toEqual(new Set(few));
  });
});

describe('the command line', () => {
  test('gives the defaults', () => {
    expect(parseArguments([])).toMatchObject({ count: 100, seed: 1, minutes: 60, save: false, check: false });
    expect(parseArguments(['--only', 'src/net/'])).toMatchObject({ only: 'src/net' });
  });

  test('saves only a sample of all src/ by all tests', () => {
    for (const limit of ['--only=src/net', '--tests=net']) {
      expect(() => parseArguments(['--save', limit])).toThrow('--save is for a sample of all src/ by all tests');
      expect(parseArguments([limit]).save).toBe(false);
    }
    expect(parseArguments(['--save']).save).toBe(true);
  });

  test.each([
    ['--colour', "'--colour'"],
    ['--count=0', '--count takes a whole number of 1 or more, not "0"'],
    ['--seed=x', '--seed takes a whole number of 0 or more, not "x"'],
    ['--minutes=1.5', '--minutes takes a whole number of 1 or more, not "1.5"'],
  ])('%s is refused', (argument, message) => {
    expect(() => parseArguments([argument])).toThrow(UsageError);
    expect(() => parseArguments([argument])).toThrow(message);
    expect(() => parseArguments([argument])).toThrow('npm run mutants -- [options]');
  });
});

describe('the report', () => {
  const [sample] = instrument('src/sample.ts', 'const f = () => 1;', 1).mutants as [Mutant];
  const judgedAs = (verdict: Verdict, equivalent?: string): Judged => ({ mutant: sample, verdict, equivalent });
  const KILLED = judgedAs({ result: 'killed', test: '__tests__/sample.test.ts', how: 'it says 1' });
  const LIVED = judgedAs({ result: 'lived', testFiles: 3, notRun: 2 });
  const UNREACHED = judgedAs({ result: 'unreached' });
  const EQUIVALENT = judgedAs({ result: 'lived', testFiles: 3, notRun: 0 }, 'Nobody counts.');

  test('counts what is killed of those that are not equivalent', () => {
    expect(sumUp([KILLED, LIVED, UNREACHED, EQUIVALENT])).toMatchObject({ killed: 1, lived: 2, equivalent: 1 });
    expect(renderSums(sumUp([KILLED, KILLED, LIVED, EQUIVALENT]))).toBe(
      '4 mutants: 2 killed, 1 equivalent, 1 lived; 66.7 % of those that are not equivalent are killed (goal: 95 %)',
    );
    expect(sumUp([EQUIVALENT]).share).toBe(1);
  });

  test('names the test that killed, what lived with its key, and why one is equivalent', () => {
    expect(renderJudged(KILLED)).toBe(
      'killed      src/sample.ts:1  number: 1  →  + 1\n            by __tests__/sample.test.ts: it says 1',
    );
    expect(renderJudged(LIVED)).toContain('LIVED       src/sample.ts:1');
    expect(renderJudged(LIVED)).toContain(
      '3 test files reach it and pass, 2 slower ones not tried; key: src/sample.ts | f | number | 1 | + 1',
    );
    expect(renderJudged(UNREACHED)).toContain('no test reaches it');
    expect(renderJudged(EQUIVALENT)).toContain('Nobody counts.');
  });

  test('goes between the markers of the document, again and again', () => {
    const marks = ['figures', 'lived', 'equivalent'].map((name) => `<!-- ${name}:start -->\nold\n<!-- ${name}:end -->`);
    const run = {
      judged: [KILLED, LIVED, EQUIVALENT],
      unused: ['a.test.ts'],
      total: 9,
      seed: 4,
      heavy: false,
      date: '2026-01-02',
    };
    const text = renderDocument(`# Title\n${marks.join('\n\n')}\n`, run);
    expect(text).toContain('2026-01-02, seed 4, 3 of 9 mutants');
    expect(text).toContain('| number | 3 | 1 | 1 | 1 | 50.0 % |\n| **all** | 3 | 1 | 1 | 1 | 50.0 % |');
    expect(text).toContain('- `src/sample.ts` (`f`): number, `` 1 `` → + 1; 3 test files reach it');
    expect(text).toContain('→ + 1. Nobody counts.');
    expect(text).not.toContain('old');
    expect(text).toContain('| 50.0 % |\n\nWithout these test files, which fail in a copy: a.test.ts.\n<!--');
    expect(renderDocument(text, run)).toBe(text);
    expect(() => renderDocument('', run)).toThrow('lacks the markers of "figures"');
  });
});
