/** GitHub on bad days: the comment exists once, and shows the end, all the same. */
import { expect, test } from '@jest/globals';
import type { Emulator, Fault } from '../../emulator/emulator.ts';
import type { GitHubComment } from '../../emulator/services/github/records.ts';
import { headingOf, onlyComment, pushCommit, wordsOf, writesOf } from './github-comment-reading.ts';
import {
  githubCallsOf,
  githubPlatform,
  onPullRequest,
  ownComments,
  pullRequestEvent,
  startOnGitHub,
} from './github-harness.ts';
import { warningsOf } from './harness.ts';

/** Nothing but the comment talks to GitHub. */
const inputs = { 'github-deployment': 'false' };

function deleteComments(emulator: Emulator): void {
  (emulator.github.comments as GitHubComment[]).splice(0);
}

function callsOf(emulator: Emulator, call: string): number {
  return githubCallsOf(emulator).filter((one) => one === `github.${call}`).length;
}

test('a comment that was deleted between the two writes is made anew', async () => {
  const emulator = await githubPlatform({ holdDeploymentsAt: 'deploying' });
  const started = startOnGitHub({ emulator, inputs, event: pullRequestEvent(emulator) });
  await emulator.waitForRequest('events');
  const { id } = onlyComment(emulator);
  deleteComments(emulator);
  emulator.releaseDeployment();
  const run = await started.finished;
  const comment = onlyComment(emulator);
  expect(comment.id).not.toBe(id);
  expect(run.outputs).toMatchObject({ outcome: 'deployed', 'comment-id': `${comment.id}` });
  expect(headingOf(comment.body)).toMatch(/✅/);
  expect(warningsOf(run)).toBe('');
});

test('a comment that was deleted between two pushes is made anew', async () => {
  const emulator = await githubPlatform();
  await onPullRequest({ emulator, inputs });
  deleteComments(emulator);
  const run = await onPullRequest({ emulator, inputs });
  expect(run.outputs['comment-id']).toBe(`${onlyComment(emulator).id}`);
});

type Faults = readonly Fault[];
const create = (fault: object) => ({ call: 'github.createComment', ...fault }) as Fault;

test.each<[string, Faults, number]>([
  ['the answer to it is lost', [create({ effect: 'lost-answer' })], 1],
  ['the answer to it breaks off', [create({ effect: 'reset-in-body' })], 1],
  ['its connection breaks before it is sent', [create({ effect: 'reset-before' })], 2],
  ['it is answered with 502', [create({ effect: 'status', status: 502 })], 2],
  ['a rate limit delays it', [create({ effect: 'rate-limit', limit: 'secondary', retryAfterSeconds: 1 })], 2],
])('making the comment: %s, and there is one, without a warning', async (_, faults, creates) => {
  const emulator = await githubPlatform();
  for (const fault of faults) emulator.addFault(fault);
  const run = await onPullRequest({ emulator, inputs });
  const comment = onlyComment(emulator);
  expect(headingOf(comment.body)).toMatch(/✅/);
  expect(run.outputs['comment-id']).toBe(`${comment.id}`);
  expect(callsOf(emulator, 'createComment')).toBe(creates);
  expect(warningsOf(run)).toBe('');
});

test.each<[string, Faults]>([
  ['the second try is lost as well', [create({ effect: 'status', status: 502 }), create({ effect: 'lost-answer' })]],
  ['both tries are lost', [create({ effect: 'lost-answer' }), create({ effect: 'lost-answer' })]],
  [
    'the answer is lost, and it cannot be looked for at once',
    [create({ effect: 'lost-answer' }), { call: 'github.listComments', effect: 'status', status: 400, skip: 1 }],
  ],
])('making the comment: %s, and there is one in the end', async (_, faults) => {
  const emulator = await githubPlatform();
  for (const fault of faults) emulator.addFault(fault);
  const run = await onPullRequest({ emulator, inputs });
  expect(run.outputs['outcome']).toBe('deployed');
  const comment = onlyComment(emulator);
  expect(headingOf(comment.body)).toMatch(/✅/);
  expect(run.outputs['comment-id']).toBe(`${comment.id}`);
});

test('cancelled between the making of the comment and the answer: it is the one that shows the end', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.createComment', effect: 'slow-body', delayMs: 1000 });
  const started = startOnGitHub({ emulator, inputs, event: pullRequestEvent(emulator) });
  await emulator.waitForRequest('github.createComment');
  // The body of the request is read a few turns of the loop later.
  while (emulator.github.comments.length === 0) await new Promise(setImmediate);
  started.kill('SIGINT');
  const run = await started.finished;
  expect(run.outputs['outcome']).toBe('cancelled');
  const comment = onlyComment(emulator);
  expect(headingOf(comment.body)).toMatch(/🚫/);
  expect(run.outputs['comment-id']).toBe(`${comment.id}`);
});

test.each(['listComments', 'graphql', 'updateComment', 'listDeployments', 'getPullRequest'] as const)(
  '5xx on github.%s is answered with another try, and nobody need know',
  async (call) => {
    const emulator = await githubPlatform();
    await onPullRequest({ emulator, inputs });
    const comment = onlyComment(emulator);
    emulator.addFault({ call: `github.${call}`, effect: 'status', status: 503 });
    emulator.addFault({ call: `github.${call}`, effect: 'reset-before' });
    pushCommit(emulator, 'b');
    const event = { name: 'workflow_dispatch', payload: {} };
    const run = await onPullRequest({ emulator, event, inputs: { ...inputs, 'pull-request': '7' } });
    expect(onlyComment(emulator)).toBe(comment);
    expect(wordsOf(comment.body)).toMatch(/✅.*bbbbbbb/);
    expect(warningsOf(run)).toBe('');
    expect(emulator.faults.every(({ done }) => done)).toBe(true);
  },
);

test('a page of comments that fails is asked for again, and none is left out', async () => {
  const emulator = await githubPlatform();
  for (let index = 0; index < 250; index += 1) emulator.github.addComment({ body: `Comment ${index}` });
  await onPullRequest({ emulator, inputs });
  const comment = onlyComment(emulator);
  emulator.addFault({ call: 'github.listComments', effect: 'status', status: 502, skip: 2 });
  await onPullRequest({ emulator, inputs });
  expect(onlyComment(emulator)).toBe(comment);
});

test('comments that cannot be read: none is written beside one that may be there', async () => {
  const emulator = await githubPlatform();
  await onPullRequest({ emulator, inputs });
  const written = writesOf(emulator).length;
  emulator.addFault({ call: 'github.listComments', effect: 'status', status: 400, times: 'always' });
  const run = await onPullRequest({ emulator, inputs });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(warningsOf(run)).toMatch(/comment on pull request #7 could not be written/);
  expect(writesOf(emulator)).toHaveLength(written);
});

test('the comments are read before each of the two writes, and who writes is asked once, unless the first answer says so', async () => {
  const emulator = await githubPlatform();
  await onPullRequest({ emulator, inputs });
  const first = [
    ...['github.listComments', 'github.createComment', 'github.listDeployments'],
    ...['github.listComments', 'github.updateComment'],
  ];
  expect(githubCallsOf(emulator)).toEqual(first);
  await onPullRequest({ emulator, inputs });
  expect(githubCallsOf(emulator).slice(first.length)).toEqual([
    ...['github.listComments', 'github.graphql', 'github.updateComment', 'github.listDeployments'],
    ...['github.listComments', 'github.updateComment'],
  ]);
});

test('a comment that may not be written costs one warning, and no deployment', async () => {
  const emulator = await githubPlatform();
  emulator.github.deny('pull-requests', 'read');
  emulator.github.deny('issues', 'read');
  const run = await onPullRequest({ emulator, inputs });
  expect({ exitCode: run.exitCode, outcome: run.outputs['outcome'] }).toEqual({ exitCode: 0, outcome: 'deployed' });
  expect(warningsOf(run).split('\n')).toHaveLength(1);
  expect(warningsOf(run)).toContain('`pull-requests: write`');
  expect(ownComments(emulator)).toEqual([]);
  expect(run.outputs).not.toHaveProperty('comment-id');
});

test('the failure of the deployment is reported first and in full when the comment fails as well', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 30 });
  emulator.addFault({ call: 'github.updateComment', effect: 'status', status: 422 });
  const run = await onPullRequest({ emulator, inputs });
  expect(run.outputs).toMatchObject({ outcome: 'failed', 'error-code': '30' });
  expect(run.annotations.filter(({ level }) => level === 'error')).toHaveLength(1);
  const levels = run.annotations.map(({ level }) => level);
  expect(levels.indexOf('error')).toBeLessThan(levels.lastIndexOf('warning'));
});
