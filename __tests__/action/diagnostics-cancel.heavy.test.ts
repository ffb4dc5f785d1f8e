/** The support bundle of a run that is cancelled or killed: the post step stores what the main step could write. */
import { expect, test } from '@jest/globals';
import { timeoutMs } from '../timeouts.ts';
import { readParts, storedBundles, storedParts } from './diagnostics-harness.ts';
import { endAt, momentsOn } from './github-cancel-harness.ts';
import { ownComments, statesOf } from './github-harness.ts';
import { failureOf } from './harness.ts';

const MOMENTS = momentsOn('pull request').filter(([, { unseen }]) => unseen !== true);

test.each(MOMENTS)('cancelled %s: it is named, and the post step stores it', async (_, given) => {
  const moment = { ...given, inputs: { ...given.inputs, diagnostics: 'on-failure' } };
  const { emulator, main, post } = await endAt(moment, 'pull request', 'SIGINT');
  expect(main.cancelMs).toBeLessThan(timeoutMs(5000));
  expect({ outcome: main.outputs['outcome'], signal: main.signal }).toEqual({ outcome: 'cancelled', signal: null });
  const path = main.outputs['diagnostics-path'];
  if (path === undefined) {
    // BigCommerce was not asked for anything yet.
    expect(emulator.requests.filter(({ call }) => !/^(?:github|artifacts)\./.test(call))).toEqual([]);
    return;
  }
  const name = /Support bundle: (\S+\.zip) \(this action’s post step stores it/.exec(failureOf(main).message)?.[1];
  expect(main.summary).toContain(`<code>${name}</code>`);
  expect(ownComments(emulator)[0]?.body).toContain(`<code>${name}</code>`);
  expect(readParts(path)['README.txt']).toContain('Outcome: cancelled');
  const states = statesOf(emulator);
  const after = await post();
  expect(after).toMatchObject({ exitCode: 0, annotations: [], stderr: '' });
  expect(storedBundles(emulator).map((one) => one.name)).toEqual([name]);
  expect(after.lines.join('\n')).toContain(`Support bundle: ${name}, https://github.com/`);
  expect((await storedParts(emulator))['timeline.json']).toContain('"type":"ending"');
  // All else was closed.
  expect(statesOf(emulator)).toEqual(states);
});

test('killed: the post step ends the run, without one', async () => {
  const given = momentsOn('push').find(([name]) => name === 'while following')?.[1];
  if (given === undefined) throw new Error('no such moment');
  const moment = { ...given, inputs: { ...given.inputs, diagnostics: 'on-failure' } };
  const { emulator, post } = await endAt(moment, 'push', 'SIGKILL');
  const after = await post();
  expect(after.outputs['outcome']).toBe('cancelled');
  expect(after.everything).not.toContain('Support bundle');
  expect(storedBundles(emulator)).toEqual([]);
});
