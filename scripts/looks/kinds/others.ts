import type { RunOptions } from '../../action-runner.ts';
import { pullRequestEvent } from '../../demo-platform.ts';
import { earlierPayload } from '../../earlier-payload.ts';
import { commandEvent, previewName } from '../../faults/scenarios/others.ts';
import type { Kind, Stage } from '../kind.ts';
import { cancelAt } from './deploying.ts';

async function gate(stage: Stage, options: Partial<RunOptions> = {}) {
  return await stage.run({ action: 'preview-gate', event: pullRequestEvent(stage.emulator), ...options });
}

/** A newer pull request is there. */
function addNewer({ emulator }: Stage): void {
  emulator.github.addPullRequest({ number: 12 });
}

export const GATE_KINDS: readonly Kind[] = [
  { name: 'gate/newest', outcome: 'deploy', play: async (stage) => await gate(stage) },
  {
    name: 'gate/not the newest',
    outcome: 'wait',
    play: async (stage) => {
      addNewer(stage);
      return await gate(stage);
    },
  },
  {
    name: 'gate/by command alone',
    outcome: 'wait',
    play: async (stage) => await gate(stage, { inputs: { policy: 'command' } }),
  },
  {
    name: 'gate/claimed by a comment',
    outcome: 'deploy',
    play: async (stage) => {
      addNewer(stage);
      return await gate(stage, { event: commandEvent(stage.emulator) });
    },
  },
  {
    name: 'gate/not permitted',
    outcome: 'wait',
    play: async (stage) => {
      const event = commandEvent(stage.emulator);
      stage.emulator.github.setRole('hubot', 'read');
      return await gate(stage, { event });
    },
  },
  {
    name: 'gate/of a fork',
    outcome: 'wait',
    play: async (stage) => {
      stage.emulator.github.addPullRequest({ number: 7, headRepository: 'mona/storefront' });
      return await gate(stage, { githubToken: '' });
    },
  },
  {
    name: "gate/of Dependabot's",
    outcome: 'wait',
    play: async (stage) => await gate(stage, { env: { GITHUB_ACTOR: 'dependabot[bot]' } }),
  },
  {
    name: 'gate/another event',
    outcome: 'wait',
    play: async (stage) => await gate(stage, { event: { name: 'schedule', payload: {} } }),
  },
  {
    name: 'gate/403',
    outcome: 'error',
    play: async (stage) => {
      stage.emulator.github.deny('pull-requests');
      return await gate(stage);
    },
  },
  {
    name: 'gate/bad inputs',
    outcome: 'error',
    play: async (stage) => await gate(stage, { inputs: { policy: 'sometimes', 'command-phrase': '' } }),
  },
  {
    name: 'gate/cancelled',
    outcome: 'error',
    play: async (stage) => {
      stage.emulator.addFault({ call: 'github.listPullRequests', effect: 'hang' });
      const started = stage.start({ action: 'preview-gate', event: pullRequestEvent(stage.emulator) });
      return await cancelAt(stage, started, 'github.listPullRequests');
    },
  },
];

const SCHEDULE = { name: 'schedule', payload: {} };

/** Pull requests that are closed, each with a preview, what it shows on GitHub, and its comment. */
function addClosed({ emulator }: Stage, numbers: readonly number[] = [7]): void {
  for (const number of numbers) {
    emulator.github.addPullRequest({ number, state: 'closed' });
    const { uuid, name } = emulator.addProject(previewName(number));
    const payload = earlierPayload({
      project_uuid: uuid,
      project_name: name,
      pull_request: number,
      preview: 'isolated',
    });
    emulator.github.addDeployment({ environment: 'preview', payload, statuses: ['in_progress', 'success'] });
    // Two of many comments are enough to look at.
    if (numbers.indexOf(number) > 1) continue;
    const marker = `<!-- catalyst-deploy-action project=${name} environment=preview -->`;
    emulator.github.addComment({ issueNumber: number, login: emulator.github.login, body: `${marker}\nDeployed.` });
  }
}

async function cleanUp(stage: Stage, options: Partial<RunOptions> = {}) {
  const event = pullRequestEvent(stage.emulator, 'closed');
  return await stage.run({ action: 'preview-cleanup', event, ...options });
}

const MANY = Array.from({ length: 30 }, (_, index) => 100 + index);

export const CLEANUP_KINDS: readonly Kind[] = [
  {
    name: 'cleanup/deleted',
    outcome: 'deleted',
    play: async (stage) => {
      addClosed(stage);
      return await cleanUp(stage);
    },
  },
  {
    name: 'cleanup/nothing to delete',
    outcome: 'nothing',
    play: async (stage) => {
      stage.emulator.github.addPullRequest({ number: 7, state: 'closed' });
      return await cleanUp(stage);
    },
  },
  {
    name: 'cleanup/still open',
    outcome: 'nothing',
    play: async (stage) => {
      addClosed(stage);
      const event = pullRequestEvent(stage.emulator, 'closed');
      stage.emulator.github.addPullRequest({ number: 7, state: 'open' });
      return await cleanUp(stage, { event });
    },
  },
  {
    name: 'cleanup/dry run',
    outcome: 'dry-run',
    play: async (stage) => {
      addClosed(stage);
      return await cleanUp(stage, { inputs: { 'dry-run': 'true' } });
    },
  },
  {
    name: 'cleanup/30 on a schedule',
    outcome: 'deleted',
    isLong: 'it lists what was deleted',
    play: async (stage) => {
      addClosed(stage, MANY);
      stage.emulator.github.addPullRequest({ number: 140 });
      stage.emulator.addProject(previewName(140));
      return await cleanUp(stage, { event: SCHEDULE });
    },
  },
  {
    name: 'cleanup/403',
    outcome: 'error',
    play: async (stage) => {
      addClosed(stage);
      stage.emulator.addFault({ call: 'deleteProject', effect: 'status', status: 403, times: 'always' });
      return await cleanUp(stage);
    },
  },
  {
    name: 'cleanup/some refused',
    outcome: 'error',
    play: async (stage) => {
      addClosed(stage, [7, 8, 9]);
      stage.emulator.addFault({ call: 'deleteProject', effect: 'status', status: 422, skip: 1, times: 'always' });
      return await cleanUp(stage, { event: SCHEDULE });
    },
  },
  {
    name: 'cleanup/bad inputs',
    outcome: 'error',
    play: async (stage) =>
      await cleanUp(stage, { inputs: { 'store-hash': 'a/b', 'pull-request': '0', 'access-token': '' } }),
  },
  {
    name: 'cleanup/cancelled',
    outcome: 'cancelled',
    play: async (stage) => {
      addClosed(stage);
      stage.emulator.addFault({ call: 'deleteProject', effect: 'hang' });
      const event = pullRequestEvent(stage.emulator, 'closed');
      return await cancelAt(stage, stage.start({ action: 'preview-cleanup', event }), 'deleteProject');
    },
  },
  {
    name: 'cleanup/skipped, of a fork',
    outcome: 'skipped',
    play: async (stage) => {
      stage.emulator.github.addPullRequest({ number: 7, state: 'closed', headRepository: 'mona/storefront' });
      return await cleanUp(stage, { inputs: { 'access-token': '' } });
    },
  },
];

type Level = 'info' | 'warn' | 'error';

/** Entries of these levels, and exceptions of so many kinds. */
function addLogs({ emulator }: Stage, levels: readonly Level[], exceptions = 0): void {
  const timestamp = new Date().toISOString();
  const uuid = emulator.projects[0]?.uuid ?? '';
  const request = { method: 'GET', url: 'https://shop.example/products/a-product?size=12', status_code: 200 };
  for (const [index, level] of levels.entries())
    emulator.addWorkerLog(uuid, {
      timestamp,
      request,
      logs: [{ timestamp, level, messages: [`No stock of ${index % 4}`] }],
    });
  for (let index = 0; index < exceptions; index += 1) {
    const name = `TypeError${'abcdefghijklmnopqrstuvwxyz'.charAt(index % 26)}`;
    const message = "Cannot read properties of undefined (reading 'edges') while rendering the list of products";
    emulator.addWorkerLog(uuid, { timestamp, request, logs: [], exceptions: [{ timestamp, name, message }] });
  }
}

async function readLogs(stage: Stage, inputs: Record<string, string> = {}) {
  return await stage.run({ action: 'logs', inputs: { 'project-name': 'demo-storefront', ...inputs } });
}

export const LOGS_KINDS: readonly Kind[] = [
  {
    name: 'logs/complete',
    outcome: 'complete',
    play: async (stage) => {
      addLogs(stage, ['info', 'info', 'warn']);
      return await readLogs(stage);
    },
  },
  { name: 'logs/no entries', outcome: 'complete', play: async (stage) => await readLogs(stage) },
  {
    name: 'logs/truncated',
    outcome: 'truncated',
    play: async (stage) => {
      addLogs(stage, Array<Level>(40).fill('info'));
      return await readLogs(stage, { 'max-entries': '10' });
    },
  },
  {
    name: 'logs/errors found',
    outcome: 'failed',
    play: async (stage) => {
      addLogs(stage, ['info', 'error', 'error', 'error'], 30);
      return await readLogs(stage, { 'fail-on': 'error' });
    },
  },
  {
    name: 'logs/errors that are allowed',
    outcome: 'complete',
    isLong: 'it lists the errors',
    play: async (stage) => {
      addLogs(stage, ['info', 'error', 'error', 'error'], 3);
      return await readLogs(stage, { 'fail-on': 'never' });
    },
  },
  {
    name: 'logs/followed',
    outcome: 'complete',
    platform: { workerLogEveryMs: 200 },
    play: async (stage) => await readLogs(stage, { mode: 'tail', 'duration-seconds': '1' }),
  },
  ...([401, 403] as const).map(
    (status): Kind => ({
      name: `logs/${status}`,
      outcome: 'error',
      play: async (stage) => {
        stage.emulator.addFault({ call: 'queryLogs', effect: 'status', status, times: 'always' });
        return await readLogs(stage);
      },
    }),
  ),
  {
    name: 'logs/project not found',
    outcome: 'error',
    play: async (stage) => await readLogs(stage, { 'project-name': 'demo-storfront' }),
  },
  {
    name: 'logs/bad inputs',
    outcome: 'error',
    play: async (stage) => await readLogs(stage, { since: 'yesterday', level: 'loud', 'max-entries': '0' }),
  },
];
