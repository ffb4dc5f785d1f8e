/** An artifact service that is down: only real waiting shows that it costs one warning and some time, and nothing else. */
import { expect, test } from '@jest/globals';
import type { Fault } from '../../src/emulator/fault-types.ts';
import { payloadOf, warningList } from './artifact-harness.ts';
import { githubPlatform, onGitHub, statesOf } from './github-harness.ts';

const OUTAGES: (Fault & { says: RegExp; seconds: number })[] = [
  { call: 'artifacts.create', effect: 'status', status: 503, says: /503/, seconds: 90 },
  { call: 'artifacts.create', effect: 'reset-before', says: /connection .* failed/, seconds: 90 },
  { call: 'artifacts.create', effect: 'hang', says: /not done after 180 s/, seconds: 195 },
  { call: 'artifacts.putBlock', effect: 'status', status: 500, says: /not taken|failed/, seconds: 190 },
  { call: 'artifacts.putBlock', effect: 'reset-before', says: /connection .* failed/, seconds: 190 },
  { call: 'artifacts.putBlock', effect: 'hang', says: /not done after 180 s/, seconds: 195 },
  { call: 'artifacts.finalize', effect: 'status', status: 500, says: /500/, seconds: 90 },
  { call: 'artifacts.finalize', effect: 'hang', says: /not done after 180 s/, seconds: 195 },
];

test.each(OUTAGES)('$call, $effect for ever: green, shown, one warning', async ({ says, seconds, ...fault }) => {
  const emulator = await githubPlatform({ faults: [{ ...fault, times: 'always' } as Fault] });
  const run = await onGitHub({ emulator });
  console.log(`${fault.call}, ${fault.effect}: ${(run.durationMs / 1000).toFixed(0)} s, ${warningList(run).join(' ')}`);
  expect(run.exitCode).toBe(0);
  expect(run.outputs).toMatchObject({ outcome: 'deployed' });
  expect(warningList(run)).toEqual([expect.stringMatching(says)]);
  expect(run.durationMs).toBeLessThan(seconds * 1000);
  expect(statesOf(emulator)).toEqual([['in_progress', 'success']]);
  expect(payloadOf(emulator)).toMatchObject({ artifact_id: null });
  expect(run.outputs).not.toHaveProperty('artifact-id');
});
