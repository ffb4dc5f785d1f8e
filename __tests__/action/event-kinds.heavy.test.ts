/** Every kind of event, as a runner passes it: one that cannot mean production sends nothing. */
import { expect, test } from '@jest/globals';
import { EVENT_KINDS } from '../github/event-kinds.ts';
import { githubPlatform, onGitHub } from './github-harness.ts';
import { failureOf } from './harness.ts';

test.each(EVENT_KINDS)('$kind', async ({ name, payload, env = {}, means, because }) => {
  const emulator = await githubPlatform();
  const run = await onGitHub({ emulator, event: { name, payload }, env });
  if (means === 'nothing') {
    expect({ exitCode: run.exitCode, outcome: run.outputs['outcome'] }).toEqual({ exitCode: 1, outcome: 'error' });
    expect(failureOf(run).message).toMatch(because ?? /^$/);
    expect(emulator.requests).toEqual([]);
    return;
  }
  expect(run.outputs['outcome']).toBe('deployed');
  const environment = means === 'production' ? 'production' : 'preview';
  expect(emulator.github.deployments).toMatchObject([{ environment }]);
});
