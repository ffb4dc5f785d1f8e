/** Deployments to production and staging, as examples have them. */
import assert from 'node:assert/strict';
import type { Emulator } from '../../../emulator/emulator.ts';
import type { Case } from '../case.ts';
import { countCalls, expectGreen, expectJobs, shownDeployments, stepOf } from '../expect.ts';
import type { Stage, WorkflowRun } from '../stage.ts';
import { examplePath } from '../written-workflows.ts';

const OURS = 'catalyst-deploy-action@';
const URL = /^https:\/\/demo-storefront-[\w-]+\.storefront\.example$/;

export const PRODUCTION: readonly Case[] = [
  {
    name: 'production.yml',
    covers: ['production.yml'],
    play: async (stage) => {
      const run = await stage.run(examplePath('production.yml'), stage.events.push());
      expectDeployed(stage, run, 'production');
    },
  },
  {
    name: 'separate-jobs.yml',
    covers: ['separate-jobs.yml'],
    needs: 'jq',
    play: async (stage) => {
      const run = await stage.run(examplePath('separate-jobs.yml'), stage.events.push());
      expectJobs(run, { build: 'success', deploy: 'success' });
      expectDeployed(stage, run, 'production');
    },
  },
  ...(['push', 'byHand'] as const).map(
    (started): Case => ({
      name: `staging.yml, ${started === 'push' ? 'for a push' : 'by hand'}`,
      covers: ['staging.yml'],
      play: async (stage) => {
        const event = started === 'push' ? stage.events.push('staging') : stage.events.byHand({}, 'staging');
        expectDeployed(stage, await stage.run(examplePath('staging.yml'), event), 'staging');
      },
    }),
  ),
];

/**
 * Green, live, and shown on GitHub; the bundle is what was built, stored, with the variables that were given.
 * @param sha the commit that was pushed
 */
export function expectDeployed(
  { emulator, repository }: Stage,
  run: WorkflowRun,
  environment: string,
  sha = repository.main,
): void {
  assert.equal(run.exitCode, 0);
  expectGreen(stepOf(run, 'deploy', OURS), 'deployed', { url: URL, 'artifact-id': /^\d+$/, 'bundle-files': '2' });
  assert.deepEqual(shownDeployments(emulator), [`${environment}: in_progress, success`]);
  assert.equal(emulator.github.deployments[0]?.sha, sha);
  assert.deepEqual(countCalls(emulator, 'upload', 'createDeployment'), { upload: 1, createDeployment: 1 });
  expectVariables(emulator);
}

/** Those that a storefront reads, and what the action adds. */
export function expectVariables(emulator: Emulator): void {
  const variables = emulator.deployments[0]?.environmentVariables ?? [];
  assert.deepEqual(variables.map(({ key, type }) => `${key} ${type}`).sort(), [
    'AUTH_SECRET secret',
    'AUTH_TRUST_HOST plain_text',
    'BIGCOMMERCE_CHANNEL_ID plain_text',
    'BIGCOMMERCE_STOREFRONT_TOKEN secret',
    'BIGCOMMERCE_STORE_HASH plain_text',
    'CATALYST_HOSTING plain_text',
  ]);
}
