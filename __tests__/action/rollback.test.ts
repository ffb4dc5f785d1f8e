/** Rolling back: what production showed before, by the bytes that were kept. */
import { expect, test } from '@jest/globals';
import { statesOf } from './github-harness.ts';

import { liveBundle, platformWith, rollBack } from './rollback-harness.ts';

test('the bundle that was live before goes live again, byte for byte', async () => {
  const { emulator, deployed } = await platformWith(['one', 'two']);
  const [one] = deployed;
  const run = await rollBack({ emulator });
  console.log(run.lines.join('\n'), run.stderr, run.summary.slice(0, 3000));
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  expect(liveBundle(emulator)).toBe(one?.sha256);
  expect(statesOf(emulator)).toEqual([
    ['in_progress', 'success', 'inactive'],
    ['in_progress', 'success', 'inactive'],
    ['in_progress', 'success'],
  ]);
});
