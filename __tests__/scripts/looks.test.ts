import { describe, expect, test } from '@jest/globals';
import { chooseKinds, parseArguments, USAGE } from '../../scripts/looks/arguments.ts';
import { findProblems, type Judged } from '../../scripts/looks/judge.ts';
import type { Kind } from '../../scripts/looks/kind.ts';
import { KINDS } from '../../scripts/looks/kinds/index.ts';
import { renderTable } from '../../scripts/looks/report.ts';
import type { Look } from '../../scripts/looks/take-looks.ts';

describe('the kinds', () => {
  test('have names of their own, which give files of their own', () => {
    const names = KINDS.map(({ name }) => name);
    expect(new Set(names.map((name) => name.replaceAll(/[^\w-]+/g, '-'))).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]+\/\S/);
  });

  // Each end that a record may have (`DeployOutcome` and the others), but for an `unknown` of redirects and the like.
  test.each([
    ['deploy', 'deployed unhealthy rolled-back rejected dry-run failed conflict unknown cancelled error'],
    ['preview', 'deployed unhealthy failed unknown cancelled skipped error'],
    ['rollback', 'deployed unhealthy failed dry-run cancelled error'],
    ['redirects', 'complete partial planned unchanged cancelled skipped error'],
    ['batch', 'success partial failed corrupted unknown dry-run cancelled error'],
    ['gate', 'deploy wait error'],
    ['cleanup', 'deleted nothing dry-run skipped cancelled error'],
    ['logs', 'complete truncated failed error'],
  ])('of %s have each of its ends: %s', (group, ends) => {
    const outcomes = KINDS.filter(({ name }) => name.startsWith(`${group}/`)).map(({ outcome }) => outcome);
    expect([...new Set(outcomes)].toSorted()).toEqual(ends.split(' ').toSorted());
  });
});

describe('the command line', () => {
  test('chooses kinds by their names', () => {
    expect(parseArguments(['--only', 'a/', '--only', 'b', '--to', '/tmp/x', '--list'])).toEqual({
      only: ['a/', 'b'],
      to: '/tmp/x',
      isList: true,
    });
    expect(parseArguments([]).to).toMatch(/\.demo.looks$/);
    expect(() => parseArguments(['--width', '1'])).toThrow('--width');
    for (const option of ['--only', '--to', '--list']) expect(USAGE).toContain(option);
  });

  test('names no kind that is not there', () => {
    const kinds = [{ name: 'a/one' }, { name: 'b/two' }];
    expect(chooseKinds(kinds, [])).toEqual(kinds);
    expect(chooseKinds(kinds, ['two'])).toEqual([{ name: 'b/two' }]);
    expect(() => chooseKinds(kinds, ['three'])).toThrow('No kind has "three" in its name');
  });
});

const run = (exitCode: number, outcome: string) => ({ exitCode, outputs: { outcome } }) as never;

function look(widthPx: 980 | 390, change: Partial<Look> = {}): Look {
  return { widthPx, heightPx: 300, cutOff: [], cutOffInFolds: [], pictures: [], ...change };
}

function judgedOf(looks: readonly Look[], name = 'summary'): Judged[] {
  return [{ document: { name, frame: 'summary', markdown: 'text' }, looks }];
}

describe('what is wrong with a look', () => {
  const kind: Pick<Kind, 'outcome' | 'isLong'> = { outcome: 'deployed' };
  const problemsOf = (looks: readonly Look[], given = kind, end = run(0, 'deployed'), name = 'summary') =>
    findProblems(given, end, judgedOf(looks, name));

  test('nothing, where all of it can be seen', () => {
    expect(problemsOf([look(980, { heightPx: 420 }), look(390, { heightPx: 480 })])).toEqual([]);
  });

  test('a success that is higher than a screen, unless it has a reason', () => {
    const high = [look(980, { heightPx: 421 }), look(390, { heightPx: 481 })];
    expect(problemsOf(high)).toEqual([
      'the summary is 421 px high at 980 px: at most 420 px are allowed',
      'the summary is 481 px high at 390 px: at most 480 px are allowed',
    ]);
    expect(problemsOf(high, { ...kind, isLong: 'it has warnings' })).toEqual([]);
    expect(problemsOf(high, { outcome: 'error' }, run(1, 'error'))).toEqual([]);
    expect(problemsOf(high, kind, run(0, 'deployed'), 'comment-7')).toEqual([]);
  });

  test('what is cut off, once, be it shown or folded', () => {
    const looks = [look(390, { cutOff: ['table: Shown'], cutOffInFolds: ['table: Shown', 'pre: Folded'] })];
    expect(problemsOf(looks)).toEqual([
      'the summary is cut off at 390 px: table: Shown',
      'a fold of the summary is cut off at 390 px: pre: Folded',
    ]);
  });

  test('another end, and nothing to look at', () => {
    expect(problemsOf([look(980)], kind, run(1, 'failed'))).toEqual([
      'it ended with "failed", and not with "deployed"',
    ]);
    expect(findProblems(kind, run(0, 'deployed'), [])).toEqual(['it has left nothing to look at']);
  });
});

test('the table has a line for each document and width', () => {
  const judged = judgedOf([look(980), look(390, { heightPx: 1200, cutOffInFolds: ['table: x'] })]);
  expect(renderTable([{ name: 'deploy/one', judged, problems: [] }]).split('\n')).toEqual([
    'Kind                Bytes  Width  Height  Cut off',
    'deploy/one summary      4    980     300',
    'deploy/one summary      4    390    1200  in a fold',
  ]);
});
