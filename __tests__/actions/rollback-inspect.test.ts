/** An earlier bundle that may not be deployed does not stay on the runner. */
import { expect, test } from '@jest/globals';
import { inspectOrDiscard } from '../../src/actions/rollback/rollback.ts';
import { bundleOf } from './verification/helpers.ts';

test.each([
  ['passes its check stays', undefined, []],
  ['does not pass it goes', new Error('refused'), ['/old.zip']],
])('a bundle that %s', async (_, fault, gone) => {
  const discarded: string[] = [];
  const bundle = bundleOf('old');
  const inspect = async () => (fault === undefined ? bundle : Promise.reject(fault));
  const discard = async (path: string) => void discarded.push(path);
  const ended = await inspectOrDiscard('/old.zip', { inspect, discard }).catch((error: unknown) => error);
  expect(ended).toBe(fault ?? bundle);
  expect(discarded).toEqual(gone);
});
