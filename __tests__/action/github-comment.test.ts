/** The comment on a pull request: when there is one, what it says on the way, and that it stays one. */
import { expect, test } from '@jest/globals';
import { headingOf, hrefsOf, onlyComment, pushCommit, toHtml, wordsOf, writesOf } from './github-comment-reading.ts';
import {
  githubCallsOf,
  githubPlatform,
  onGitHub,
  onPullRequest,
  PULL_REQUEST,
  pullRequestEvent,
  startOnGitHub,
} from './github-harness.ts';
import { warningsOf } from './harness.ts';

test('one comment: it says that it deploys, then what came of it, and its id is an output', async () => {
  const emulator = await githubPlatform({ holdDeploymentsAt: 'deploying' });
  const started = startOnGitHub({ emulator, event: pullRequestEvent(emulator) });
  await emulator.waitForRequest('events');
  const comment = onlyComment(emulator);
  const head = emulator.github.pullRequests[0]?.head.sha ?? '';
  expect(comment.issueNumber).toBe(PULL_REQUEST);
  expect(headingOf(comment.body)).toMatch(/deploying.*preview/i);
  expect(wordsOf(comment.body)).not.toMatch(/storefront\.example|✅|Duration/);
  expect(wordsOf(comment.body)).toContain(head.slice(0, 7));

  emulator.releaseDeployment();
  const run = await started.finished;
  const url = run.outputs['url'] ?? '';
  expect(onlyComment(emulator)).toBe(comment);
  expect(run.outputs).toMatchObject({ outcome: 'deployed', 'comment-id': String(comment.id) });
  expect(headingOf(comment.body)).toMatch(/✅ deployed.*preview/i);
  expect(hrefsOf(comment.body)).toContain(`${url}/`);
  expect(hrefsOf(comment.body)).toContain(`https://github.com/acme/storefront/commit/${head}`);
  const runUrl = `https://github.com/acme/storefront/actions/runs/${emulator.artifacts.runId}/attempts/1`;
  expect(hrefsOf(comment.body)).toContain(runUrl);
  expect(wordsOf(comment.body)).toMatch(/\b\d+ B in 3 files · [\d.]+ s /);
  expect(githubCallsOf(emulator).filter((call) => call.endsWith('Comment'))).toEqual([
    'github.createComment',
    'github.updateComment',
  ]);
  expect(run.summary).toContain(`#issuecomment-${comment.id}`);
});

test('the next push edits the same comment', async () => {
  const emulator = await githubPlatform();
  const first = await onPullRequest({ emulator });
  const comment = onlyComment(emulator);
  const head = pushCommit(emulator, 'b');
  const second = await onPullRequest({ emulator });
  expect(onlyComment(emulator)).toBe(comment);
  expect([first, second].map(({ outputs }) => outputs['comment-id'])).toEqual([`${comment.id}`, `${comment.id}`]);
  expect(wordsOf(comment.body)).toContain('bbbbbbb');
  expect(hrefsOf(comment.body)).toContain(`https://github.com/acme/storefront/commit/${head}`);
  expect(writesOf(emulator).map(({ call }) => call.slice('github.'.length))).toEqual([
    'createComment',
    'updateComment',
    'updateComment',
    'updateComment',
  ]);
});

test('what the comment is found by is hidden from its readers', async () => {
  const emulator = await githubPlatform();
  await onPullRequest({ emulator });
  const { body } = onlyComment(emulator);
  expect(body.split('\n')[0]).toMatch(/^<!-- [^>]*catalyst-deploy-action[^>]* -->$/);
  expect(wordsOf(body)).not.toMatch(/catalyst-deploy-action|last-success|environment=|<!|-->/);
  expect(toHtml(body).replace(/<!--[\s\S]*?-->/g, '')).toMatch(/^\s*<h3>/);
});

test.each([
  ['comment: false', { inputs: { comment: 'false' } }],
  ['a dry run', { inputs: { 'dry-run': 'true' } }],
  ['no token', { githubToken: '' }],
])('%s: there is no comment, and nothing about comments is asked', async (_, options) => {
  const emulator = await githubPlatform();
  const run = await onPullRequest({ emulator, ...options });
  expect(run.exitCode).toBe(0);
  expect(run.outputs).not.toHaveProperty('comment-id');
  expect(githubCallsOf(emulator).filter((call) => /comment/i.test(call))).toEqual([]);
});

test('a push to main makes no comment', async () => {
  const emulator = await githubPlatform();
  const run = await onGitHub({ emulator });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(githubCallsOf(emulator).filter((call) => /comment|pull/i.test(call))).toEqual([]);
});

const EVENTS = [
  { name: 'workflow_dispatch', payload: { inputs: { number: '12' }, ref: 'refs/heads/main' } },
  {
    name: 'issue_comment',
    payload: { action: 'created', issue: { number: 12, pull_request: {} }, comment: { id: 1 } },
  },
  { name: 'workflow_run', payload: { action: 'completed', workflow_run: { id: 1, pull_requests: [] } } },
];

test.each(EVENTS)('$name with `pull-request`: a comment, for the head that GitHub names', async (event) => {
  const emulator = await githubPlatform();
  const head = 'c'.repeat(40);
  emulator.github.addPullRequest({ number: 12, headSha: head });
  const run = await onGitHub({ emulator, event, inputs: { 'pull-request': '12' } });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(warningsOf(run)).toBe('');
  const comment = onlyComment(emulator);
  expect(comment.issueNumber).toBe(12);
  expect(headingOf(comment.body)).toMatch(/preview/);
  expect(wordsOf(comment.body)).toContain('ccccccc');
  expect(hrefsOf(comment.body)).toContain(`https://github.com/acme/storefront/commit/${head}`);
  expect(githubCallsOf(emulator)).toContain('github.getPullRequest');
  expect(emulator.github.deployments).toMatchObject([{ sha: head, environment: 'preview', transient: true }]);
});

test.each(EVENTS)('$name with `pull-request` and `sha`: the comment names that commit', async (event) => {
  const emulator = await githubPlatform();
  const sha = 'D'.repeat(40);
  emulator.github.addPullRequest({ number: 12, headSha: 'c'.repeat(40) });
  await onGitHub({ emulator, event, inputs: { 'pull-request': '12', sha } });
  const { body, issueNumber } = onlyComment(emulator);
  expect(issueNumber).toBe(12);
  expect(hrefsOf(body)).toContain(`https://github.com/acme/storefront/commit/${sha.toLowerCase()}`);
  expect(body).not.toContain('ccccccc');
});

test('the input wins over the pull request of the event', async () => {
  const emulator = await githubPlatform();
  emulator.github.addPullRequest({ number: 12, headSha: 'c'.repeat(40) });
  await onPullRequest({ emulator, inputs: { 'pull-request': '12' } });
  const { body, issueNumber } = onlyComment(emulator);
  expect(issueNumber).toBe(12);
  expect(wordsOf(body)).toContain('ccccccc');
});

test('an event without a pull request, and an environment: no comment', async () => {
  const emulator = await githubPlatform();
  const event = { name: 'workflow_run', payload: EVENTS[2]?.payload };
  const run = await onGitHub({ emulator, event, inputs: { environment: 'staging' } });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(emulator.github.comments).toEqual([]);
});

test('a head that may not be asked for: a comment without a commit, and one warning that names the permission', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({
    call: 'github.getPullRequest',
    effect: 'status',
    status: 403,
    body: { message: 'Resource not accessible by integration' },
    times: 'always',
  });
  const event = { name: 'workflow_dispatch', payload: {} };
  const run = await onGitHub({ emulator, event, inputs: { 'pull-request': `${PULL_REQUEST}` } });
  expect(run.outputs['outcome']).toBe('deployed');
  const { body } = onlyComment(emulator);
  expect(headingOf(body)).toMatch(/✅/);
  expect(hrefsOf(body).filter((href) => href.includes('/commit/'))).toEqual([]);
  expect(warningsOf(run)).toContain('pull-requests: write');
  expect(warningsOf(run).split('\n')).toHaveLength(1);
});
