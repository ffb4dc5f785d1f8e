/** An upload that cannot succeed. */
import { expect, test } from '@jest/globals';
import { callsOf, deploy, platform } from './harness.ts';

test('storage that never recovers ends in an error, not in a hang', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'upload', effect: 'reset-before', times: 'always' });
  const run = await deploy({ emulator });
  expect(run.exitCode).toBe(1);
  expect(run.outputs['outcome']).toBe('error');
  expect(callsOf(emulator).filter((call) => call === 'upload').length).toBeGreaterThan(2);
});
