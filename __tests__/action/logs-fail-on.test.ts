/** `logs`: what `fail-on` makes of errors and exceptions, each way. */
import { expect, test } from '@jest/globals';
import { failureOf, platform } from './harness.ts';
import { add, expectEnd, fileLines, logged, readLogs, thrown } from './logs-harness.ts';

const LOGS = {
  clean: [logged('info', 'fine'), logged('warn', 'slow')],
  errors: [logged('info', 'fine'), logged('error', 'price of 12 is missing'), logged('error', 'price of 7 is missing')],
  exceptions: [logged('info', 'fine'), thrown('TypeError', 'x is not a function', '/login')],
};

test.each<[keyof typeof LOGS, string, 'complete' | 'failed']>([
  ['clean', 'error', 'complete'],
  ['clean', 'exception', 'complete'],
  ['errors', 'never', 'complete'],
  ['errors', 'exception', 'complete'],
  ['errors', 'error', 'failed'],
  ['exceptions', 'never', 'complete'],
  ['exceptions', 'exception', 'failed'],
  ['exceptions', 'error', 'failed'],
])('%s with `fail-on: %s`: %s', async (kind, failOn, outcome) => {
  const emulator = await platform();
  add(emulator, ...LOGS[kind]);
  const run = await readLogs({ emulator, inputs: { 'fail-on': failOn } });
  expectEnd(run, outcome, { entries: LOGS[kind].length });
  expect(fileLines(run)).toHaveLength(LOGS[kind].length);
});

test('the message says how many, which kinds, and what to do', async () => {
  const emulator = await platform();
  add(emulator, ...LOGS.errors, ...LOGS.exceptions);
  const run = await readLogs({ emulator, inputs: { 'fail-on': 'error' } });
  const { title, message } = failureOf(run);
  expect(title).toBe('Errors in the worker’s log');
  expect(message).toContain(
    [
      'The worker logged 2 errors and 1 exception, in 5 entries (`fail-on: error`):',
      '- price of 12 is missing (2 times; on /products)',
      '- TypeError: x is not a function (on /login)',
    ].join('\n'),
  );
  expect(message).toMatch(/What to do: .*worker-log-\w+\.log.*`format: request`/);
  expect(run.summary).toContain('## ❌ Worker log: 2 errors and 1 exception in 5 entries\n');
  expect(run.summary).toContain('**What to do:**');
});

test('exceptions alone count with `fail-on: exception`', async () => {
  const emulator = await platform();
  add(emulator, ...LOGS.errors, ...LOGS.exceptions);
  const run = await readLogs({ emulator, inputs: { 'fail-on': 'exception' } });
  expectEnd(run, 'failed', { errors: 2, exceptions: 1 });
  const { title, message } = failureOf(run);
  expect(title).toBe('Exceptions in the worker’s log');
  expect(message).toContain('The worker logged 1 exception, in 5 entries');
  expect(message).not.toContain('price of');
});

test('an exception is named, however many errors there are', async () => {
  const emulator = await platform();
  const word = (number: number) => String.fromCodePoint(97 + (number % 26), 97 + Math.floor(number / 26)).repeat(2);
  add(emulator, thrown('TypeError', 'x is not a function', '/login'));
  for (let number = 0; number < 250; number += 1) add(emulator, ...Array(2).fill(logged('error', word(number))));
  const run = await readLogs({ emulator, inputs: { 'fail-on': 'exception' } });
  expectEnd(run, 'failed', { errors: 500, exceptions: 1 });
  const { message } = failureOf(run);
  expect(message).toContain('`fail-on: exception`):\n- TypeError: x is not a function (on /login)\nWhat to do: ');
  expect(run.summary).toContain('- 💥 1 × TypeError&#58; x is not a function · ');
});

test('what the filters leave out does not count', async () => {
  const emulator = await platform();
  add(emulator, ...LOGS.errors);
  const run = await readLogs({ emulator, inputs: { 'fail-on': 'error', url: '/checkout' } });
  expectEnd(run, 'complete', { entries: 0 });
});

test('of many kinds the first ones are named', async () => {
  const emulator = await platform();
  const word = (number: number) => String.fromCodePoint(97 + number).repeat(3);
  for (let number = 0; number < 26; number += 1) add(emulator, logged('error', `${word(number)} is broken`));
  const run = await readLogs({ emulator, inputs: { 'fail-on': 'error' } });
  expectEnd(run, 'failed', { errors: 26 });
  const { message } = failureOf(run);
  expect(message.match(/^- \w+ is broken \(on/gm)).toHaveLength(5);
  expect(message).toContain('- and 21 more kinds\n');
  expect(run.summary).toContain('and 6 more kinds: see the file');
});

test('of one kind more than are named, it is one kind', async () => {
  const emulator = await platform();
  for (const word of ['one', 'two', 'three', 'four', 'five', 'six']) add(emulator, logged('error', word));
  const run = await readLogs({ emulator, inputs: { 'fail-on': 'error' } });
  expect(failureOf(run).message).toContain('- and 1 more kind\n');
});

test('an error without a message is named as such', async () => {
  const emulator = await platform();
  add(emulator, logged('error', ''));
  const run = await readLogs({ emulator, inputs: { 'fail-on': 'error' } });
  expect(failureOf(run).message).toContain('- (no message) (on /products)\n');
  expect(run.summary).toContain('- 🔴 1 × &#40;no message&#41; · ');
});
