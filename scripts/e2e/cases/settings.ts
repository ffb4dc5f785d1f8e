/** The action within what teams build around it: matrix, composite action, reusable workflow, monorepo. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Emulator } from '../../../emulator/emulator.ts';
import type { Case } from '../case.ts';
import { expectGreen, expectJobs, jobOf, shownDeployments, stepOf } from '../expect.ts';

const workerOf = (name: string) => `export default { fetch: () => new Response("${name}") };\n`;
const textOf = (name: string) => readFileSync(new URL(`../workflows/${name}`, import.meta.url), 'utf8');

export const SETTINGS: readonly Case[] = [
  {
    name: 'a matrix of two storefronts',
    files: { 'core/worker.js': workerOf('core'), 'outlet/worker.js': workerOf('outlet') },
    play: async (stage) => {
      const { emulator } = stage;
      const run = await stage.runFixture('matrix.yml', stage.events.push());
      expectJobs(run, { 'deploy-1': 'success', 'deploy-2': 'success' });
      const bundles = ['deploy-1', 'deploy-2'].map((job) => {
        const step = stepOf(run, job, 'deploy');
        expectGreen(step, 'deployed', { url: new RegExp(`^https://${jobOf(run, job).matrix['storefront']}-`) });
        return step.outputs['bundle-sha256'];
      });
      assert.equal(new Set(bundles).size, 2);
      assert.deepEqual(shownDeployments(emulator).sort(), [
        'core: in_progress, success',
        'outlet: in_progress, success',
      ]);
      assert.equal(new Set(emulator.artifacts.list.map(({ name }) => name)).size, 2);
      assert.deepEqual(emulator.projects.map(({ name }) => name).sort(), ['core', 'demo-storefront', 'outlet']);
    },
  },
  {
    name: 'within a composite action',
    files: { '.github/actions/storefront/action.yml': textOf('composite-action.yml') },
    play: async (stage) => {
      const run = await stage.runFixture('composite.yml', stage.events.push());
      expectJobs(run, { deploy: 'success' });
      const url = deployedTo(stage.emulator);
      expectGreen(stepOf(run, 'deploy', 'storefront/deploy'), 'deployed', { url });
      assert.deepEqual(stepOf(run, 'deploy', 'Use its outputs').lines, [`Live at ${url}`]);
    },
  },
  {
    name: 'within a reusable workflow, with secrets: inherit',
    files: { '.github/workflows/deploy-storefront.yml': textOf('reusable-called.yml') },
    play: async (stage) => {
      const { emulator } = stage;
      const run = await stage.runFixture('reusable.yml', stage.events.push());
      const url = deployedTo(emulator);
      expectGreen(stepOf(run, 'deploy', 'deploy'), 'deployed', { url });
      assert.deepEqual(stepOf(run, 'tell', 'Use its outputs').lines, [`Live at ${url}`]);
      assert.equal(run.exitCode, 0);
      const given = emulator.deployments[0]?.environmentVariables.find(({ key }) => key === 'AUTH_SECRET');
      assert.equal(given?.value, 'value-of-secrets.AUTH_SECRET');
    },
  },
  {
    name: 'a working directory',
    files: { 'core/worker.js': workerOf('core') },
    play: async (stage) => {
      const run = await stage.runFixture('working-directory.yml', stage.events.push());
      expectJobs(run, { deploy: 'success' });
      const step = stepOf(run, 'deploy', 'deploy');
      expectGreen(step, 'deployed', { url: deployedTo(stage.emulator), 'bundle-files': '1' });
      assert.deepEqual(stage.emulator.deployments[0]?.files, ['output/worker.js']);
    },
  },
];

/** The address of the one deployment. */
function deployedTo({ deployments }: Emulator): string {
  assert.deepEqual(
    deployments.map(({ status }) => status),
    ['completed'],
  );
  return `https://${deployments[0]?.deploymentHostnames[0]}`;
}
