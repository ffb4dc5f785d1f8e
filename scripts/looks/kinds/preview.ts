import { PULL_REQUEST, pullRequestEvent } from '../../demo-platform.ts';
import { writeDemoStorefront } from '../../demo-storefront.ts';
import type { Kind, Stage } from '../kind.ts';
import {
  brokenFrom,
  cancelAt,
  demoAnswers,
  deploy,
  deployPreview,
  LONG,
  newRun,
  openDemoShop,
  startDeploy,
  writeBuildOf,
} from './deploying.ts';

const SHARED = { preview: 'shared', 'command-phrase': 'redeploy preview' };
const OTHER = 8;

/** A commit is pushed to the pull request. */
function push({ emulator }: Stage, digit = '2'): void {
  emulator.github.addPullRequest({ number: PULL_REQUEST, headSha: digit.repeat(40) });
}

async function deployNext(stage: Stage, build: number, inputs: Record<string, string> = {}) {
  push(stage, `${build}`);
  writeBuildOf(stage, build);
  return await deployPreview(stage, { inputs, env: newRun(stage.emulator, { event: 'pull_request' }) });
}

const GROUP = ['storefront-eu', 'storefront-us', 'storefront-of-a-very-long-name'];

async function deployOf(stage: Stage, project: string, inputs: Record<string, string>) {
  return await deployPreview(stage, {
    inputs: { 'project-name': project, verify: 'off', ...inputs },
    env: newRun(stage.emulator, { event: 'pull_request' }),
  });
}

/** As every `${{ secrets.… }}` arrives where a run gets none. */
const NO_SECRETS = { 'access-token': '', secrets: '' };

export const PREVIEW_KINDS: readonly Kind[] = [
  {
    name: 'preview/deployed, compared with production',
    outcome: 'deployed',
    platform: { projects: ['demo-storefront', 'demo-preview'] },
    play: async (stage) => {
      writeDemoStorefront(stage.workspace);
      await openDemoShop(stage, demoAnswers, 1);
      await deploy(stage, {
        inputs: { exclude: '/assets/_next/static/media/font-12.woff2', verify: 'off' },
      });
      return await deployPreview(stage, { inputs: { 'project-name': 'demo-preview' } });
    },
  },
  {
    name: 'preview/isolated',
    outcome: 'deployed',
    play: async (stage) => {
      writeBuildOf(stage);
      return await deployPreview(stage, {
        inputs: { 'project-name': '', preview: 'isolated', verify: 'off' },
      });
    },
  },
  {
    name: 'preview/in progress',
    outcome: 'cancelled',
    platform: { holdDeploymentsAt: 'deploying' },
    play: async (stage) => {
      writeBuildOf(stage);
      const started = startDeploy(stage, { event: pullRequestEvent(stage.emulator) });
      await stage.emulator.waitForRequest('events');
      stage.showComments('in-progress');
      return await cancelAt(stage, started, 'events');
    },
  },
  {
    name: 'preview/shared, taken over',
    outcome: 'deployed',
    play: async (stage) => {
      const { emulator } = stage;
      emulator.github.addPullRequest({ number: OTHER, createdAtMs: Date.now() + 60_000 });
      await openDemoShop(stage);
      writeBuildOf(stage, 1);
      await deployPreview(stage, { inputs: SHARED });
      writeBuildOf(stage, 2);
      return await deployPreview(stage, { event: pullRequestEvent(emulator, 'synchronize', OTHER), inputs: SHARED });
    },
  },
  {
    name: 'preview/a comment of several projects',
    outcome: 'failed',
    platform: { projects: GROUP },
    play: async (stage) => {
      writeBuildOf(stage);
      const [first = '', second = '', third = ''] = GROUP;
      const inputs = { 'comment-group': 'storefronts', 'comment-footer': '[How previews work](https://example.com)' };
      for (const project of [first, second]) await deployOf(stage, project, inputs);
      stage.emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 40 });
      return await deployOf(stage, third, inputs);
    },
  },
  {
    name: 'preview/short',
    outcome: 'deployed',
    play: async (stage) => {
      writeBuildOf(stage);
      return await deployOf(stage, 'demo-storefront', { summary: 'short' });
    },
  },
  {
    name: 'preview/failed after a success',
    outcome: 'failed',
    play: async (stage) => {
      await openDemoShop(stage);
      await deployNext(stage, 1);
      stage.emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 40 });
      return await deployNext(stage, 2);
    },
  },
  {
    name: 'preview/401',
    outcome: 'error',
    play: async (stage) => {
      const body = { status: 401, title: 'Unauthorized', errors: {} };
      stage.emulator.addFault({ call: 'listProjects', effect: 'status', status: 401, body, times: 'always' });
      writeBuildOf(stage);
      return await deployPreview(stage);
    },
  },
  {
    name: 'preview/unhealthy',
    outcome: 'unhealthy',
    play: async (stage) => {
      await openDemoShop(stage, brokenFrom(1));
      writeBuildOf(stage);
      return await deployPreview(stage, {
        inputs: { 'verify-paths': '/\n/cart\n/search?term=rain contains "Results"' },
      });
    },
  },
  {
    name: 'preview/unknown',
    outcome: 'unknown',
    platform: { holdDeploymentsAt: 'deploying', streamCutMs: 200 },
    play: async (stage) => {
      writeBuildOf(stage);
      return await deployPreview(stage, { inputs: { 'timeout-minutes': '0.03' } });
    },
  },
  {
    name: 'preview/bad inputs',
    outcome: 'error',
    play: async (stage) => {
      writeBuildOf(stage);
      const inputs = { 'timeout-minutes': 'ten', 'environment-variables': 'A B=1', 'verify-paths': 'cart' };
      return await deployPreview(stage, { inputs });
    },
  },
  {
    name: 'preview/long names',
    outcome: 'deployed',
    isLong: 'it has an environment whose name takes lines',
    platform: { projects: [LONG.project] },
    play: async (stage) => {
      await openDemoShop(stage);
      writeBuildOf(stage);
      return await deployPreview(stage, { inputs: { 'project-name': LONG.project, environment: LONG.environment } });
    },
  },
  {
    name: 'preview/skipped, of a fork',
    outcome: 'skipped',
    play: async (stage) => {
      stage.emulator.github.addPullRequest({ number: PULL_REQUEST, headRepository: 'mona/storefront' });
      return await deployPreview(stage, { inputs: NO_SECRETS });
    },
  },
  {
    name: "preview/skipped, of Dependabot's",
    outcome: 'skipped',
    play: async (stage) => await deployPreview(stage, { inputs: NO_SECRETS, env: { GITHUB_ACTOR: 'dependabot[bot]' } }),
  },
  {
    name: 'preview/skipped, closed',
    outcome: 'skipped',
    play: async (stage) => {
      stage.emulator.github.addPullRequest({ number: PULL_REQUEST, state: 'closed' });
      writeBuildOf(stage);
      return await deployPreview(stage, {
        event: pullRequestEvent(stage.emulator, 'closed'),
        inputs: { 'project-name': '', preview: 'isolated' },
      });
    },
  },
  {
    name: "preview/Dependabot's push to main",
    outcome: 'error',
    play: async (stage) => {
      writeBuildOf(stage);
      return await deploy(stage, { inputs: NO_SECRETS, env: { GITHUB_ACTOR: 'dependabot[bot]' } });
    },
  },
];
