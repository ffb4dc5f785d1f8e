import { VARIABLES } from '../../demo-platform.ts';
import { writeDemoStorefront } from '../../demo-storefront.ts';
import { writeFiles } from '../../faults/scenarios/files.ts';
import type { Kind, Stage } from '../kind.ts';
import {
  brokenFrom,
  cancelAt,
  demoAnswers,
  deploy,
  LONG,
  openDemoShop,
  startDeploy,
  writeBuildOf,
} from './deploying.ts';

/** Puts on GitHub nothing but the run itself. */
const NOT_ON_GITHUB = { 'github-token': '' };

async function deployBuild(stage: Stage, inputs: Record<string, string> = {}) {
  writeBuildOf(stage);
  return await deploy(stage, { inputs });
}

/** A build whose storefront works. */
async function deployShop(stage: Stage, inputs: Record<string, string> = {}) {
  await openDemoShop(stage);
  return await deployBuild(stage, inputs);
}

export const DEPLOY_KINDS: readonly Kind[] = [
  {
    name: 'deploy/production',
    outcome: 'deployed',
    play: async (stage) => {
      writeDemoStorefront(stage.workspace);
      await openDemoShop(stage, demoAnswers);
      return await deploy(stage);
    },
  },
  {
    name: 'deploy/without GitHub',
    outcome: 'deployed',
    play: async (stage) => await deployShop(stage, NOT_ON_GITHUB),
  },
  {
    name: 'deploy/not verified',
    outcome: 'deployed',
    play: async (stage) => await deployBuild(stage, { verify: 'off' }),
  },
  {
    name: 'deploy/five pages',
    outcome: 'deployed',
    play: async (stage) =>
      await deployShop(stage, { 'verify-paths': '/\n/cart\n/search?term=rain\n/blog\n/contact-us' }),
  },
  {
    name: 'deploy/many addresses',
    outcome: 'deployed',
    isLong: 'it has many addresses',
    play: async (stage) => {
      const [project] = stage.emulator.projects;
      for (const number of [1, 2, 3, 4, 5, 6, 7])
        project?.deploymentHostnames.push(`${number}-storefront-with-a-long-host-name.example.com`);
      return await deployBuild(stage, { verify: 'off' });
    },
  },
  {
    name: 'deploy/long names',
    outcome: 'deployed',
    platform: { projects: [LONG.project] },
    play: async (stage) => {
      await openDemoShop(stage);
      writeBuildOf(stage, 1, {
        [`.bigcommerce/dist/assets/_next/static/chunks/${'a-chunk-of-a-very-long-name-'.repeat(6)}.js`]: 'a',
      });
      const env = { GITHUB_REF: `refs/heads/${LONG.branch}`, GITHUB_REF_NAME: LONG.branch };
      return await deploy(stage, { env, inputs: { 'project-name': LONG.project, environment: LONG.environment } });
    },
    isLong: 'a branch that is not the default one is warned of, and its name takes lines',
  },
  {
    name: 'deploy/slow',
    outcome: 'deployed',
    platform: { stepMs: 1600 },
    play: async (stage) => await deployShop(stage),
  },
  {
    name: 'deploy/near a limit',
    outcome: 'deployed',
    isLong: 'a limit that is nearly reached is shown open',
    play: async (stage) => {
      writeFiles(
        stage.workspace,
        Object.fromEntries(
          Array.from({ length: 850 }, (_, index) => [`.bigcommerce/dist/assets/page-${index}.html`, '']),
        ),
      );
      return await deployShop(stage);
    },
  },
  {
    name: 'deploy/site URL',
    outcome: 'deployed',
    isLong: 'it names the site URL, too',
    play: async (stage) => {
      const [channel] = stage.emulator.channels.list;
      if (channel !== undefined) channel.siteUrl = 'https://old.example.com';
      return await deployShop(stage, { 'update-site-url': 'true', 'channel-id': '1' });
    },
  },
  {
    name: 'deploy/site URL refused',
    outcome: 'deployed',
    play: async (stage) => {
      stage.emulator.addFault({ call: 'setChannelSite', effect: 'status', status: 403, times: 'always' });
      return await deployShop(stage, { 'update-site-url': 'true', 'channel-id': '1' });
    },
  },
  {
    name: 'deploy/tried again',
    outcome: 'deployed',
    isLong: 'it has a warning',
    play: async (stage) => {
      stage.emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 10 });
      return await deployShop(stage);
    },
  },
  {
    name: 'deploy/warnings of GitHub',
    outcome: 'deployed',
    isLong: 'it has warnings',
    play: async (stage) => {
      stage.emulator.github.deny('deployments');
      stage.emulator.addFault({ call: 'artifacts.create', effect: 'status', status: 403, times: 'always' });
      return await deployShop(stage);
    },
  },
  {
    name: 'deploy/a dozen warnings',
    outcome: 'deployed',
    isLong: 'it has warnings',
    play: async (stage) =>
      await deployBuild(stage, {
        verify: 'off',
        'verify-paths': '/\n/cart',
        'on-verify-failure': 'rollback',
        'verify-logs': 'fail',
        'site-url': 'https://www.example.com',
        'channel-id': '1',
        'preview-base-name': 'shop',
        exclude: '*.map\n/no-such-folder/',
        'environment-variables': 'API_TOKEN=plain\nA=1 # one\nB=2 C=3',
        secrets: 'FLAG=true\nPIN=12\nEMPTY=',
      }),
  },
  {
    name: 'deploy/dry run',
    outcome: 'dry-run',
    play: async (stage) => {
      writeDemoStorefront(stage.workspace);
      return await deploy(stage, { inputs: { 'dry-run': 'true' } });
    },
  },
  {
    name: 'deploy/inconclusive',
    outcome: 'deployed',
    isLong: 'it has a warning',
    play: async (stage) => {
      await openDemoShop(stage, () => 401);
      return await deployBuild(stage);
    },
  },
  {
    name: 'deploy/unhealthy, with a warning alone',
    outcome: 'deployed',
    isLong: 'it has a warning',
    play: async (stage) => {
      await openDemoShop(stage, brokenFrom(1));
      return await deployBuild(stage, { 'on-verify-failure': 'warn' });
    },
  },
];

export const FAILED_DEPLOY_KINDS: readonly Kind[] = [
  ...([30, 40, 60] as const).map(
    (code): Kind => ({
      name: `deploy/failed with code ${code}`,
      outcome: 'failed',
      play: async (stage) => {
        stage.emulator.addFault({ call: 'createDeployment', effect: 'fail', code });
        return await deployBuild(stage);
      },
    }),
  ),
  {
    name: 'deploy/failed slowly',
    outcome: 'failed',
    platform: { stepMs: 2200 },
    play: async (stage) => {
      stage.emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 30 });
      return await deployBuild(stage);
    },
  },
  {
    name: 'deploy/conflict',
    outcome: 'conflict',
    play: async (stage) => {
      stage.emulator.addFault({ call: 'createDeployment', effect: 'conflict' });
      return await deployBuild(stage);
    },
  },
  {
    name: 'deploy/unknown',
    outcome: 'unknown',
    platform: { holdDeploymentsAt: 'deploying', streamCutMs: 200 },
    play: async (stage) => await deployBuild(stage, { 'timeout-minutes': '0.03' }),
  },
  {
    name: 'deploy/cancelled',
    outcome: 'cancelled',
    platform: { holdDeploymentsAt: 'deploying' },
    play: async (stage) => {
      writeBuildOf(stage);
      return await cancelAt(stage, startDeploy(stage), 'events');
    },
  },
  {
    name: 'deploy/cancelled before anything was sent',
    outcome: 'cancelled',
    play: async (stage) => {
      writeBuildOf(stage);
      stage.emulator.addFault({ call: 'sign', effect: 'hang' });
      return await cancelAt(stage, startDeploy(stage), 'sign');
    },
  },
  ...([401, 403, 404] as const).map(
    (status): Kind => ({
      name: `deploy/${status}`,
      outcome: 'error',
      play: async (stage) => {
        const body = { status, title: 'Unauthorized', errors: {} };
        stage.emulator.addFault({ call: 'listProjects', effect: 'status', status, body, times: 'always' });
        return await deployBuild(stage);
      },
    }),
  ),
  {
    name: 'deploy/422',
    outcome: 'error',
    play: async (stage) => {
      const body = { status: 422, title: 'Bad', errors: { environment_variables: 'at most 100 are allowed' } };
      stage.emulator.addFault({ call: 'createDeployment', effect: 'status', status: 422, body });
      return await deployBuild(stage);
    },
  },
  {
    name: 'deploy/an HTML page in place of an answer',
    outcome: 'error',
    play: async (stage) => {
      stage.emulator.addFault({ call: 'listProjects', effect: 'damaged', how: 'html', times: 'always' });
      return await deployBuild(stage, NOT_ON_GITHUB);
    },
  },
  {
    name: 'deploy/no connection',
    outcome: 'error',
    play: async (stage) => await deployBuild(stage, { ...NOT_ON_GITHUB, 'api-host': 'http://127.0.0.1:1' }),
  },
  {
    name: 'deploy/project not found',
    outcome: 'error',
    platform: { projects: ['demo-storefront', 'demo-storefront-eu', 'previews'] },
    play: async (stage) => await deployBuild(stage, { 'project-name': 'demo-storfront' }),
  },
  {
    name: 'deploy/bad inputs',
    outcome: 'error',
    play: async (stage) =>
      await deployBuild(stage, {
        'store-hash': 'https://store-abc.mybigcommerce.com',
        'project-name': '',
        'project-uuid': 'demo',
        'timeout-minutes': 'ten',
        'on-conflict': 'retry',
        'verify-paths': '/\ncart 200\n/old 99',
        'environment-variables': 'A B=1',
      }),
  },
  {
    name: 'deploy/no token',
    outcome: 'error',
    play: async (stage) => await deployBuild(stage, { 'access-token': '' }),
  },
  {
    name: 'deploy/no build',
    outcome: 'error',
    play: async (stage) => await deploy(stage),
  },
  {
    name: 'deploy/bad bundle',
    outcome: 'error',
    play: async (stage) => {
      const { 'environment-variables': _, secrets } = VARIABLES;
      const [, secret = ''] = /=(.*)/.exec(secrets) ?? [];
      const files = Array.from({ length: 60 }, (_one, index) => [
        `.bigcommerce/dist/assets/a-folder/of-a-bundle/.env.production-${index}`,
        `TOKEN=${secret}\n`,
      ]);
      writeFiles(stage.workspace, Object.fromEntries(files));
      return await deployBuild(stage);
    },
  },
  {
    name: 'deploy/unhealthy',
    outcome: 'unhealthy',
    play: async (stage) => {
      await openDemoShop(stage, (path) => (['/', '/blog'].includes(path) ? 500 : 200));
      return await deployBuild(stage, { 'verify-paths': '/\n/cart\n/blog\n/search?term=rain contains "Results"' });
    },
  },
  {
    name: 'deploy/unhealthy, with the log of the worker',
    outcome: 'unhealthy',
    play: async (stage) => {
      await openDemoShop(stage, (path, build) => {
        if (build === 0 || path === '/BUILD_ID') return 200;
        addThrown(stage, path);
        return 500;
      });
      return await deployBuild(stage);
    },
  },
  {
    name: 'deploy/rejected by the rehearsal',
    outcome: 'rejected',
    platform: { projects: ['demo-storefront', 'rehearsal'] },
    play: async (stage) => {
      await openDemoShop(stage);
      await openDemoShop(stage, (path) => (path === '/' ? 500 : 200), 1);
      return await deployBuild(stage, { 'rehearsal-project': 'rehearsal' });
    },
  },
  {
    name: 'deploy/rehearsed',
    outcome: 'deployed',
    isLong: 'it names the rehearsal, too',
    platform: { projects: ['demo-storefront', 'rehearsal'] },
    play: async (stage) => {
      await openDemoShop(stage);
      await openDemoShop(stage, () => 200, 1);
      return await deployBuild(stage, { 'rehearsal-project': 'rehearsal' });
    },
  },
];

function addThrown({ emulator }: Stage, path: string): void {
  const timestamp = new Date().toISOString();
  emulator.addWorkerLog(emulator.projects[0]?.uuid ?? '', {
    timestamp,
    request: { method: 'GET', url: `https://shop.example${path}`, status_code: 500 },
    logs: [{ timestamp, level: 'error', messages: ['The product list could not be fetched: 502'] }],
    exceptions: [{ timestamp, name: 'TypeError', message: "Cannot read properties of undefined (reading 'edges')" }],
  });
}
