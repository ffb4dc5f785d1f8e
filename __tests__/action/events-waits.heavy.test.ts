/** The event stream, opened again after the pauses that the server or the action wants. */
import { expect, test } from '@jest/globals';
import { deploy, deployReleasedAtStream, platform, stepLines } from './harness.ts';

test('a stream cut ten times still ends in the verdict', async () => {
  const emulator = await platform({ holdDeploymentsAt: 'deploying' });
  emulator.addFault({ call: 'events', effect: 'cut-after', events: 1, times: 10 });
  const run = await deployReleasedAtStream(emulator, 11);
  expect(run.outputs['outcome']).toBe('deployed');
  expect(emulator.requests.filter(({ call }) => call === 'events')).toHaveLength(11);
  expect(stepLines(run.lines).filter((line) => line?.startsWith('deploying'))).toHaveLength(1);
});

test('retry: of the server is honoured', async () => {
  const emulator = await platform({ holdDeploymentsAt: 'deploying' });
  emulator.addFault({ call: 'events', effect: 'retry', retryMs: 1800 });
  emulator.addFault({ call: 'events', effect: 'cut-after', events: 1 });
  const run = await deployReleasedAtStream(emulator, 2);
  expect(run.outputs['outcome']).toBe('deployed');
  const [first, second] = emulator.requests.filter(({ call }) => call === 'events');
  expect((second?.startedAtMs ?? 0) - (first?.endedAtMs ?? 0)).toBeGreaterThanOrEqual(1790);
});

test('the action waits as long as a refusal of the stream says', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'events', effect: 'status', status: 429, headers: { 'Retry-After': '2' } });
  const run = await deploy({ emulator });
  expect(run.outputs['outcome']).toBe('deployed');
  const [first, second] = emulator.requests.filter(({ call }) => call === 'events');
  expect((second?.startedAtMs ?? 0) - (first?.startedAtMs ?? 0)).toBeGreaterThanOrEqual(1990);
});
