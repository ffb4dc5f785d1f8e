/** What the comment says stays true, whatever becomes of later pushes. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { blocksOf, headingOf, hrefsOf, onlyComment, pushCommit, wordsOf, writesOf } from './github-comment-reading.ts';
import {
  type GitHubRun,
  githubPlatform,
  onPullRequest,
  ownComments,
  pullRequestEvent,
  startOnGitHub,
} from './github-harness.ts';
import { SMALL_BUILD, storefront } from './harness.ts';

interface BadPush {
  what: string;
  arrange?: (emulator: Emulator) => void;
  run?: () => Partial<GitHubRun>;
  outcome: string;
  /** What went wrong, and what to do, as the comment has to say. */
  says: readonly RegExp[];
}

const BAD_PUSHES: readonly BadPush[] = [
  {
    what: 'its bundle is refused',
    run: () => ({ workspace: storefront({ ...SMALL_BUILD, 'assets/.env.local': 'A=1' }) }),
    outcome: 'error',
    says: [/❌/, /\.env\.local/, /exclude/, /What to do/],
  },
  {
    what: 'there is no build',
    run: () => ({ inputs: { directory: 'nowhere' } }),
    outcome: 'error',
    says: [/❌/, /nowhere/, /What to do/],
  },
  {
    what: 'its access token is gone',
    run: () => ({ inputs: { 'access-token': '' } }),
    outcome: 'error',
    says: [/❌/, /access-token/, /What to do/],
  },
  {
    what: 'several of its inputs are wrong',
    run: () => ({ inputs: { 'timeout-minutes': '0', 'on-conflict': 'hope', 'store-hash': 'https://x.example' } }),
    outcome: 'error',
    says: [/❌/, /timeout-minutes/, /on-conflict/, /store-hash/, /What to do/],
  },
  {
    what: 'the platform fails it',
    arrange: (emulator) => emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 30 }),
    outcome: 'failed',
    says: [/❌/, /code 30/, /64 MB/, /What to do/],
  },
  {
    what: 'another deployment is in progress',
    arrange: (emulator) => emulator.addFault({ call: 'createDeployment', effect: 'conflict' }),
    outcome: 'conflict',
    says: [/⛔/, /in progress/, /What to do/],
  },
  {
    what: 'nobody knows how it ended',
    arrange: (emulator) => emulator.addFault({ call: 'createDeployment', effect: 'lost-answer', times: 2 }),
    outcome: 'unknown',
    says: [/❓/, /may or may not have changed/, /What to do/],
  },
  {
    what: 'the platform refuses its token',
    arrange: (emulator) => emulator.addFault({ call: 'sign', effect: 'status', status: 401 }),
    outcome: 'error',
    says: [/❌/, /401/, /What to do/],
  },
];

test.each(BAD_PUSHES)('after a success, a push of which $what: the comment says so', async (push) => {
  const emulator = await githubPlatform();
  pushCommit(emulator, 'a');
  const good = await onPullRequest({ emulator });
  const url = good.outputs['url'] ?? 'no url';
  const comment = onlyComment(emulator);
  pushCommit(emulator, 'b');
  push.arrange?.(emulator);
  const bad = await onPullRequest({ emulator, ...push.run?.() });
  expect(bad.outputs).toMatchObject({ outcome: push.outcome, 'comment-id': `${comment.id}` });
  expect(bad.exitCode).toBe(1);
  expect(onlyComment(emulator)).toBe(comment);
  for (const words of push.says) expect(wordsOf(comment.body)).toMatch(words);
  expect(headingOf(comment.body)).not.toMatch(/✅|(?<!not )deployed to/i);
  expect(hrefsOf(comment.body)).toContain(`https://github.com/acme/storefront/commit/${'b'.repeat(40)}`);
  expectAddressOnlyOfThePast(comment.body, url);

  emulator.clearFaults();
  pushCommit(emulator, 'c');
  await onPullRequest({ emulator });
  expect(onlyComment(emulator)).toBe(comment);
  expect(headingOf(comment.body)).toMatch(/✅/);
  expect(hrefsOf(comment.body)).toContain(`${url}/`);
  expect(wordsOf(comment.body)).toContain('ccccccc');
  expect(wordsOf(comment.body)).not.toMatch(/aaaaaaa|bbbbbbb|What to do|⛔|❌|❓/);
});

/** The last success is named, and its address is nowhere but there. */
function expectAddressOnlyOfThePast(body: string, url: string): void {
  const host = new URL(url).host;
  const named = blocksOf(body).filter((block) => block.includes('aaaaaaa'));
  expect(named).toHaveLength(1);
  expect(wordsOf(named[0] ?? '')).toMatch(/last.*succeeded/i);
  expect(named[0]).not.toContain('bbbbbbb');
  for (const block of blocksOf(body)) {
    if (block.includes(host)) expect(wordsOf(block)).toMatch(/aaaaaaa.*may show something else/);
  }
}

test('the last success is still named after several failures, and the newer one after it', async () => {
  const emulator = await githubPlatform();
  const fail = async (digit: string) => {
    pushCommit(emulator, digit);
    emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 30 });
    await onPullRequest({ emulator });
    return wordsOf(onlyComment(emulator).body);
  };
  expect(await fail('1')).not.toMatch(/succeeded/);
  pushCommit(emulator, '2');
  await onPullRequest({ emulator });
  expect(await fail('3')).toMatch(/succeeded.*2222222/);
  expect(await fail('4')).toMatch(/succeeded.*2222222/);
  pushCommit(emulator, '5');
  await onPullRequest({ emulator });
  const words = await fail('6');
  expect(words).toMatch(/succeeded.*5555555/);
  expect(words).not.toMatch(/1111111|2222222|3333333|4444444/);
});

test('while the next push deploys, the old address is not offered as its own', async () => {
  const emulator = await githubPlatform({ stepMs: 5 });
  pushCommit(emulator, 'a');
  const good = await onPullRequest({ emulator });
  emulator.holdDeployments('deploying');
  pushCommit(emulator, 'b');
  const { index } = emulator.requests.at(-1) ?? {};
  const started = startOnGitHub({ emulator, event: pullRequestEvent(emulator) });
  await emulator.waitForRequest('events', { afterIndex: index ?? 0 });
  const { body } = onlyComment(emulator);
  expect(headingOf(body)).toMatch(/deploying/i);
  expectAddressOnlyOfThePast(body, good.outputs['url'] ?? '');
  emulator.releaseDeployment();
  await started.finished;
  expect(headingOf(onlyComment(emulator).body)).toMatch(/✅/);
});

test('a first push whose inputs are wrong gets a comment that says so', async () => {
  const emulator = await githubPlatform();
  const run = await onPullRequest({ emulator, inputs: { 'access-token': '' } });
  const { id, body } = onlyComment(emulator);
  expect(run.outputs['comment-id']).toBe(`${id}`);
  expect(wordsOf(body)).toMatch(/access-token/);
  expect(wordsOf(body)).not.toMatch(/succeeded|storefront\.example/);
});

test('no input is so wrong that the comment goes on praising: one that is about GitHub itself', async () => {
  const emulator = await githubPlatform();
  await onPullRequest({ emulator });
  pushCommit(emulator, 'b');
  const run = await onPullRequest({ emulator, inputs: { 'artifact-retention-days': 'many' } });
  expect(run.outputs['outcome']).toBe('error');
  expect(wordsOf(onlyComment(emulator).body)).toMatch(/artifact-retention-days/);
});

test('a run that is cancelled before anything was opened leaves the comment as it was', async () => {
  const emulator = await githubPlatform();
  const inputs = { 'project-uuid': '', 'project-name': 'demo-storefront' };
  await onPullRequest({ emulator, inputs });
  const before = structuredClone(ownComments(emulator));
  const written = writesOf(emulator).length;
  pushCommit(emulator, 'b');
  emulator.addFault({ call: 'listProjects', effect: 'hang' });
  const { index = 0 } = emulator.requests.at(-1) ?? {};
  const started = startOnGitHub({ emulator, event: pullRequestEvent(emulator), inputs });
  await emulator.waitForRequest('listProjects', { afterIndex: index });
  started.kill('SIGINT');
  const run = await started.finished;
  expect(run.outputs['outcome']).toBe('cancelled');
  expect(ownComments(emulator)).toEqual(before);
  expect(writesOf(emulator)).toHaveLength(written);
});

test('a run that is cancelled while it deploys says so, and that the platform goes on', async () => {
  const emulator = await githubPlatform();
  await onPullRequest({ emulator });
  const url = onlyComment(emulator);
  emulator.holdDeployments('deploying');
  pushCommit(emulator, 'b');
  const { index = 0 } = emulator.requests.at(-1) ?? {};
  const started = startOnGitHub({ emulator, event: pullRequestEvent(emulator) });
  await emulator.waitForRequest('events', { afterIndex: index });
  started.kill('SIGINT');
  await started.finished;
  expect(onlyComment(emulator)).toBe(url);
  expect(headingOf(url.body)).toMatch(/🚫/);
  expect(wordsOf(url.body)).toMatch(/continues remotely/);
  expect(headingOf(url.body)).not.toMatch(/deploying/i);
});

test('a dry run leaves the comment as it was', async () => {
  const emulator = await githubPlatform();
  await onPullRequest({ emulator });
  const before = structuredClone(ownComments(emulator));
  await onPullRequest({ emulator, inputs: { 'dry-run': 'true' } });
  expect(ownComments(emulator)).toEqual(before);
});
