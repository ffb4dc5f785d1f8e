import type { RecordedRequest } from '../../../emulator/recorder.ts';
import type { FinishedRun } from '../../action-runner.ts';
import { VARIABLES } from '../../demo-platform.ts';
import type { Kind, Stage, StageRun } from '../kind.ts';
import {
  brokenFrom,
  cancelAt,
  DISPATCH,
  deploy,
  deployPreview,
  newRun,
  openDemoShop,
  verifyTime,
  writeBuildOf,
} from './deploying.ts';

/** Commits of the builds. */
const SHAS = ['', '1a2b3c4', '5d6e7f8', '9a0b1c2'].map((start) => start.padEnd(40, '0'));

/** The builds that are live one after the other: the rollback brings the first one back. */
const ORDER = [1, 2, 1];

async function deployNth(stage: Stage, build: number, inputs: Record<string, string> = {}): Promise<FinishedRun> {
  writeBuildOf(stage, build);
  const sha = SHAS[build] ?? '';
  const env = { ...newRun(stage.emulator, { event: 'push', headSha: sha }), GITHUB_SHA: sha };
  return await deploy(stage, { env, inputs });
}

function startRollback(stage: Stage, inputs: Record<string, string> = {}, options: StageRun = {}) {
  return stage.start({
    action: 'rollback',
    event: DISPATCH,
    ...options,
    env: { ...newRun(stage.emulator, { event: 'workflow_dispatch' }), ...options.env },
    inputs: { ...verifyTime(inputs), ...VARIABLES, ...inputs },
  });
}

async function rollBack(stage: Stage, inputs: Record<string, string> = {}): Promise<FinishedRun> {
  return await startRollback(stage, inputs).finished;
}

/** Two deployments to production whose storefront works. */
async function deployTwo(stage: Stage): Promise<void> {
  await openDemoShop(stage, brokenFrom(9, ORDER));
  await deployNth(stage, 1);
  await deployNth(stage, 2);
}

export const ROLLBACK_KINDS: readonly Kind[] = [
  {
    name: 'rollback/rolled back',
    outcome: 'deployed',
    play: async (stage) => {
      await deployTwo(stage);
      return await rollBack(stage);
    },
  },
  {
    name: 'rollback/to a run',
    outcome: 'deployed',
    play: async (stage) => {
      await openDemoShop(stage, brokenFrom(9, ORDER));
      const { outputs } = await deployNth(stage, 1);
      await deployNth(stage, 2);
      return await rollBack(stage, { 'from-run': /runs\/(\d+)/.exec(outputs['artifact-url'] ?? '')?.[1] ?? '' });
    },
  },
  {
    name: 'rollback/promoted from a pull request',
    outcome: 'deployed',
    isLong: 'it has a warning',
    platform: { projects: ['demo-storefront', 'demo-preview'] },
    play: async (stage) => {
      const { emulator } = stage;
      await deployNth(stage, 1, { verify: 'off' });
      writeBuildOf(stage, 2);
      const [head] = emulator.github.pullRequests.map((one) => one.head);
      const run = { event: 'pull_request', headBranch: head?.ref, headSha: head?.sha, pullRequests: [7] };
      const inputs = {
        'project-name': 'demo-preview',
        'upload-artifact': 'true',
        verify: 'off',
      };
      await deployPreview(stage, { inputs, env: newRun(emulator, run) });
      return await rollBack(stage, {
        'from-pull-request': '7',
        verify: 'off',
        'project-name': 'demo-storefront',
      });
    },
  },
  {
    name: 'rollback/dry run',
    outcome: 'dry-run',
    play: async (stage) => {
      await deployTwo(stage);
      return await rollBack(stage, { 'dry-run': 'true' });
    },
  },
  {
    name: 'rollback/unhealthy',
    outcome: 'unhealthy',
    play: async (stage) => {
      const works = brokenFrom(9, ORDER);
      await openDemoShop(stage, (path, deployments, count) =>
        path === '/' && deployments === 3 ? 500 : works(path, deployments, count),
      );
      await deployNth(stage, 1);
      await deployNth(stage, 2);
      return await rollBack(stage);
    },
  },
  {
    name: 'rollback/nothing to roll back to',
    outcome: 'error',
    play: async (stage) => {
      await deployNth(stage, 1, { verify: 'off' });
      return await rollBack(stage);
    },
  },
  {
    name: 'rollback/bundle expired',
    outcome: 'error',
    play: async (stage) => {
      for (const build of [1, 2, 3]) await deployNth(stage, build, { verify: 'off' });
      const artifact = stage.emulator.artifacts.list[1];
      if (artifact !== undefined) artifact.expiresAtMs = Date.parse('2026-01-02T03:04:05Z');
      return await rollBack(stage);
    },
  },
  {
    name: 'rollback/without permission',
    outcome: 'error',
    play: async (stage) => {
      await deployTwo(stage);
      stage.emulator.github.deny('actions');
      return await rollBack(stage);
    },
  },
  {
    name: 'rollback/bad inputs',
    outcome: 'error',
    play: async (stage) => await rollBack(stage, { 'from-run': 'the last one', 'from-artifact': '12', verify: 'yes' }),
  },
  {
    name: 'rollback/failed',
    outcome: 'failed',
    play: async (stage) => {
      await deployTwo(stage);
      stage.emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 30 });
      return await rollBack(stage);
    },
  },
  {
    name: 'rollback/cancelled',
    outcome: 'cancelled',
    play: async (stage) => {
      await deployTwo(stage);
      stage.emulator.addFault({ call: 'createDeployment', effect: 'hang' });
      const sinceMs = Date.now();
      const isNew = ({ call, startedAtMs }: RecordedRequest) => call === 'createDeployment' && startedAtMs > sinceMs;
      return await cancelAt(stage, startRollback(stage), isNew);
    },
  },
  {
    name: 'deploy/rolled back',
    outcome: 'rolled-back',
    play: async (stage) => {
      await openDemoShop(stage, brokenFrom(2, ORDER));
      await deployNth(stage, 1);
      return await deployNth(stage, 2, { 'on-verify-failure': 'rollback' });
    },
  },
  {
    name: 'deploy/not rolled back',
    outcome: 'unhealthy',
    play: async (stage) => {
      await openDemoShop(stage, brokenFrom(2));
      await deployNth(stage, 1, { 'upload-artifact': 'false' });
      return await deployNth(stage, 2, { 'on-verify-failure': 'rollback' });
    },
  },
];
