/** The way back to what was deployed before. */
import assert from 'node:assert/strict';
import type { Case } from '../case.ts';
import { expectGreen, expectJobs, shownDeployments, stepOf } from '../expect.ts';
import { examplePath, readMarkdownWorkflow } from '../written-workflows.ts';

export const ROLLBACK: readonly Case[] = ['rollback.yml', 'rollback/README.md'].map((written) => ({
  name: `${written}: looked at first, then by one`,
  covers: [written],
  play: async (stage) => {
    const { emulator, events, repository } = stage;
    const bundles: (string | undefined)[] = [];
    for (const sha of [repository.main, repository.head]) {
      const run = await stage.run(examplePath('production.yml'), events.push('main', sha));
      bundles.push(stepOf(run, 'deploy', 'catalyst-deploy-action@').outputs['bundle-sha256']);
    }
    assert.equal(new Set(bundles).size, 2);
    const path = written.endsWith('.yml')
      ? examplePath(written)
      : stage.writeWorkflow('rollback.yml', readMarkdownWorkflow(written));

    const look = await stage.run(path, events.byHand({ 'from-deployment': '', 'dry-run': 'true' }));
    const found = { 'source-sha': repository.main, 'bundle-sha256': bundles[0] };
    expectGreen(stepOf(look, 'rollback', 'rollback@'), 'dry-run', found);
    assert.equal(emulator.deployments.length, 2);

    const back = await stage.run(path, events.byHand());
    expectJobs(back, { rollback: 'success' });
    expectGreen(stepOf(back, 'rollback', 'rollback@'), 'deployed', found);
    assert.deepEqual(shownDeployments(emulator), [
      'production: in_progress, success, inactive',
      'production: in_progress, success, inactive',
      'production: in_progress, success',
    ]);
    const variables = emulator.deployments.map(({ environmentVariables }) => environmentVariables);
    assert.deepEqual(variables[2], variables[0]);
  },
}));
