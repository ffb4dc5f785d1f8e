/** The pure parts of `npm run faults`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseArguments } from '../../scripts/faults/arguments.ts';
import { chooseCells } from '../../scripts/faults/choose.ts';
import { COLUMNS, type Column } from '../../scripts/faults/columns.ts';
import { createCells, noTestReason, ROWS } from '../../scripts/faults/matrix.ts';
import { findGaps } from '../../scripts/faults/not-called.ts';
import { checkDocument, DOCUMENT, renderReport } from '../../scripts/faults/report.ts';
import { type CallRule, namesCall, predictEnds } from '../../scripts/faults/rules.ts';
import type { CellResult } from '../../scripts/faults/run-matrix.ts';
import { temporaryFolder } from '../clean-up.ts';

function column(name: string): Column {
  const found = COLUMNS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no column ${name}`);
  return found;
}

describe('the arguments', () => {
  test('have defaults', () => {
    expect(parseArguments([])).toMatchObject({ only: [], sample: undefined, timeMs: 600_000, mode: 'run' });
    expect(parseArguments(['--save'])).toMatchObject({ timeMs: 180 * 60_000, mode: 'save' });
  });

  test.each([
    [['--save', '--check'], 'exclude each other'],
    [['--save', '--only', 'x'], 'about all cells'],
    [['--check', '--sample', '3'], 'about all cells'],
    [['--sample', 'many'], '--sample must be a whole number; it is "many"'],
    [['--colour'], "Unknown option '--colour'"],
  ])('%j are refused', (args, message) => {
    expect(() => parseArguments(args)).toThrow(message);
  });
});

describe('the cells', () => {
  const cells = createCells();

  test('have each a name of their own', () => {
    expect(new Set(cells.map(({ name }) => name)).size).toBe(cells.length);
  });

  test('are chosen again by their seed', () => {
    const names = (seed: number) => chooseCells(cells, { only: [], sample: 5, seed }).map(({ name }) => name);
    expect(names(4)).toEqual(names(4));
    expect(names(4)).not.toEqual(names(5));
    expect(new Set(names(4)).size).toBe(5);
  });

  test('are chosen by a part of their name', () => {
    const chosen = chooseCells(cells, { only: ['deploy to production/sign/503'], sample: undefined, seed: 0 });
    expect(chosen.map(({ name }) => name.slice('deploy to production/sign/'.length))).toEqual([
      ...['503', '503 always', '503 with a page'],
      ...['503, wait 0 s', '503, wait 1 s', '503, wait 1 h', '503, wait 2099 s', '503, wait until 2099'],
    ]);
  });

  test('have each status from 400 to 511 for each call', () => {
    const statuses = Array.from({ length: 112 }, (_, index) => `${400 + index}`);
    for (const call of new Set(ROWS.map((row) => row.call))) {
      const names = new Set(cells.filter(({ row }) => row.call === call).map((one) => one.column.name));
      expect({ call, missing: statuses.filter((status) => !names.has(status)) }).toEqual({ call, missing: [] });
    }
  });

  test('that are no test say why', () => {
    const [sign] = ROWS.filter(({ call }) => call === 'sign');
    const [remove] = ROWS.filter(({ call }) => call === 'deleteProject');
    if (sign === undefined || remove === undefined) throw new Error('rows are missing');
    expect(noTestReason(sign, column('stream silent'))).toContain('event streams');
    expect(noTestReason(remove, column('body: wrong-types'))).toContain('only the status is read');
    expect(noTestReason(sign, column('body: wrong-types'))).toBeUndefined();
  });
});

describe('every call of the platform', () => {
  test('has a row, or a reason', () => {
    expect(findGaps(ROWS)).toEqual([]);
  });

  test('is missed where it has none', () => {
    const others = ROWS.filter(({ call }) => call !== 'sign');
    expect(findGaps(others)).toEqual([expect.stringContaining('The call sign has no row')]);
  });
});

describe('a rule', () => {
  const careful: CallRule = { ends: ['red: error'], lost: ['red: unknown'], lostOnce: ['warned'] };

  test.each([
    ['404', ['red: error']],
    ['503', ['same']],
    ['503 always', ['red: unknown']],
    ['501', ['red: error']],
    ['506', ['red: unknown']],
    ['429, wait 1 s', ['same']],
    ['429, wait 1 h', ['red: error']],
    ['lost answer', ['warned']],
    ['lost answer always', ['red: unknown']],
    ['trickle always', ['red: unknown', 'same']],
    ['slow answer', ['same']],
    ['clock +10 min', ['same']],
    ['302 to another host', ['red: error']],
  ])('of a call that must not be made twice: %s', (name, ends) => {
    expect(predictEnds({ rule: careful }, column(name))).toEqual(ends);
  });

  test('knows the call in a message', () => {
    const row = { call: 'sign', rule: careful } as const;
    expect(namesCall('Asking for an upload signature: POST … answered 404.', row, column('404'))).toBe(true);
    expect(namesCall('Something failed.', row, column('404'))).toBe(false);
  });
});

describe('the document', () => {
  const cells = createCells();
  const result: CellResult = {
    name: 'deploy to production/sign/404',
    end: 'red: error',
    durationMs: 1500,
    problems: ['a secret'],
  };
  const results = new Map([[result.name, result]]);
  const text = renderReport({ cells, results, cuts: undefined, date: '2026-01-01' });

  test('says what was run, and what is open', () => {
    expect(text).toContain(`1 of ${cells.length} cells were run on 2026-01-01`);
    expect(text).toMatch(/^\| deploy to production: `sign` \| .* E · \|/m);
    expect(text).toContain('- **Open**: deploy to production/sign/404: a secret');
  });

  test('is held against the code', () => {
    const path = join(temporaryFolder(), 'reliability.md');
    expect(checkDocument(path)).toEqual([expect.stringContaining('is missing')]);
    writeFileSync(path, text);
    expect(checkDocument(path)).toEqual([]);
    writeFileSync(path, text.replace('deploy to production: `sign`', 'deploy to production: `sing`'));
    expect(checkDocument(path)).toEqual([
      expect.stringContaining('has no row "deploy to production: `sign`"'),
      expect.stringContaining('has a row "deploy to production: `sing`" too many'),
    ]);
    writeFileSync(path, text.replace('| refused |', '| rejected |'));
    expect(checkDocument(path)).toEqual([expect.stringContaining('The columns')]);
  });

  test('in the repository has the rows and columns of the code', () => {
    expect(checkDocument(join(import.meta.dirname, '../..', DOCUMENT))).toEqual([]);
    expect(readFileSync(join(import.meta.dirname, '../..', DOCUMENT), 'utf8')).toContain('## The matrix');
  });
});
