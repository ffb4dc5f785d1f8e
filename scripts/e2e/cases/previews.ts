/** Previews of pull requests: isolated with cleanup, sweep and promotion; shared with gate and command; of forks. */
import assert from 'node:assert/strict';
import type { Emulator } from '../../../emulator/emulator.ts';
import type { Case } from '../case.ts';
import { expectGreen, expectJobs, expectNoStep, expectStep, shownDeployments, stepOf } from '../expect.ts';
import type { Stage, WorkflowRun } from '../stage.ts';
import { examplePath, readMarkdownWorkflow } from '../written-workflows.ts';

const DEPLOY = 'catalyst-deploy-action@';
const CLEANUP = 'catalyst-deploy-action/preview-cleanup@';
const FORK = 'mona/storefront';

/** What was baked into a preview's bundle goes live with it. */
const BUILT_FOR_A_PREVIEW = [/^The bundle was built for preview/];
const NAME = /^storefront-[0-9a-f]{8}-pr-7$/;

export const PREVIEWS: readonly Case[] = [
  {
    name: 'isolated-previews.yml: opened, promoted by promote.yml, closed',
    covers: ['isolated-previews.yml', 'promote.yml', 'rollback/README.md#2', 'preview-cleanup/README.md'],
    play: async (stage) => {
      const { emulator, events } = stage;
      const preview = await openPreview(stage);
      assert.equal(emulator.github.comments.length, 1);

      const promotion = await stage.run(examplePath('promote.yml'), events.byHand({ 'pull-request': '7' }));
      expectJobs(promotion, { promote: 'success' });
      const bundle = { 'bundle-sha256': preview['bundle-sha256'], 'project-uuid': emulator.projects[0]?.uuid };
      expectGreen(stepOf(promotion, 'promote', 'rollback@'), 'deployed', bundle, BUILT_FOR_A_PREVIEW);
      const again = readMarkdownWorkflow('rollback/README.md', 2);
      const second = await stage.runText('promote.yml', again, events.byHand({ 'pull-request': '7' }));
      expectGreen(stepOf(second, 'promote', 'rollback@'), 'deployed', bundle, BUILT_FOR_A_PREVIEW);

      const closed = await stage.run(examplePath('isolated-previews.yml'), events.pullRequest('closed'));
      expectJobs(closed, { cleanup: 'success' });
      expectGreen(stepOf(closed, 'cleanup', CLEANUP), 'deleted', { 'deleted-count': '1' });
      expectNoPreview(emulator);
      const nothing = readMarkdownWorkflow('preview-cleanup/README.md');
      const repeated = await stage.runText('cleanup.yml', nothing, events.pullRequest('closed'));
      expectGreen(stepOf(repeated, 'cleanup', CLEANUP), 'nothing', { 'deleted-count': '0' });
    },
  },
  {
    name: "isolated-previews.yml for a fork's pull request: green, and nothing is built",
    covers: ['isolated-previews.yml'],
    play: async (stage) => {
      const event = stage.events.pullRequest('opened', FORK);
      const run = await stage.run(examplePath('isolated-previews.yml'), event);
      expectJobs(run, { deploy: 'success' });
      expectStep(stepOf(run, 'deploy', DEPLOY), 'success', { outcome: 'skipped', 'skipped-reason': 'fork' });
      for (const step of ['actions/checkout', 'pnpm catalyst build']) expectNoStep(run, 'deploy', step);
      assert.deepEqual(stage.emulator.deployments, []);
    },
  },
  {
    name: "shared-preview.yml for Dependabot's pull request: green, and nothing is built",
    covers: ['shared-preview.yml'],
    play: async (stage) => {
      const run = await stage.run(examplePath('shared-preview.yml'), stage.events.byDependabot());
      expectJobs(run, { preview: 'success' });
      expectNoStep(run, 'preview', 'pnpm catalyst build');
      assert.deepEqual(stage.emulator.deployments, []);
    },
  },
  {
    name: 'shared-preview.yml: a command whose build fails leaves no check open',
    covers: ['shared-preview.yml'],
    play: async (stage) => {
      const { emulator, events } = stage;
      events.pullRequest('synchronize');
      // The build refuses to run without it.
      const secrets = { BIGCOMMERCE_STOREFRONT_TOKEN: '' };
      const run = await stage.run(examplePath('shared-preview.yml'), events.comment('redeploy preview'), { secrets });
      expectJobs(run, { preview: 'failure' });
      expectNoStep(run, 'preview', DEPLOY);
      assert.deepEqual(
        emulator.github.checkRuns.map(({ status, conclusion }) => `${status} ${conclusion}`),
        ['completed cancelled'],
      );
      assert.equal(stepOf(run, 'preview', 'gate').post, 'success');
      assert.deepEqual(emulator.deployments, []);
    },
  },
  ...['preview-sweep.yml', 'preview-cleanup/README.md#2'].map(
    (written): Case => ({
      name: `${written}: looked at first, then by the schedule`,
      covers: [written],
      play: async (stage) => {
        const { emulator, events } = stage;
        await openPreview(stage);
        emulator.github.addPullRequest({ number: 7, state: 'closed' });
        const path = written.endsWith('.yml')
          ? examplePath(written)
          : stage.writeWorkflow('sweep.yml', readMarkdownWorkflow('preview-cleanup/README.md', 2));
        // The form of "Run workflow" sends the field as it stands: its default.
        const look = await stage.run(path, events.byHand());
        expectGreen(look.jobs[0]?.steps[0] ?? fail(look), 'dry-run', { 'deleted-count': '1' });
        assert.ok(emulator.projects.some(({ name }) => NAME.test(name)));
        const sweep = await stage.run(path, events.schedule());
        expectGreen(sweep.jobs[0]?.steps[0] ?? fail(sweep), 'deleted', { 'deleted-count': '1' });
        expectNoPreview(emulator);
      },
    }),
  ),
  ...['shared-preview.yml', 'preview-gate/README.md'].map(
    (written): Case => ({
      name: `${written}: a push, a command, and what is none`,
      covers: [written],
      play: async (stage) => {
        const path = written.endsWith('.yml')
          ? examplePath(written)
          : stage.writeWorkflow('preview.yml', readMarkdownWorkflow(written));
        await playSharedPreview(stage, path);
      },
    }),
  ),
  {
    name: 'fork-previews-build.yml and fork-previews-deploy.yml',
    covers: ['fork-previews-build.yml', 'fork-previews-deploy.yml'],
    needs: 'jq',
    play: async (stage) => {
      const { emulator, events, repository } = stage;
      const event = events.pullRequest('opened', FORK);
      const build = await stage.run(examplePath('fork-previews-build.yml'), event);
      expectJobs(build, { build: 'success' });
      assert.deepEqual(
        emulator.artifacts.list.map(({ name }) => name),
        ['fork-preview'],
      );
      const deploy = examplePath('fork-previews-deploy.yml');
      const run = await stage.run(deploy, events.workflowRun(build.runId, FORK));
      expectJobs(run, { deploy: 'success' });
      const step = stepOf(run, 'deploy', DEPLOY);
      expectGreen(step, 'deployed', { url: /^https:\/\/storefront-[0-9a-f]{8}-pr-7-/, 'artifact-id': '' });
      assert.deepEqual(shownDeployments(emulator), ['preview: in_progress, success']);
      assert.equal(emulator.github.deployments[0]?.sha, repository.head);
      // It has been pushed again meanwhile: what was built is no longer what the pull request is.
      emulator.github.addPullRequest({ number: 7, headSha: 'e'.repeat(40) });
      const late = await stage.run(deploy, events.workflowRun(build.runId, FORK));
      expectJobs(late, { deploy: 'success' });
      expectNoStep(late, 'deploy', DEPLOY);
      assert.equal(emulator.deployments.length, 1);
    },
  },
];

/** A pull request is opened: it is built, live in a project of its own, and stored. @returns the action's outputs */
async function openPreview(stage: Stage): Promise<Record<string, string>> {
  const { emulator, events, repository } = stage;
  const run = await stage.run(examplePath('isolated-previews.yml'), events.pullRequest());
  expectJobs(run, { deploy: 'success' });
  const step = stepOf(run, 'deploy', DEPLOY);
  expectGreen(step, 'deployed', { url: /^https:\/\/storefront-[0-9a-f]{8}-pr-7-/, 'artifact-id': /^\d+$/ });
  assert.deepEqual(shownDeployments(emulator), ['preview: in_progress, success']);
  assert.equal(emulator.github.deployments[0]?.sha, repository.head);
  return step.outputs;
}

function expectNoPreview(emulator: Emulator): void {
  assert.deepEqual(
    emulator.projects.filter(({ name }) => NAME.test(name)),
    [],
  );
  const left = emulator.github.deployments.filter(
    ({ environment, state }) => environment === 'preview' && state !== 'inactive',
  );
  assert.deepEqual(left, []);
}

async function playSharedPreview(stage: Stage, path: string): Promise<void> {
  const { emulator, events, repository } = stage;
  const push = await stage.run(path, events.pullRequest('synchronize'));
  expectJobs(push, { preview: 'success' });
  expectStep(stepOf(push, 'preview', 'gate'), 'success', { deploy: 'true', reason: 'newest', 'check-run-id': '' });
  expectGreen(stepOf(push, 'preview', DEPLOY), 'deployed');

  const command = await stage.run(path, events.comment('redeploy preview'));
  expectJobs(command, { preview: 'success' });
  const gate = stepOf(command, 'preview', 'gate');
  expectStep(gate, 'success', { deploy: 'true', reason: 'takeover', sha: repository.head, 'check-run-id': /^\d+$/ });
  assert.deepEqual(stepOf(command, 'preview', 'checkout').outcome, 'success');
  expectGreen(stepOf(command, 'preview', DEPLOY), 'deployed');
  assert.deepEqual(
    emulator.github.checkRuns.map(({ status, conclusion }) => `${status} ${conclusion}`),
    ['completed success'],
  );
  assert.deepEqual(
    emulator.github.deployments.map(({ sha, state }) => `${sha} ${state}`),
    [`${repository.head} inactive`, `${repository.head} success`],
  );

  expectJobs(await stage.run(path, events.comment('What does this do?')), {});
  const stranger = await stage.run(path, events.comment('redeploy preview', 'somebody', 'NONE'));
  expectJobs(stranger, { preview: 'success' });
  expectStep(stepOf(stranger, 'preview', 'gate'), 'success', { deploy: 'false' });
  for (const step of ['checkout', 'pnpm catalyst build', DEPLOY]) expectNoStep(stranger, 'preview', step);
  assert.equal(emulator.deployments.length, 2);
}

function fail(run: WorkflowRun): never {
  throw new Error(`no step ran: ${run.shown}`);
}
