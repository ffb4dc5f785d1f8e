/** What the tests of ended runs share: where a run is when its signal comes, and what GitHub must show afterwards. */
import { randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import {
  type GitHubRun,
  githubPlatform,
  onGitHub,
  ownComments,
  pullRequestEvent,
  startOnGitHub,
} from './github-harness.ts';
import { storefront } from './harness.ts';

export type EventKind = 'push' | 'pull request';

/** A point of a run, and what is true of the storefront when the run ends there. */
export interface Moment {
  name: string;
  /** Where it exists on one kind of event alone. */
  only?: EventKind;
  holdDeployments?: boolean;
  inputs?: Record<string, string>;
  build?: () => Readonly<Record<string, string | Uint8Array>>;
  arrange?: (emulator: Emulator) => void;
  /** Resolves when the run is there: on this line of the log, or as the platform sees it. */
  reached: string | ((emulator: Emulator) => Promise<unknown>);
  /** What may have become of the storefront: nothing, nobody knows, or it continues. */
  remote: 'as it was' | 'uncertain' | 'continues' | 'failed before';
  /** The state that closes the GitHub deployment; undefined where there is none to close. */
  closed: 'inactive' | 'error' | undefined;
  /** Nothing was shown on GitHub yet. */
  unseen?: boolean;
}

const searchesOwnDeployment = (emulator: Emulator) =>
  emulator.waitForRequest(({ call, query }) => call === 'github.listDeployments' && query['sha'] !== undefined);

export const MOMENTS: readonly Moment[] = [
  {
    name: 'while packaging',
    build: () => ({ 'worker.js': randomBytes(24_000_000) }),
    reached: '::group::Package',
    remote: 'as it was',
    closed: undefined,
    unseen: true,
  },
  {
    name: 'while the artifact uploads',
    inputs: { 'upload-artifact': 'true' },
    arrange: (emulator) => emulator.addFault({ call: 'artifacts.create', effect: 'hang' }),
    reached: (emulator) => emulator.waitForRequest('artifacts.create'),
    remote: 'as it was',
    closed: undefined,
  },
  {
    name: 'while the GitHub deployment is asked for',
    arrange: (emulator) => emulator.addFault({ call: 'github.createDeployment', effect: 'hang' }),
    reached: (emulator) => emulator.waitForRequest('github.createDeployment'),
    remote: 'as it was',
    closed: undefined,
  },
  {
    name: 'while the GitHub deployment is there and its answer was lost',
    arrange: (emulator) => {
      emulator.addFault({ call: 'github.createDeployment', effect: 'lost-answer' });
      emulator.addFault({ call: 'github.listDeployments', effect: 'hang', times: 'always' });
    },
    reached: searchesOwnDeployment,
    remote: 'as it was',
    closed: 'inactive',
  },
  {
    name: 'while the GitHub deployment is set to in_progress',
    arrange: (emulator) => emulator.addFault({ call: 'github.createDeploymentStatus', effect: 'hang' }),
    reached: (emulator) => emulator.waitForRequest('github.createDeploymentStatus'),
    remote: 'as it was',
    closed: 'inactive',
  },
  {
    name: 'while the comment is written',
    only: 'pull request',
    inputs: { 'github-deployment': 'false' },
    arrange: (emulator) => emulator.addFault({ call: 'github.createComment', effect: 'hang' }),
    reached: (emulator) => emulator.waitForRequest('github.createComment'),
    remote: 'as it was',
    closed: undefined,
  },
  {
    name: 'while the comment is there and its answer was lost',
    only: 'pull request',
    inputs: { 'github-deployment': 'false' },
    arrange: (emulator) => {
      emulator.addFault({ call: 'github.createComment', effect: 'lost-answer' });
      emulator.addFault({ call: 'github.listComments', effect: 'hang', skip: 1 });
    },
    reached: (emulator) => emulator.waitForRequest('github.listComments', { count: 2 }),
    remote: 'as it was',
    closed: undefined,
  },
  {
    name: 'while asking for a signature',
    arrange: (emulator) => emulator.addFault({ call: 'sign', effect: 'hang' }),
    reached: (emulator) => emulator.waitForRequest('sign'),
    remote: 'as it was',
    closed: 'inactive',
  },
  {
    name: 'while uploading',
    arrange: (emulator) => emulator.addFault({ call: 'upload', effect: 'stall-upload', afterBytes: 0 }),
    reached: (emulator) => emulator.waitForRequest('upload'),
    remote: 'as it was',
    closed: 'inactive',
  },
  {
    name: 'while creating the deployment',
    arrange: (emulator) => emulator.addFault({ call: 'createDeployment', effect: 'hang' }),
    reached: (emulator) => emulator.waitForRequest('createDeployment'),
    remote: 'uncertain',
    closed: 'error',
  },
  {
    name: 'while waiting for another deployment',
    inputs: { 'on-conflict': 'wait' },
    arrange: (emulator) => emulator.addFault({ call: 'createDeployment', effect: 'conflict', times: 'always' }),
    reached: 'Another deployment of this project is in progress',
    remote: 'as it was',
    closed: 'inactive',
  },
  {
    name: 'while following',
    holdDeployments: true,
    reached: (emulator) => emulator.waitForRequest('events'),
    remote: 'continues',
    closed: 'error',
  },
  {
    name: 'in the pause before another attempt',
    arrange: (emulator) => emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 50 }),
    reached: '::warning',
    remote: 'failed before',
    closed: 'inactive',
  },
  {
    name: 'while creating the deployment of another attempt',
    arrange: (emulator) => {
      emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 50 });
      emulator.addFault({ call: 'createDeployment', effect: 'hang', skip: 1 });
    },
    reached: (emulator) => emulator.waitForRequest('createDeployment', { count: 2 }),
    remote: 'uncertain',
    closed: 'error',
  },
];

/** Each moment on each kind of event that has it, for `test.each`. */
export function momentsOn(kind: EventKind): [string, Moment][] {
  return MOMENTS.filter(({ only }) => only === undefined || only === kind).map((moment) => [moment.name, moment]);
}

export interface Ended {
  emulator: Emulator;
  /** The main step. */
  main: FinishedRun & { cancelMs: number };
  /** Runs the `post` step, as the runner does after the main one. */
  post: (change?: Partial<GitHubRun>) => Promise<FinishedRun>;
}

/** What is done after the signal, while the run may still be there. */
export type AndThen = (kill: (signal: NodeJS.Signals) => void, emulator: Emulator) => unknown;

/** A busy machine may deliver a signal when the moment has passed: then the run is of no use, and is made anew. */
const MAX_TRIES = 4;

/** Runs to the moment and sends the signal. */
export async function endAt(
  moment: Moment,
  kind: EventKind,
  signal: NodeJS.Signals,
  andThen: AndThen = () => {},
): Promise<Ended> {
  for (let tries = 1; ; tries += 1) {
    const ended = await tryToEndAt(moment, kind, signal, andThen);
    const isTooLate = moment.unseen === true && ended.main.lines.some((line) => line.startsWith('✓ Package'));
    if (!isTooLate || tries === MAX_TRIES) return ended;
  }
}

async function tryToEndAt(moment: Moment, kind: EventKind, signal: NodeJS.Signals, andThen: AndThen): Promise<Ended> {
  const emulator = await githubPlatform(moment.holdDeployments === true ? { holdDeploymentsAt: 'deploying' } : {});
  moment.arrange?.(emulator);
  const run: GitHubRun = {
    emulator,
    inputs: moment.inputs ?? {},
    workspace: storefront(moment.build?.()),
    ...(kind === 'push' ? {} : { event: pullRequestEvent(emulator) }),
  };
  return await endRunAt(run, moment.reached, signal, andThen);
}

export async function endRunAt(
  run: GitHubRun,
  reached: Moment['reached'],
  signal: NodeJS.Signals,
  andThen: AndThen = () => {},
): Promise<Ended> {
  const { emulator } = run;
  const line = Promise.withResolvers<void>();
  const onLine = (text: string) => typeof reached === 'string' && text.startsWith(reached) && line.resolve();
  const started = startOnGitHub({ ...run, onLine });
  const tooSoon = started.finished.then(({ lines, stderr }) => {
    throw new Error(`the run ended before that moment:\n${lines.join('\n')}\n${stderr}`);
  });
  tooSoon.catch(() => {});
  await Promise.race([typeof reached === 'string' ? line.promise : reached(emulator), tooSoon]);
  const atMs = performance.now();
  started.kill(signal);
  await andThen(started.kill, emulator);
  const main = { ...(await started.finished), cancelMs: performance.now() - atMs };
  const post = async (change: Partial<GitHubRun> = {}) => {
    emulator.clearFaults();
    return await onGitHub({ ...run, ...change, postOf: change.postOf ?? main.state });
  };
  return { emulator, main, post };
}

const CLOSING_STATES = ['success', 'failure', 'error', 'inactive'];

/** No GitHub deployment may be left open: in_progress, or without any status. */
export function openDeployments(emulator: Emulator): unknown[] {
  return emulator.github.deployments
    .map(({ id, statuses }) => ({ id, states: statuses.map(({ state }) => state) }))
    .filter(({ states }) => !CLOSING_STATES.includes(states.at(-1) ?? ''));
}

/** What the deployment and the comment on GitHub have to say after a run that was ended at this moment. */
export function expectShownOnGitHub(emulator: Emulator, moment: Moment, kind: EventKind): void {
  expect(openDeployments(emulator)).toEqual([]);
  const closing = emulator.github.deployments.map(({ statuses }) => statuses.at(-1));
  expect(closing.map((status) => status?.state)).toEqual(moment.closed === undefined ? [] : [moment.closed]);
  const uuid = emulator.deployments[0]?.deploymentUuid ?? 'none';
  if (moment.closed !== undefined) expectTruth(closing[0]?.description ?? '', moment.remote, uuid, true);
  const comments = kind === 'push' ? [] : ownComments(emulator);
  expect(comments).toHaveLength(kind === 'push' || moment.unseen === true ? 0 : 1);
  for (const { body } of comments) {
    expect(body).toContain('🚫 Deployment cancelled');
    expect(body).not.toContain('Deploying to');
    expectTruth(body, moment.remote, uuid, false);
  }
}

/** `short`: a status's description may leave out that nothing was deployed; `inactive` says it. */
export function expectTruth(text: string, remote: Moment['remote'], uuid: string, short: boolean): void {
  const says = {
    continues: /continues remotely/.test(text),
    uncertain: /\bmay\b.*\bstart/.test(text),
    asItWas: /Nothing was deployed/.test(text),
    failedBefore: /had failed the deployment before/.test(text),
  };
  const isSaid = { asItWas: !short || says.asItWas, failedBefore: !short || says.failedBefore };
  expect({ text, ...says }).toEqual({
    text,
    continues: remote === 'continues',
    uncertain: remote === 'uncertain',
    asItWas: isSaid.asItWas && remote === 'as it was',
    failedBefore: isSaid.failedBefore && remote === 'failed before',
  });
  if (remote === 'continues') expect(text).toContain(uuid);
  // One that is known has failed: it is another attempt that nobody knows of.
  if (remote === 'uncertain' && short) expect(text).not.toContain(uuid);
}

/** A `post` step that has nothing to do: silent, green, and without a request. */
export function expectIdle(post: FinishedRun, requestsBefore: number, emulator: Emulator): void {
  const { exitCode, signal, lines, stderr, outputs, state, summary } = post;
  expect({ exitCode, signal, lines, stderr, outputs, state, summary }).toEqual({
    exitCode: 0,
    signal: null,
    lines: [],
    stderr: '',
    outputs: {},
    state: {},
    summary: '',
  });
  expect(emulator.requests).toHaveLength(requestsBefore);
}
