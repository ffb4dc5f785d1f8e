import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { parseCommand } from '../../scripts/runner-commands.ts';
import { createJobLog } from '../../src/report/job-log.ts';

let printed = '';

beforeEach(() => {
  printed = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    printed += chunk;
    return true;
  });
});

afterEach(() => {
  jest.restoreAllMocks();
});

test.each([
  ['at the start', '::error::fake'],
  ['after a line feed', 'x\n::set-output name=url::evil'],
  ['after a carriage return', 'x\r::error::fake'],
  ['behind an escape', 'x\n\u001b::set-output name=url::evil'],
  ['behind NEXT LINE, which the runner trims', '\u0085::error::fake'],
  ['behind other white space', ' \t\u00a0::error::fake'],
  ['behind a line separator', 'x\u2028::error::fake'],
  ['of the old kind', 'x ##[error]fake'],
  ['of the old kind, with a hidden character', 'x #\u001b#[error]fake'],
])('text that is a workflow command %s is printed as text', (_, text) => {
  const log = createJobLog();
  log.info(text);
  for (const line of printed.split(/\r\n|[\r\n]/)) expect(line.trim()).not.toMatch(/^::/);
  expect(printed).not.toContain('##[');
});

test.each([
  ['in the workspace', '/ws/config/a,b:c.csv', 'config/a,b:c.csv'],
  ['that only looks as if it were outside', '/ws/..csv', '..csv'],
  ['beside the workspace', '/ws2/a.csv', undefined],
  ['above it', '/a.csv', undefined],
  ['the workspace itself', '/ws', undefined],
])('an annotation names a path %s in the form that the runner expects', (_, path, file) => {
  createJobLog('/ws').annotate('error', 'It is wrong.', 'Title', { path, line: 12 });
  const properties = file === undefined ? { title: 'Title' } : { title: 'Title', file, line: '12' };
  expect(parseCommand(printed.trim())).toEqual({ name: 'error', properties, value: 'It is wrong.' });
});

test('an annotation of a row is one line of reasonable length, and contains no other command', () => {
  const log = createJobLog('/ws');
  log.annotate('warning', `one\r\n::error::two ${'x'.repeat(9000)}`, 'a\nb', { path: '/ws/a', line: undefined });
  expect(printed.trim().split('\n')).toHaveLength(1);
  expect(parseCommand(printed.trim())).toMatchObject({ name: 'warning', properties: { title: 'a b' } });
  expect(printed).toMatch(/::one (: ?:)error::two x{900}/);
  expect(printed.length).toBeLessThan(1100);
});

test('how many more annotations GitHub shows is counted by level', () => {
  const log = createJobLog();
  for (let number = 0; number < 12; number += 1) log.warning('x');
  log.error('x', 'y');
  log.annotate('error', 'x', 'y', { path: '/a', line: 1 });
  expect([log.roomFor('warning'), log.roomFor('error')]).toEqual([0, 8]);
});
