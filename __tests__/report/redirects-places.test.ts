/** Which file and line each message about a row names: as an annotation's place, and in the words of the log. */
import { expect, test } from '@jest/globals';
import { parseCommand } from '../../scripts/runner-commands.ts';
import { ActionError, FileError } from '../../src/errors.ts';
import { createRun } from '../../src/report/create-run.ts';
import { createJobLog } from '../../src/report/job-log.ts';
import { createRedactor } from '../../src/report/redactor.ts';
import { createRedirectsReport } from '../../src/report/redirects-report.ts';
import { captureReport } from './captured-report.ts';
import { job, rejectedRow } from './redirects-records.ts';

const captured = captureReport();

function started(place: { file: string; absoluteFile: string } | undefined) {
  const options = { log: createJobLog('/ws'), redactor: createRedactor(), correlationId: 'the-id' };
  const run = createRun(createRedirectsReport(), options);
  if (place !== undefined) run.emit({ type: 'started', command: 'import', siteId: undefined, ...place });
  return run;
}

/** Lines and annotations that were printed: `file:line message`. */
function shown(): string[] {
  return captured.printed.split('\n').flatMap((line) => {
    const command = parseCommand(line);
    if (command === undefined) return line === '' ? [] : [line];
    const { name, value, properties } = command;
    return [`${name} ${properties['file'] ?? '-'}:${properties['line'] ?? '-'} ${value}`];
  });
}

const INSIDE = { file: 'config/r.csv', absoluteFile: '/ws/config/r.csv' };
const OUTSIDE = { file: '/tmp/r.csv', absoluteFile: '/tmp/r.csv' };
const problems = (length: number) =>
  Array.from({ length }, (_, index) => ({ line: index + 2, message: `Wrong ${index}.` }));

test.each([
  ['in the workspace', INSIDE, 'config/r.csv:2 Wrong 0. (line 2)', 'config/r.csv:11: Wrong 9.'],
  ['elsewhere', OUTSIDE, '-:- Wrong 0. (line 2)', '/tmp/r.csv:11: Wrong 9.'],
])('a wrong file %s', (_, place, annotation, line) => {
  const run = started(place);
  run.end(
    new FileError(place.absoluteFile, problems(10), { message: 'Ten rows are wrong.', title: 'File not usable' }),
  );
  expect(shown()).toContain(`error ${annotation}`);
  expect(shown()).toContain(line);
  expect(shown()).toContain('error -:- The redirects are unchanged.\nTen rows are wrong.');
});

test('a wrong file before the inputs are known is named by its whole path', () => {
  started(undefined).end(new FileError('/ws/config/r.csv', problems(10), { message: 'Ten rows are wrong.' }));
  expect(shown()).toContain('error config/r.csv:2 Wrong 0. (line 2)');
  expect(shown()).toContain('/ws/config/r.csv:11: Wrong 9.');
});

test.each([
  ['error', new ActionError('The platform rejected rows.', { title: 'Rows rejected', outcome: 'partial' })],
  ['warning', undefined],
])('rejected rows are %ss at their lines, and lines that name the file beyond nine', (level, error) => {
  const run = started(INSIDE);
  run.emit({ type: 'job-changed', ...job({ completed: 0, failed: 11, total: 11 }) });
  const rows = Array.from({ length: 11 }, (_, index) => rejectedRow(index + 2));
  run.emit({ type: 'rows-rejected', rows: [{ ...rejectedRow(1), row: undefined }, ...rows], unnamed: 0 });
  run.end(error);
  const lines = shown();
  expect(lines).toContain(`${level} config/r.csv:1 The old path is not valid. (line 1)`);
  expect(lines).toContain(`${level} config/r.csv:9 /old-9 → /new-9: The old path is not valid. (line 9)`);
  expect(lines).toContain('config/r.csv:10: /old-10 → /new-10: The old path is not valid.');
  expect(lines.filter((one) => one.startsWith('config/r.csv:'))).toHaveLength(3);
});

test('odd rows: four annotations with what they mean, ten lines, and where the others are', () => {
  const run = started(INSIDE);
  run.emit({ type: 'rows-odd', rows: problems(20), title: 'Redirect chain', meaning: 'Shorten it.' });
  expect(shown()).toEqual([
    'Redirect chain, 20 ×. Shorten it.',
    ...[2, 3, 4, 5].map((line) => `warning config/r.csv:${line} Wrong ${line - 2}. Shorten it. (line ${line})`),
    ...[6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((line) => `config/r.csv:${line}: Wrong ${line - 2}.`),
    'and 6 more. The step summary has them.',
  ]);
});

test('as many odd rows as there are annotations need no line', () => {
  const run = started(INSIDE);
  run.emit({ type: 'rows-odd', rows: problems(4), title: 'Redirect chain' });
  expect(shown()).toHaveLength(4);
});

test('odd rows of several kinds share the four annotations; more than the summary has are said to be its first', () => {
  const run = started(INSIDE);
  run.emit({ type: 'rows-odd', rows: problems(3), title: 'One', maxAnnotations: 2 });
  run.emit({ type: 'rows-odd', rows: problems(4), title: 'Other', count: 2500 });
  expect(shown()).toEqual([
    'One, 3 ×.',
    'warning config/r.csv:2 Wrong 0. (line 2)',
    'warning config/r.csv:3 Wrong 1. (line 3)',
    'config/r.csv:4: Wrong 2.',
    'Other, 2,500 ×.',
    'warning config/r.csv:2 Wrong 0. (line 2)',
    'warning config/r.csv:3 Wrong 1. (line 3)',
    'config/r.csv:4: Wrong 2.',
    'config/r.csv:5: Wrong 3.',
    'and 2,496 more. The step summary has the first 500.',
  ]);
});

test.each([
  ['/tmp/failed.csv', 'All of them: /tmp/failed.csv'],
  [undefined, 'The step summary has more of them.'],
])('of more rejected rows than the log has, it says where they are (%s)', (path, words) => {
  const run = started(INSIDE);
  run.emit({ type: 'rows-rejected', rows: [1, 2].map((line) => rejectedRow(line)), unnamed: 0 });
  run.emit({
    type: 'rows-rejected',
    rows: Array.from({ length: 300 }, (_, index) => rejectedRow(index + 3)),
    unnamed: 0,
  });
  if (path !== undefined) run.emit({ type: 'failed-rows-written', path });
  run.end(new ActionError('The platform rejected rows.'));
  expect(shown().find((line) => line.startsWith('and '))).toBe(`and 93 more. ${words}`);
});
