/** A GitHub that is down, or never answers: how long the gate takes to say so, and that nothing is left open. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { Call, FaultEffect } from '../../emulator/services.ts';
import { checksOf, DECIDING, decisionOf, onCommand, previewComment } from './gate-harness.ts';
import { warningList } from './github-fault-helpers.ts';
import { githubPlatform } from './github-harness.ts';
import { failureOf } from './harness.ts';

/** The client's own bounds: 15 s a try, tries begin within 20 s; a minute that GitHub itself asks for. */
const DECIDING_S = 40;
const TELLING_S = 110;

async function platformWith(call: Call | 'github.any', effect: FaultEffect): Promise<Emulator> {
  const emulator = await githubPlatform();
  emulator.github.addPullRequest({ number: 12 });
  emulator.addFault({ call, times: 'always', ...effect });
  return emulator;
}

test.each<[string, FaultEffect, RegExp]>([
  ['answers 503', { effect: 'status', status: 503 }, /githubstatus\.com\. Then run this job again\..*answered 503/s],
  [
    'never answers',
    { effect: 'hang' },
    /got no answer in time.*Check that the runner reaches.*Then run this job again/s,
  ],
  ['breaks off', { effect: 'reset-before' }, /Check that the runner reaches.*Then run this job again/s],
])('a call that decides and %s: red, in time, with what to do', async (_, effect, words) => {
  const runs = await Promise.all(
    DECIDING.map(async ([call, start]) => {
      const emulator = await platformWith(call, effect);
      return { emulator, run: await start(emulator) };
    }),
  );
  for (const { emulator, run } of runs) {
    expect({ exitCode: run.exitCode, deploy: run.outputs['deploy'] }).toEqual({ exitCode: 1, deploy: 'false' });
    expect(failureOf(run).message).toMatch(words);
    expect(run.durationMs).toBeLessThan(DECIDING_S * 1000);
    expect(emulator.github.checkRuns).toEqual([]);
    expect(previewComment(emulator)).toBeUndefined();
  }
});

test('calls that only show something and never answer: the command is accepted, in time, with a warning each', async () => {
  const calls = [
    'github.createReaction',
    'github.createCheckRun',
    'github.listComments',
    'github.updateCheckRun',
  ] as const;
  const runs = await Promise.all(
    calls.map(async (call) => {
      const emulator = await platformWith(call, { effect: 'hang' });
      return { call, emulator, run: (await onCommand({ emulator })).run };
    }),
  );
  for (const { call, emulator, run } of runs) {
    expect({ call, ...decisionOf(run) }).toEqual({ call, deploy: 'true', reason: 'takeover' });
    expect({ call, warnings: warningList(run).length }).toEqual({ call, warnings: 1 });
    expect(run.durationMs).toBeLessThan(TELLING_S * 1000);
    const open = checksOf(emulator).filter(({ status }) => status !== 'completed');
    expect({ call, open: open.length }).toEqual({ call, open: call === 'github.updateCheckRun' ? 1 : 0 });
  }
});
