import { pullRequestEvent, VARIABLES } from '../../demo-platform.ts';
import { earlierPayload } from '../../earlier-payload.ts';
import { openShop, plain } from '../../shop.ts';
import type { Scenario, Stage } from '../scenario.ts';
import { BUILD_ID, writeBuild } from './files.ts';
import {
  BEST_EFFORT,
  CREATES_DEPLOYMENT,
  CREATES_PROJECT,
  ESSENTIAL,
  EXTRA,
  MADE_ON_GITHUB,
  ON_GITHUB,
  SETS_SITE,
  SETS_STATUS,
  SITE,
  STORED,
  UNTIL_VERDICT,
  UPDATES_COMMENT,
} from './rules.ts';

const PRODUCTION = { name: 'push', payload: {} };

/** Nothing but the deployment itself. */
function inputsFor({ emulator }: Stage): Record<string, string> {
  return {
    'project-uuid': emulator.projects[0]?.uuid ?? '',
    verify: 'off',
    diagnostics: 'never',
    'timeout-minutes': '1',
    ...VARIABLES,
  };
}

/** What an earlier run has left: its GitHub deployment is superseded. */
function addEarlier({ emulator }: Stage, environment: string): void {
  const payload = earlierPayload({ project_uuid: emulator.projects[0]?.uuid });
  emulator.github.addDeployment({ environment, payload, statuses: ['in_progress', 'success'] });
}

/** As of two runs that wrote at the same time: one of them goes. */
function addTwoComments({ emulator }: Stage): void {
  const { login } = emulator.github;
  const marker = '<!-- catalyst-deploy-action project=* environment=preview -->';
  for (const _ of ['first', 'second'])
    emulator.github.addComment({ issueNumber: 7, login, body: `${marker}\nWaiting.` });
}

async function openCheck({ emulator }: Stage): Promise<string> {
  const { apiUrl, repository, token } = emulator.github;
  const head = emulator.github.pullRequests[0]?.head.sha;
  const response = await fetch(`${apiUrl}/repos/${repository}/check-runs`, {
    method: 'POST',
    headers: { authorization: `token ${token}`, 'user-agent': 'matrix' },
    body: JSON.stringify({ name: 'Shared preview', head_sha: head, status: 'in_progress' }),
  });
  return String(((await response.json()) as { id: number }).id);
}

export const DEPLOY_SCENARIOS: readonly Scenario[] = [
  {
    name: 'deploy to production',
    outcome: 'deployed',
    prepare: async (stage) => {
      writeBuild(stage.workspace);
      addEarlier(stage, 'production');
      return { event: PRODUCTION, inputs: inputsFor(stage) };
    },
    calls: {
      'artifacts.create': BEST_EFFORT,
      'artifacts.putBlock': BEST_EFFORT,
      'artifacts.putBlockList': BEST_EFFORT,
      'artifacts.finalize': STORED,
      'github.createDeployment': MADE_ON_GITHUB,
      'github.createDeploymentStatus': SETS_STATUS,
      'github.listDeployments': ON_GITHUB,
      'github.listDeploymentStatuses': ON_GITHUB,
      sign: ESSENTIAL,
      upload: ESSENTIAL,
      createDeployment: CREATES_DEPLOYMENT,
      events: UNTIL_VERDICT,
    },
  },
  {
    name: 'deploy, the artifact in doubt',
    outcome: 'deployed',
    prepare: async (stage) => {
      writeBuild(stage.workspace);
      stage.emulator.addFault({ call: 'artifacts.finalize', effect: 'lost-answer' });
      return { event: PRODUCTION, inputs: { ...inputsFor(stage), 'github-deployment': 'false' } };
    },
    calls: {
      'artifacts.list': { ends: ['same', 'warned'] },
    },
  },
  {
    name: 'deploy a preview',
    outcome: 'deployed',
    prepare: async (stage) => {
      writeBuild(stage.workspace);
      const { 'project-uuid': _, ...inputs } = inputsFor(stage);
      return {
        event: pullRequestEvent(stage.emulator),
        inputs: { ...inputs, preview: 'isolated', 'check-run-id': await openCheck(stage) },
      };
    },
    calls: {
      listProjects: ESSENTIAL,
      createProject: CREATES_PROJECT,
      'github.updateCheckRun': ON_GITHUB,
      'github.listComments': ON_GITHUB,
      'github.createComment': MADE_ON_GITHUB,
      'github.updateComment': UPDATES_COMMENT,
    },
  },
  {
    name: 'deploy for a pull request, by hand',
    outcome: 'deployed',
    prepare: async (stage) => {
      writeBuild(stage.workspace);
      addTwoComments(stage);
      return {
        event: { name: 'workflow_dispatch', payload: {} },
        inputs: { ...inputsFor(stage), 'pull-request': '7', preview: 'shared' },
      };
    },
    calls: {
      'github.getPullRequest': ON_GITHUB,
      'github.listPullRequests': ON_GITHUB,
      'github.deleteComment': EXTRA,
    },
  },
  {
    name: 'deploy and verify',
    outcome: 'deployed',
    prepare: async (stage) => {
      writeBuild(stage.workspace);
      await openShop(stage.emulator, (path) => (path === '/BUILD_ID' ? plain(BUILD_ID) : 200), stage);
      const [channel] = stage.emulator.channels.list;
      if (channel !== undefined) channel.siteUrl = 'https://old.example.com';
      return {
        event: PRODUCTION,
        inputs: {
          ...inputsFor(stage),
          verify: 'auto',
          'verify-timeout-seconds': '10',
          'update-site-url': 'true',
          'channel-id': '1',
          'github-deployment': 'false',
          'upload-artifact': 'false',
        },
      };
    },
    calls: {
      listDomains: EXTRA,
      logs: EXTRA,
      queryLogs: EXTRA,
      getChannelSite: SITE,
      setChannelSite: SETS_SITE,
      listProjects: EXTRA,
    },
  },
];
