/** What is worth another try, after the pauses that lie between. */
import { expect, test } from '@jest/globals';
import { callsOf, deploy, platform } from './harness.ts';

test.each([1, 3])('max-attempts %i makes exactly that many deployments', async (attempts) => {
  const emulator = await platform();
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 50, times: 'always' });
  const run = await deploy({ emulator, inputs: { 'max-attempts': String(attempts) } });
  expect(run.outputs).toMatchObject({ outcome: 'failed', 'error-code': '50' });
  expect(emulator.deployments).toHaveLength(attempts);
});

test('on-conflict wait: tries again within 5 s with the same upload, until the other deployment is done', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'createDeployment', effect: 'conflict' });
  const run = await deploy({ emulator, inputs: { 'on-conflict': 'wait' } });
  expect(run.outputs['outcome']).toBe('deployed');
  const creates = emulator.requests.filter(({ call }) => call === 'createDeployment');
  expect(creates.map(({ status }) => status)).toEqual([409, 200]);
  expect((creates[1]?.startedAtMs ?? 0) - (creates[0]?.endedAtMs ?? 0)).toBeLessThan(5200);
  const pauses = run.lines.flatMap((line) => /Next try in ([\d.]+) s/.exec(line)?.[1] ?? []);
  expect(pauses.map((seconds) => Number(seconds) <= 5)).toEqual([true]);
  expect((creates[1]?.startedAtMs ?? 0) - (creates[0]?.endedAtMs ?? 0)).toBeGreaterThanOrEqual(Number(pauses[0]) * 900);
  expect(callsOf(emulator).filter((call) => call === 'upload')).toHaveLength(1);
});
