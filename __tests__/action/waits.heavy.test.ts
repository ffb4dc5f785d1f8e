/** What only real waiting can show: time-outs, watchdogs, signs of life, and the 30-second cut. */
import { expect, test } from '@jest/globals';
import { callsOf, deploy, deployReleasedAtStream, platform } from './harness.ts';

test('a call that is never answered times out and is tried again', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'sign', effect: 'hang' });
  const run = await deploy({ emulator });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(callsOf(emulator).filter((call) => call === 'sign')).toHaveLength(2);
});

test('an upload that stalls is given up and made anew', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'upload', effect: 'stall-upload', afterBytes: 0 });
  const run = await deploy({ emulator });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(callsOf(emulator).filter((call) => call === 'upload')).toHaveLength(2);
  expect(run.lines.some((line) => line.startsWith('Still running after'))).toBe(true);
});

test('an event stream that goes silent is made anew; one sign of life each 15 s', async () => {
  const emulator = await platform({ holdDeploymentsAt: 'deploying' });
  emulator.addFault({ call: 'events', effect: 'silence', events: 1 });
  const run = await deployReleasedAtStream(emulator, 2);
  expect(run.outputs['outcome']).toBe('deployed');
  const signs = run.lines.filter((line) => line.startsWith('Still running after'));
  expect(signs.length).toBeGreaterThanOrEqual(1);
  expect(signs.length).toBeLessThanOrEqual(3);
});

test('the real 30 s cut: the verdict comes on the second connection', async () => {
  const emulator = await platform({ holdDeploymentsAt: 'deploying' });
  const run = await deployReleasedAtStream(emulator, 2);
  expect(run.outputs['outcome']).toBe('deployed');
  const [first, second] = emulator.requests.filter(({ call }) => call === 'events');
  expect((second?.startedAtMs ?? 0) - (first?.endedAtMs ?? 0)).toBeLessThan(1000);
});

test.each([-600_000, 600_000])(
  'a runner whose clock is %i ms off waits no longer, and no shorter, until a date',
  async (offMs) => {
    const emulator = await platform();
    const date = new Date(Date.now() + 8000).toUTCString();
    emulator.addFault({ call: 'sign', effect: 'status', status: 503, headers: { 'Retry-After': date } });
    const shifted = `const { now } = Date; Date.now = () => now() + (${offMs});`;
    const run = await deploy({
      emulator,
      env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(shifted)}` },
    });
    expect(run.outputs['outcome']).toBe('deployed');
    const [first, second] = emulator.requests.filter(({ call }) => call === 'sign');
    const waitedMs = (second?.startedAtMs ?? 0) - (first?.endedAtMs ?? 0);
    expect(waitedMs).toBeGreaterThan(1900);
    expect(waitedMs).toBeLessThan(12_000);
  },
);
