/** A gate that is cancelled or killed: it deploys nothing, and no check run stays open. */
import { describe, expect, test } from '@jest/globals';
import type { Emulator, Fault } from '../../emulator/emulator.ts';
import type { Call } from '../../emulator/services.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import {
  COMMANDER,
  checksOf,
  commentEvent,
  type GateRun,
  gate,
  previewComment,
  shareOf,
  startGate,
} from './gate-harness.ts';
import { expectIdle } from './github-cancel-harness.ts';
import { githubCallsOf, githubPlatform, pullRequestEvent } from './github-harness.ts';
import { failureOf } from './harness.ts';

interface Moment {
  name: string;
  on: 'push' | 'command';
  faults: readonly Fault[];
  reached: Call;
  count?: number;
  inputs?: Record<string, string>;
  /** What the check run says in the end; undefined where there is none. */
  check?: string;
  /** The claim is stored already. */
  claimed?: boolean;
}

const hang = (call: Call): Fault => ({ call: call as Fault['call'], effect: 'hang' });

const MOMENTS: readonly Moment[] = [
  {
    name: 'while the pull requests are listed',
    on: 'push',
    faults: [hang('github.listPullRequests')],
    reached: 'github.listPullRequests',
  },
  {
    name: 'while the claim is looked for',
    on: 'push',
    faults: [hang('github.listComments')],
    reached: 'github.listComments',
  },
  {
    name: 'while the comment on a push is written',
    on: 'push',
    faults: [hang('github.createComment')],
    reached: 'github.createComment',
  },
  {
    name: 'while the permission is asked for',
    on: 'command',
    faults: [hang('github.getPermission')],
    reached: 'github.getPermission',
  },
  {
    name: 'while the pull request is read',
    on: 'command',
    faults: [hang('github.getPullRequest')],
    reached: 'github.getPullRequest',
  },
  { name: 'while it reacts', on: 'command', faults: [hang('github.createReaction')], reached: 'github.createReaction' },
  {
    name: 'while the check run is asked for',
    on: 'command',
    faults: [hang('github.createCheckRun')],
    reached: 'github.createCheckRun',
  },
  {
    name: 'while the check run is there and its answer has not come',
    on: 'command',
    faults: [{ call: 'github.createCheckRun', effect: 'delay', delayMs: 20_000 }],
    reached: 'github.createCheckRun',
    check: 'cancelled',
  },
  {
    name: 'while the check run is there and is looked for',
    on: 'command',
    faults: [{ call: 'github.createCheckRun', effect: 'lost-answer' }, hang('github.listCheckRuns')],
    reached: 'github.listCheckRuns',
    check: 'cancelled',
  },
  {
    name: 'while the claim is read',
    on: 'command',
    faults: [hang('github.listComments')],
    reached: 'github.listComments',
    check: 'cancelled',
  },
  {
    name: 'while the claim is written',
    on: 'command',
    faults: [hang('github.createComment')],
    reached: 'github.createComment',
    check: 'cancelled',
  },
  {
    name: 'while the claim is written and the check is to stay open',
    on: 'command',
    faults: [hang('github.createComment')],
    reached: 'github.createComment',
    inputs: { 'keep-check-open': 'true' },
    check: 'cancelled',
  },
  {
    name: 'while the claim is written and its answer has not come',
    on: 'command',
    faults: [{ call: 'github.createComment', effect: 'delay', delayMs: 20_000 }],
    reached: 'github.createComment',
    check: 'cancelled',
    claimed: true,
  },
];

async function endAt({ on, faults, reached, inputs = {} }: Moment, signal: NodeJS.Signals) {
  const emulator = await githubPlatform();
  emulator.github.addPullRequest({ number: 12 });
  emulator.github.setRole(COMMANDER, 'write');
  for (const fault of faults) emulator.addFault(fault);
  const { name, payload } = on === 'push' ? pullRequestEvent(emulator) : commentEvent(emulator);
  const run: GateRun = { emulator, event: { name, payload }, inputs };
  const started = startGate(run);
  await emulator.waitForRequest(reached);
  // The work of a call whose answer is late is done by then.
  if (faults.some(({ effect }) => effect === 'delay')) await workDone(emulator, reached);
  started.kill(signal);
  const main = await started.finished;
  return { emulator, main, post: () => postOf(run, main) };
}

async function workDone({ github }: Emulator, reached: Call): Promise<void> {
  const isDone = () => (reached === 'github.createCheckRun' ? github.checkRuns.length > 0 : github.comments.length > 1);
  while (!isDone()) await new Promise((resolve) => setImmediate(resolve));
}

async function postOf(run: GateRun, main: FinishedRun): Promise<FinishedRun> {
  run.emulator.clearFaults();
  return await gate({ ...run, postOf: main.state });
}

function expectClosed(emulator: Emulator, { check, claimed = false }: Moment): void {
  const found = checksOf(emulator).map(({ status, conclusion }) => ({ status, conclusion }));
  expect(found).toEqual(check === undefined ? [] : [{ status: 'completed', conclusion: check }]);
  const body = previewComment(emulator)?.body;
  expect(shareOf(body) !== undefined).toBe(claimed);
  expect(body ?? '').not.toContain('Deploying');
}

const each = (on?: Moment['on']) =>
  MOMENTS.filter((moment) => on === undefined || moment.on === on).map((moment): [string, Moment] => [
    moment.name,
    moment,
  ]);

describe.each(['SIGINT', 'SIGTERM'] as const)('cancelled by %s', (signal) => {
  test.each(each())('%s', async (_, moment) => {
    const { emulator, main, post } = await endAt(moment, signal);
    expect({ exitCode: main.exitCode, signal: main.signal }).toEqual({ exitCode: 1, signal: null });
    expect(main.durationMs).toBeLessThan(8000);
    expect(main.outputs['deploy']).toBe('false');
    expect(main.outputs).not.toHaveProperty('reason');
    expect(main.outputs).not.toHaveProperty('check-run-id');
    expect(failureOf(main)).toMatchObject({
      title: 'Preview gate cancelled',
      message: expect.stringContaining('this run deploys nothing'),
    });
    expect(main.summary).toContain('## 🚫 Preview gate cancelled\n');
    const after = await post();
    expect({ exitCode: after.exitCode, annotations: after.annotations }).toEqual({ exitCode: 0, annotations: [] });
    expectClosed(emulator, moment);
  });
});

describe('killed', () => {
  test.each(each('command'))('%s', async (_, moment) => {
    const { emulator, main, post } = await endAt(moment, 'SIGKILL');
    expect(main.outputs['deploy']).toBe('false');
    const after = await post();
    expect({ exitCode: after.exitCode, annotations: after.annotations }).toEqual({ exitCode: 0, annotations: [] });
    expectClosed(emulator, moment);
    const text = emulator.github.checkRuns[0]?.output.summary ?? '';
    expect(text).toContain(moment.check === undefined ? '' : 'its run deploys nothing');
  });
});

test('cancelled while the check run is closed: the decision is withdrawn', async () => {
  const moment: Moment = {
    name: '',
    on: 'command',
    faults: [hang('github.updateCheckRun')],
    reached: 'github.updateCheckRun',
  };
  const { emulator, main, post } = await endAt(moment, 'SIGINT');
  expect(main.outputs['deploy']).toBe('false');
  expect(main.outputs).not.toHaveProperty('reason');
  expect(main.durationMs).toBeLessThan(8000);
  await post();
  expect(checksOf(emulator)).toMatchObject([{ status: 'completed' }]);
});

test('cancelled while GitHub does not answer any more: gone in time, and the post step closes the check run', async () => {
  const moment: Moment = { name: '', on: 'command', faults: [], reached: 'github.createCheckRun' };
  const emulator = await githubPlatform();
  emulator.github.setRole(COMMANDER, 'write');
  const { name, payload } = commentEvent(emulator);
  const run = { emulator, event: { name, payload } };
  emulator.addFault({ call: 'github.listComments', effect: 'hang', times: 'always' });
  const started = startGate(run);
  await emulator.waitForRequest('github.listComments');
  emulator.addFault({ call: 'github.any', effect: 'hang', times: 'always' });
  const atMs = performance.now();
  started.kill('SIGINT');
  const main = await started.finished;
  expect(performance.now() - atMs).toBeLessThan(5000);
  expect(checksOf(emulator)).toMatchObject([{ status: 'in_progress' }]);
  await postOf(run, main);
  expectClosed(emulator, { ...moment, check: 'cancelled' });
});

test('after a gate that closed everything the post step is silent', async () => {
  const emulator = await githubPlatform();
  emulator.github.setRole(COMMANDER, 'write');
  const { name, payload } = commentEvent(emulator);
  for (const event of [{ name, payload }, pullRequestEvent(emulator)]) {
    const run = { emulator, event };
    const main = await gate(run);
    const before = emulator.requests.length;
    expectIdle(await postOf(run, main), before, emulator);
  }
  expect(githubCallsOf(emulator)).not.toContain('github.getCheckRun');
});
