/** A rollback that is cancelled ends as cancelled, whatever it was about to find. */
import { expect, test } from '@jest/globals';
import { type FindDependencies, findBundle } from '../../src/actions/rollback/rollback.ts';
import { CancelledError } from '../../src/errors.ts';
import type { RollbackInputs } from '../../src/inputs/rollback.ts';

const INPUTS = {
  variables: [{ type: 'secret', key: 'KEY', value: 'value' }],
  project: { kind: 'default' },
  from: { kind: 'previous' },
  environment: 'production',
  dryRun: true,
} as unknown as RollbackInputs;

/** On a GitHub without deployments. @param onList called when they are listed */
async function find(signal: AbortSignal, onList = () => {}) {
  const phase = { info: () => {}, status: () => {}, result: () => {} };
  const dependencies = {
    github: {
      listDeployments: async function* () {
        onList();
        yield* [];
      },
    },
    run: { warn: () => {}, debug: () => {}, phase: (_title: string, work: (one: unknown) => unknown) => work(phase) },
    signal,
  } as unknown as FindDependencies;
  return await findBundle(INPUTS, dependencies);
}

test('a cancellation explains why nothing was found after it', async () => {
  await expect(find(new AbortController().signal)).rejects.not.toBeInstanceOf(CancelledError);
  const job = new AbortController();
  const cancelled = new CancelledError('The job was cancelled.');
  await expect(find(job.signal, () => job.abort(cancelled))).rejects.toBe(cancelled);
});
