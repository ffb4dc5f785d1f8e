import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { parseCommand } from '../../scripts/runner-commands.ts';
import { createJobLog } from '../../src/report/job-log.ts';
import { createRedactor } from '../../src/report/redactor.ts';

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
  const log = createJobLog(createRedactor());
  log.info(text);
  for (const line of printed.split(/\r\n|[\r\n]/)) expect(line.trim()).not.toMatch(/^::/);
  expect(printed).not.toContain('##[');
});

test('secrets are removed from lines, annotations, titles, groups and debug lines', () => {
  const redactor = createRedactor();
  redactor.add('s3cret-value');
  const log = createJobLog(redactor);
  log.info('s3cret-value');
  log.warning('s3cret-value', 's3cret-value');
  log.error('s3cret-value', 's3cret-value');
  log.debug('s3cret-value');
  log.startGroup('s3cret-value');
  expect(printed).not.toContain('s3cret-value');
  expect(printed.match(/\*\*\*/g)).toHaveLength(7);
});

test.each([
  ['a control character', 's3cret\u0007-value'],
  ['a carriage return', 's3cret-\rvalue'],
  ['a turn of the reading direction', 's3cr\u202eet-value'],
  ['a line separator', 's3cret-val\u2028ue'],
  ['a zero width', 's3cret\u200b-value'],
])('a secret split by %s is removed from the log', (_, text) => {
  const redactor = createRedactor();
  redactor.add('s3cret-value');
  const log = createJobLog(redactor);
  log.info(`It says ${text}.`);
  log.debug(text);
  log.error(text, text, text);
  expect(printed.match(/\*\*\*/g)).toHaveLength(5);
  expect(printed).not.toMatch(/s3cr|alue/);
});

test.each([
  ['in the workspace', '/ws/config/a,b:c.csv', 'config/a,b:c.csv'],
  ['that only looks as if it were outside', '/ws/..csv', '..csv'],
  ['beside the workspace', '/ws2/a.csv', undefined],
  ['above it', '/a.csv', undefined],
  ['the workspace itself', '/ws', undefined],
])('an annotation names a path %s in the runner’s form', (_, path, file) => {
  createJobLog(createRedactor(), '/ws').annotate('error', 'It is wrong.', 'Title', { path, line: 12 });
  const properties = file === undefined ? { title: 'Title' } : { title: 'Title', file, line: '12' };
  expect(parseCommand(printed.trim())).toEqual({ name: 'error', properties, value: 'It is wrong.' });
});

test('an annotation of a row is one line of reasonable length, and contains no other command', () => {
  const log = createJobLog(createRedactor(), '/ws');
  log.annotate('warning', `one\r\n::error::two ${'x'.repeat(9000)}`, 'a\nb', { path: '/ws/a', line: undefined });
  expect(printed.trim().split('\n')).toHaveLength(1);
  expect(parseCommand(printed.trim())).toMatchObject({ name: 'warning', properties: { title: 'a b' } });
  expect(printed).toMatch(/::one (: ?:)error::two x{900}/);
  expect(printed.length).toBeLessThan(1100);
});

test('the annotations that GitHub still shows are counted per level', () => {
  const log = createJobLog(createRedactor());
  for (let number = 0; number < 12; number += 1) log.warning('x');
  log.error('x', 'y');
  log.annotate('error', 'x', 'y', { path: '/a', line: 1 });
  expect([log.roomFor('warning'), log.roomFor('error')]).toEqual([0, 8]);
});
