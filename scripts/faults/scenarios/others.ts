import { createHash } from 'node:crypto';
import type { Emulator } from '../../../emulator/emulator.ts';
import { pullRequestEvent } from '../../demo-platform.ts';
import { earlierPayload } from '../../earlier-payload.ts';
import type { RunStart, Scenario, Stage } from '../scenario.ts';
import { writeFiles } from './files.ts';
import {
  ANNOUNCES_BATCH,
  DELETES_PROJECT,
  ERROR_LOG,
  ESSENTIAL,
  ESSENTIAL_ON_GITHUB,
  EXTRA,
  MADE_ON_GITHUB,
  MADE_ONCE_ON_GITHUB,
  ON_GITHUB,
  READS_LOG,
  SETS_STATUS,
  TAIL,
  UNTIL_VERDICT,
  UPDATES_COMMENT,
  UPLOADS_BATCH,
} from './rules.ts';

const COMMAND = 'redeploy preview';

/** As the README of `preview-cleanup` gives it. */
export function previewName(pullRequest: number): string {
  const hash = createHash('sha256').update('acme/storefront\nstorefront').digest('hex').slice(0, 8);
  return `storefront-${hash}-pr-${pullRequest}`;
}

/** @param login who has written the preview's comment */
function addClosedPreview({ emulator }: Stage, login = emulator.github.login): void {
  emulator.github.addPullRequest({ number: 7, state: 'closed' });
  const { uuid, name } = emulator.addProject(previewName(7));
  const payload = earlierPayload({
    project_uuid: uuid,
    project_name: name,
    pull_request: 7,
    preview: 'isolated',
  });
  emulator.github.addDeployment({ environment: 'preview', payload, statuses: ['in_progress', 'success'] });
  const marker = `<!-- catalyst-deploy-action project=${name} environment=preview -->`;
  emulator.github.addComment({ issueNumber: 7, login, body: `${marker}\nDeployed.` });
}

/** The event of a comment, by somebody who may write, that claims the shared preview. */
export function commandEvent({ github }: Emulator): NonNullable<RunStart['event']> {
  github.setRole('hubot', 'write');
  const comment = github.addComment({ issueNumber: 7, login: 'hubot', body: COMMAND });
  const url = `https://api.github.com/repos/${github.repository}/pulls/7`;
  const payload = {
    action: 'created',
    issue: { number: 7, title: 'A change', state: 'open', pull_request: { url } },
    comment: { id: comment.id, body: COMMAND, user: { login: 'hubot' }, author_association: 'MEMBER' },
    repository: { full_name: github.repository },
  };
  return { name: 'issue_comment', payload };
}

function claim({ emulator }: Stage): RunStart {
  return { action: 'preview-gate', event: commandEvent(emulator), inputs: {} };
}

export const GATE_SCENARIOS: readonly Scenario[] = [
  {
    name: 'preview-gate, on a push',
    outcome: 'deploy',
    prepare: async ({ emulator }) => ({ action: 'preview-gate', event: pullRequestEvent(emulator) }),
    calls: {
      'github.listPullRequests': ESSENTIAL_ON_GITHUB,
    },
  },
  {
    name: 'preview-gate, on a comment',
    outcome: 'deploy',
    prepare: async (stage) => claim(stage),
    calls: {
      'github.getPermission': ESSENTIAL_ON_GITHUB,
      'github.getPullRequest': ESSENTIAL_ON_GITHUB,
      'github.createReaction': ON_GITHUB,
      'github.createCheckRun': MADE_ONCE_ON_GITHUB,
      'github.listComments': ON_GITHUB,
      'github.createComment': MADE_ON_GITHUB,
      'github.updateCheckRun': ON_GITHUB,
    },
  },
  {
    name: 'preview-gate, the check in doubt',
    outcome: 'deploy',
    prepare: async (stage) => {
      stage.emulator.addFault({ call: 'github.createCheckRun', effect: 'lost-answer' });
      return claim(stage);
    },
    calls: {
      'github.listCheckRuns': ON_GITHUB,
    },
  },
];

export const CLEANUP_SCENARIOS: readonly Scenario[] = [
  {
    name: 'preview-cleanup, closed',
    outcome: 'deleted',
    prepare: async (stage) => {
      addClosedPreview(stage);
      return { action: 'preview-cleanup', event: pullRequestEvent(stage.emulator, 'closed') };
    },
    calls: {
      'github.getPullRequest': ESSENTIAL_ON_GITHUB,
      listProjects: ESSENTIAL,
      deleteProject: DELETES_PROJECT,
      'github.listComments': ON_GITHUB,
      'github.listDeployments': ON_GITHUB,
      'github.graphql': EXTRA,
      'github.listDeploymentStatuses': ON_GITHUB,
      'github.updateComment': UPDATES_COMMENT,
      'github.createDeploymentStatus': SETS_STATUS,
    },
  },
  {
    name: 'preview-cleanup, scheduled',
    outcome: 'deleted',
    prepare: async (stage) => {
      addClosedPreview(stage);
      return { action: 'preview-cleanup', event: { name: 'schedule', payload: {} } };
    },
    calls: {
      listProjects: ESSENTIAL,
      'github.getPullRequest': ESSENTIAL_ON_GITHUB,
      deleteProject: DELETES_PROJECT,
    },
  },
  {
    name: 'preview-cleanup, without GraphQL',
    outcome: 'deleted',
    prepare: async (stage) => {
      // REST is asked only for people.
      addClosedPreview(stage, 'hubot');
      const githubToken = stage.emulator.github.addToken({ login: 'hubot' });
      stage.emulator.addFault({ call: 'github.graphql', effect: 'status', status: 501, times: 'always' });
      return { action: 'preview-cleanup', event: pullRequestEvent(stage.emulator, 'closed'), githubToken };
    },
    calls: {
      'github.getUser': { ends: ['warned', 'same'] },
    },
  },
];

const GUESTS = [1, 2, 3].map((number) => ({
  ref: `0000000${number}-aaaa-4bbb-8ccc-dddddddddddd`,
  schema: 'guest',
  mode: 'upsert',
  value: { guestType: 'visitor', firstName: `Ermentrud${number}`, email: `ermentrud.${number}@quuxmail.example` },
}));

export const BATCH_SCENARIOS: readonly Scenario[] = [
  {
    name: 'batch-upload',
    outcome: 'partial',
    prepare: async ({ emulator, workspace }) => {
      writeFiles(workspace, { 'guests.jsonl': GUESTS.map((one) => `${JSON.stringify(one)}\n`).join('') });
      emulator.addFault({ call: 'allocateBatch', effect: 'refuse-records', positions: [2], times: 'always' });
      const inputs = { files: 'guests.jsonl', 'poll-interval-seconds': '0.1', 'timeout-minutes': '1' };
      return { action: 'batch-upload', inputs: { ...inputs, 'allow-failed-records': '1' } };
    },
    calls: {
      allocateBatch: ANNOUNCES_BATCH,
      uploadBatch: UPLOADS_BATCH,
      inspectBatch: UNTIL_VERDICT,
      batchLog: ERROR_LOG,
    },
  },
];

function addLogs({ emulator }: Stage): void {
  const timestamp = new Date().toISOString();
  const request = { method: 'GET', url: 'https://shop.example/products', status_code: 200 };
  const logs = [{ timestamp, level: 'error' as const, messages: ['no stock'] }];
  emulator.addWorkerLog(emulator.projects[0]?.uuid ?? '', { timestamp, request, logs });
}

export const LOGS_SCENARIOS: readonly Scenario[] = [
  {
    name: 'logs, queried',
    outcome: 'complete',
    prepare: async (stage) => {
      addLogs(stage);
      return { action: 'logs', inputs: { 'project-name': stage.emulator.projects[0]?.name ?? '' } };
    },
    calls: {
      listProjects: ESSENTIAL,
      queryLogs: READS_LOG,
    },
  },
  {
    name: 'logs, followed',
    outcome: 'complete',
    platform: { workerLogEveryMs: 200 },
    prepare: async (stage) => ({
      action: 'logs',
      inputs: { 'project-uuid': stage.emulator.projects[0]?.uuid ?? '', mode: 'tail', 'duration-seconds': '1' },
    }),
    calls: {
      logs: TAIL,
    },
  },
];
