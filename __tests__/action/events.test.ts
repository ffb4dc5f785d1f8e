/** The event stream at its worst. */
import { expect, test } from '@jest/globals';
import type { Fault } from '../../emulator/emulator.ts';
import { deploy, deployReleasedAtStream, failureOf, platform, stepLines, warningsOf } from './harness.ts';

const ALL_STEPS = [
  expect.stringMatching(/^queued/),
  expect.stringMatching(/^initializing, \d+ %$/),
  expect.stringMatching(/^downloading, \d+ %$/),
  expect.stringMatching(/^unzipping, \d+ %$/),
  expect.stringMatching(/^processing, \d+ %$/),
  expect.stringMatching(/^deploying, \d+ %$/),
  expect.stringMatching(/^finalizing, \d+ %$/),
  'completed',
];

test.each<[string, Omit<Fault, 'call' | 'times'>]>([
  ['single bytes', { effect: 'chunking', chunking: 'bytes' }],
  ['chunks that split characters', { effect: 'chunking', chunking: 'split-multibyte' }],
  ['CRLF', { effect: 'chunking', chunking: 'crlf' }],
  ['CR', { effect: 'chunking', chunking: 'cr' }],
  ['a byte-order mark', { effect: 'bom' }],
  ['comments', { effect: 'comments' }],
  ['JSON over many data lines', { effect: 'multiline' }],
  ['repeated events', { effect: 'repeat', copies: 3 }],
  ['event ids', { effect: 'id' }],
] as [string, Omit<Fault, 'call' | 'times'>][])('reads a stream with %s, each step once', async (_, fault) => {
  // Otherwise a slow client would miss the deployment's first state.
  const emulator = await platform({ stepMs: 40, holdDeploymentsAt: 'queued' });
  emulator.addFault({ call: 'events', times: 'always', ...fault } as Fault);
  const run = await deployReleasedAtStream(emulator, 1);
  expect(run.outputs['outcome']).toBe('deployed');
  expect(stepLines(run.lines)).toEqual(ALL_STEPS);
});

test('reads the documented form of events too', async () => {
  const emulator = await platform({ sseForm: 'documented', stepMs: 40, holdDeploymentsAt: 'queued' });
  const run = await deployReleasedAtStream(emulator, 1);
  expect(stepLines(run.lines)).toEqual(ALL_STEPS);
});

test('malformed events are skipped with a few warnings, unknown ones are passed on', async () => {
  const emulator = await platform({ stepMs: 20 });
  emulator.addFault({ call: 'events', effect: 'malformed', times: 'always' });
  emulator.addFault({ call: 'events', effect: 'unknown', times: 'always' });
  const run = await deploy({ emulator });
  expect(run.outputs['outcome']).toBe('deployed');
  const skipped = warningsOf(run).match(/Skipped in the deployment's event stream/g) ?? [];
  expect(skipped.length).toBeGreaterThan(0);
  expect(skipped.length).toBeLessThanOrEqual(3);
});

test('a broken connection is opened again, with Last-Event-ID if there was one', async () => {
  const emulator = await platform({ stepMs: 40 });
  emulator.addFault({ call: 'events', effect: 'id', times: 'always' });
  emulator.addFault({ call: 'events', effect: 'reset-after', events: 2 });
  const run = await deploy({ emulator });
  expect(run.outputs['outcome']).toBe('deployed');
  const [first, second] = emulator.requests.filter(({ call }) => call === 'events');
  expect(first?.lastEventId).toBeUndefined();
  expect(second?.lastEventId).toMatch(/\d+/);
});

test.each([
  ['a 503', { effect: 'status', status: 503 }],
  ['a 404 just after creating', { effect: 'status', status: 404 }],
  ['a reset', { effect: 'reset-before' }],
] as const)('%s on the stream is survived', async (_, fault) => {
  const emulator = await platform();
  emulator.addFault({ call: 'events', ...fault });
  expect((await deploy({ emulator })).outputs['outcome']).toBe('deployed');
});

test('a stream that is refused permanently leaves the outcome unknown, with the reason', async () => {
  const emulator = await platform({ holdDeploymentsAt: 'deploying' });
  emulator.addFault({ call: 'events', effect: 'status', status: 403, times: 'always' });
  const run = await deploy({ emulator });
  expect(run.outputs['outcome']).toBe('unknown');
  expect(failureOf(run).message).toMatch(/403.*deployments_read_only/s);
});

test('hostile text in the stream can neither issue runner commands nor break out of the summary', async () => {
  const emulator = await platform({ stepMs: 20 });
  const text =
    '\n::set-output name=url::https://evil.example\r::error::fake\n| </td></table> <script>alert(1)</script> `x` @octocat ##[error]fake';
  emulator.addFault({ call: 'events', effect: 'hostile', text, times: 'always' });
  const run = await deploy({ emulator });
  expect(run.lines.filter((line) => /^\s*::(set-output|error)/.test(line))).toEqual([]);
  expect(run.lines.join('\n')).not.toContain('##[error]');
  expect(run.summary).not.toContain('<script>');
  expect(run.outputs['url'] ?? '').not.toContain('evil');
});
