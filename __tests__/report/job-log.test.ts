import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
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

test('secrets go from lines, annotations, titles, groups and debug lines', () => {
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
