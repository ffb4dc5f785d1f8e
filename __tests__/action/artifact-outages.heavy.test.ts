/**
 * An artifact service that is down: only real waiting shows that it costs one warning and some time, and nothing else.
 */
import { expect, test } from '@jest/globals';
import type { Fault } from '../../emulator/emulator.ts';
import { payloadOf, warningList } from './artifact-harness.ts';
import { githubPlatform, onGitHub, statesOf } from './github-harness.ts';

/** 180 s before the deployment, and 45 s at its end. */
const BOTH_SECONDS = 250;
const LATE = /did not finish within 45 s/;

const OUTAGES: (Fault & { says: RegExp; seconds: number })[] = [
  { call: 'artifacts.create', effect: 'status', status: 503, says: /503/, seconds: 120 },
  { call: 'artifacts.create', effect: 'reset-before', says: /connection .* failed/, seconds: 90 },
  { call: 'artifacts.create', effect: 'hang', says: LATE, seconds: BOTH_SECONDS },
  { call: 'artifacts.putBlock', effect: 'status', status: 500, says: /not accepted|failed/, seconds: BOTH_SECONDS },
  { call: 'artifacts.putBlock', effect: 'reset-before', says: /connection .* failed/, seconds: BOTH_SECONDS },
  { call: 'artifacts.putBlock', effect: 'hang', says: LATE, seconds: BOTH_SECONDS },
  { call: 'artifacts.finalize', effect: 'status', status: 500, says: /500/, seconds: 120 },
  { call: 'artifacts.finalize', effect: 'hang', says: LATE, seconds: BOTH_SECONDS },
];

// All at a time, since they only wait.
test('a permanent outage: green, shown, one warning', async () => {
  const runs = await Promise.all(
    OUTAGES.map(async ({ says, seconds, ...fault }) => {
      const emulator = await githubPlatform({ faults: [{ ...fault, times: 'always' } as Fault] });
      return { name: `${fault.call}, ${fault.effect}`, says, seconds, emulator, run: await onGitHub({ emulator }) };
    }),
  );
  for (const { name, says, seconds, emulator, run } of runs) {
    const { exitCode, outputs, durationMs } = run;
    expect({ name, exitCode, outcome: outputs['outcome'] }).toEqual({ name, exitCode: 0, outcome: 'deployed' });
    expect({ name, warnings: warningList(run) }).toEqual({ name, warnings: [expect.stringMatching(says)] });
    expect({ name, inTime: durationMs < seconds * 1000, durationMs }).toMatchObject({ inTime: true });
    expect({ name, states: statesOf(emulator) }).toEqual({ name, states: [['in_progress', 'success']] });
    expect(payloadOf(emulator)).toMatchObject({ artifact_id: null });
    expect(outputs).not.toHaveProperty('artifact-id');
  }
});
