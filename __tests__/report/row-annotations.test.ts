/** How many rows are annotations: GitHub shows ten of each level, and the verdict is one of them. */
import { expect, test } from '@jest/globals';
import type { JobLog } from '../../src/report/job-log.ts';
import { annotateRows } from '../../src/report/row-annotations.ts';

function annotate(rows: number, room: number, more: object = {}) {
  const lines: string[] = [];
  const log = {
    roomFor: () => room,
    annotate: (_: string, message: string, title: string, place: { path?: string; line?: number }) => {
      lines.push(`${title} ${place.path}:${place.line} ${message}`);
    },
    info: (line: string) => lines.push(line),
  } as unknown as JobLog;
  const all = Array.from({ length: rows }, (_, index) => ({ line: index + 1, message: 'Wrong,\nor  so.' }));
  const options = { level: 'error', rows: all, total: rows, title: 'T', path: '/ws/a', allAre: 'See b.' } as const;
  return { ...annotateRows(log, { ...options, shownPath: 'a', ...more }), shown: lines };
}

test.each([
  [20, 10, 9],
  [20, 11, 9],
  [20, 4, 3],
  [20, 1, 0],
  [20, 0, 0],
  [2, 10, 2],
])('of %s rows with room for %s, %s are annotations', (rows, room, annotated) => {
  expect(annotate(rows, room)).toMatchObject({ annotated, lines: rows - annotated });
});

test('others are lines of one line each, as many as are wanted, and then their number', () => {
  expect(annotate(4, 10, { maxAnnotations: 1, maxLines: 1 }).shown).toEqual([
    'T /ws/a:1 Wrong,\nor  so. (line 1)',
    'a:2: Wrong, or so.',
    'and 2 more. See b.',
  ]);
  expect(annotate(2, 10, { maxAnnotations: 1, maxLines: 1 }).shown).toHaveLength(2);
});

test('a row without a line is about no line of the one file, and about the whole of its own', () => {
  const rows = [
    { line: undefined, message: 'One.' },
    { line: undefined, message: 'Two.', path: '/ws/b', shownPath: 'b' },
    { line: 3, message: 'Three.', path: '/ws/b', shownPath: 'b' },
  ];
  expect(annotate(0, 10, { rows, total: 3 }).shown).toEqual([
    'T undefined:undefined One.',
    'T /ws/b:undefined Two. (b)',
    'T /ws/b:3 Three. (b:3)',
  ]);
  expect(annotate(0, 0, { rows, total: 3 }).shown).toEqual(['a: One.', 'b: Two.', 'b:3: Three.']);
  expect(annotate(0, 0, { rows: rows.slice(0, 1), total: 1, shownPath: undefined }).shown).toEqual(['One.']);
});
