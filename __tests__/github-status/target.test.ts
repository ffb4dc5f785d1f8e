/** What a run is about on GitHub: the inputs first, then the event. */
import { expect, test } from '@jest/globals';
import { mayBeForks, mismatchWarning, refuseForkCode } from '../../src/actions/workspace-check.ts';
import type { ActionError } from '../../src/errors.ts';
import type { WorkflowEvent } from '../../src/github/event.ts';
import { targetOf } from '../../src/github-status/target.ts';

const [PUSHED, HEAD, MERGE, OTHER] = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(40)) as [
  string,
  string,
  string,
  string,
];

const PUSH: WorkflowEvent = {
  repository: 'acme/storefront',
  serverUrl: 'https://github.com',
  name: 'push',
  actor: 'mona',
  runId: '1',
  runAttempt: '1',
  sha: PUSHED,
  refName: 'main',
  branch: 'main',
  defaultBranch: 'main',
  action: undefined,
  followedRun: undefined,
  isPullRequest: false,
  pullRequest: undefined,
  commentedPullRequest: undefined,
};
const PULL = {
  number: 7,
  headSha: HEAD,
  mergeSha: MERGE,
  isFork: false,
  isMerged: false,
  isClosed: false,
  createdAt: '2026-01-02T03:04:05Z',
};
const PULL_REQUEST: WorkflowEvent = {
  ...PUSH,
  name: 'pull_request',
  sha: MERGE,
  refName: '7/merge',
  branch: undefined,
  isPullRequest: true,
  pullRequest: PULL,
};
const NOTHING = { environment: undefined, pullRequest: undefined, sha: undefined };

test('a push is for production, and about its commit', () => {
  expect(targetOf(NOTHING, PUSH)).toEqual({
    environment: 'production',
    isProduction: true,
    isPreview: false,
    pullRequest: undefined,
    pullRequestCreatedAt: undefined,
    sha: PUSHED,
    origin: 'main',
  });
});

test('a pull request is for preview, and about its head', () => {
  expect(targetOf(NOTHING, PULL_REQUEST)).toEqual({
    environment: 'preview',
    isProduction: false,
    isPreview: true,
    pullRequest: 7,
    pullRequestCreatedAt: PULL.createdAt,
    sha: HEAD,
    origin: '#7',
  });
});

test('an event without a pull request gets it as an input: its head has to be asked for', () => {
  const target = targetOf({ ...NOTHING, pullRequest: 9 }, { ...PUSH, name: 'issue_comment' });
  expect(target).toMatchObject({ environment: 'preview', pullRequest: 9, sha: undefined, origin: '#9' });
});

test('a pull request whose payload cannot be read is none of production, and has no commit', () => {
  expect(targetOf(NOTHING, { ...PULL_REQUEST, pullRequest: undefined })).toEqual({
    environment: 'preview',
    isProduction: false,
    isPreview: true,
    pullRequest: undefined,
    pullRequestCreatedAt: undefined,
    sha: undefined,
    origin: undefined,
  });
});

test("another pull request than the event's has nothing of that one", () => {
  const target = targetOf({ ...NOTHING, pullRequest: 9 }, PULL_REQUEST);
  expect(target).toMatchObject({ pullRequest: 9, sha: undefined, pullRequestCreatedAt: undefined, origin: '#9' });
  expect(targetOf({ ...NOTHING, pullRequest: 7 }, PULL_REQUEST)).toEqual(targetOf(NOTHING, PULL_REQUEST));
});

test('a commit that is named by its hash has no branch, unless it is that of the event', () => {
  expect(targetOf({ ...NOTHING, sha: OTHER }, PUSH)).toMatchObject({ sha: OTHER, origin: undefined });
  expect(targetOf({ ...NOTHING, sha: PUSHED }, PUSH)).toMatchObject({ sha: PUSHED, origin: 'main' });
  expect(targetOf({ ...NOTHING, sha: OTHER }, PULL_REQUEST)).toMatchObject({ sha: OTHER, origin: '#7' });
  expect(targetOf({ ...NOTHING, sha: OTHER }, { ...PUSH, refName: '' }).origin).toBeUndefined();
});

test('an environment that is named is taken, and production is known whatever its case', () => {
  expect(targetOf({ ...NOTHING, environment: 'staging' }, PUSH)).toMatchObject({
    environment: 'staging',
    isProduction: false,
  });
  expect(targetOf({ ...NOTHING, environment: 'PRODUCTION' }, PULL_REQUEST)).toMatchObject({
    environment: 'PRODUCTION',
    isProduction: true,
  });
});

test('an event without a commit says nothing of one', () => {
  expect(targetOf(NOTHING, { ...PUSH, sha: '' }).sha).toBeUndefined();
});

test.each([
  ['the commit itself', { sha: HEAD, parents: [] }],
  ['the merge of it', { sha: MERGE, parents: [PUSHED, HEAD] }],
])('no warning where the workspace holds %s', (_, commit) => {
  expect(mismatchWarning(HEAD, [commit], false)).toBeUndefined();
});

test('no warning where nothing is known of the workspace', () => {
  expect(mismatchWarning(HEAD, [], false)).toBeUndefined();
});

test('a storefront that is a repository of its own in the one that the run is for is none to warn of', () => {
  expect(
    mismatchWarning(
      HEAD,
      [
        { sha: OTHER, parents: [] },
        { sha: HEAD, parents: [] },
      ],
      false,
    ),
  ).toBeUndefined();
});

test('no warning while nobody knows what is shown', () => {
  expect(mismatchWarning(undefined, [{ sha: OTHER, parents: [] }], false)).toBeUndefined();
});

test.each([
  ['a commit on top of it', { sha: OTHER, parents: [HEAD] }],
  ['a merge of something else into it', { sha: OTHER, parents: [HEAD, PUSHED] }],
])('a warning where the workspace holds %s', (_, commit) => {
  expect(mismatchWarning(HEAD, [commit], false)).toContain('The workspace holds commit ddddddd');
});

test('a warning that names both commits', () => {
  const warning = mismatchWarning(HEAD, [{ sha: OTHER, parents: [PUSHED, MERGE] }], false);
  expect(warning).toContain(`holds commit ${OTHER.slice(0, 7)}, but`);
  expect(warning).toContain(`shown for ${HEAD.slice(0, 7)}:`);
  expect(warning).toContain('`sha`');
});

test('nobody is advised to check out a commit that may be a fork’s, in a run that has secrets', () => {
  const warning = mismatchWarning(HEAD, [{ sha: OTHER, parents: [] }], true);
  expect(warning).toMatch(/Give the commit that was built as `sha`\. Check out bbbbbbb only if it is no fork's/);
  expect(mayBeForks(FORK)).toBe(true);
  expect(mayBeForks({ ...FORK, pullRequest: undefined })).toBe(true);
  expect(mayBeForks({ ...FORK, pullRequest: PULL })).toBe(false);
  expect(mayBeForks(PULL_REQUEST)).toBe(false);
  expect(mayBeForks(PUSH)).toBe(false);
  expect(mayBeForks({ ...PUSH, name: 'issue_comment' })).toBe(true);
  const followedRun = { event: 'pull_request', conclusion: 'success', isFork: true, branch: 'x' };
  expect(mayBeForks({ ...PUSH, name: 'workflow_run', followedRun })).toBe(true);
  expect(mayBeForks({ ...PUSH, name: 'workflow_run', followedRun: { ...followedRun, isFork: false } })).toBe(false);
});

const FORK: WorkflowEvent = {
  ...PULL_REQUEST,
  name: 'pull_request_target',
  sha: PUSHED,
  pullRequest: { ...PULL, isFork: true },
};

test.each([
  ['the head', [{ sha: HEAD, parents: [] }]],
  ['the merge that the event names', [{ sha: MERGE, parents: [] }]],
  ['any merge of the head', [{ sha: OTHER, parents: [PUSHED, HEAD] }]],
  [
    'the head in the second folder',
    [
      { sha: PUSHED, parents: [] },
      { sha: HEAD, parents: [] },
    ],
  ],
])("a fork's code is refused: %s", (_, commits) => {
  expect(() => refuseForkCode(FORK, { commits, unreadable: [] })).toThrow(/holds the code of the fork/);
});

test.each([
  ['another commit', { commits: [{ sha: OTHER, parents: [PUSHED, MERGE] }], unreadable: [] }, /holds commit ddddddd/],
  [
    'another one around the base',
    {
      commits: [
        { sha: PUSHED, parents: [] },
        { sha: OTHER, parents: [] },
      ],
      unreadable: [],
    },
    /holds commit ddddddd/,
  ],
  ['no repository', { commits: [], unreadable: [] }, /is in no repository/],
  [
    'the base beside what is in no repository',
    { commits: [{ sha: PUSHED, parents: [] }], unreadable: [], isOutside: true },
    /is in no repository/,
  ],
])('for a fork, what is not known to be the base is refused: %s', (_, taken, words) => {
  expect(() => refuseForkCode(FORK, taken)).toThrow(words);
});

test('where a checkout without git has left no repository, the advice is to install git', () => {
  const fixOf = (commits: { sha: string; parents: string[] }[]) => {
    try {
      refuseForkCode(FORK, { commits, unreadable: [] });
    } catch (error) {
      return (error as ActionError).fix;
    }
    return undefined;
  };
  expect(fixOf([])).toMatch(/install git before/);
  expect(fixOf([{ sha: OTHER, parents: [] }])).not.toMatch(/install git/);
  expect(fixOf([{ sha: OTHER, parents: [] }])).toMatch(/an earlier job on this runner left that commit/);
});

test('nothing is the base where nobody says which commit that is', () => {
  const taken = { commits: [{ sha: PUSHED, parents: [] }], unreadable: [] };
  expect(() => refuseForkCode({ ...FORK, sha: '' }, taken)).toThrow(/holds commit aaaaaaa/);
});

test('where the payload cannot be read, what is not the base is refused', () => {
  const held = { commits: [{ sha: HEAD, parents: [] }], unreadable: [] };
  expect(() => refuseForkCode({ ...FORK, pullRequest: undefined }, held)).toThrow(
    /it is unknown whether the workspace holds a fork's code/,
  );
});

test.each([
  ['for a fork', FORK],
  ['where the payload cannot be read', { ...FORK, pullRequest: undefined }],
])('a repository whose commit git cannot read is refused %s', (_, event) => {
  const held = { commits: [{ sha: FORK.sha, parents: [] }], unreadable: ['pr', '.'] };
  expect(() => refuseForkCode(event, held)).toThrow(/git cannot read \(pr, \.\)/);
});

test.each([
  ['the same repository', { ...FORK, pullRequest: PULL }],
  ['a merged pull request', { ...FORK, pullRequest: { ...PULL, isFork: true, isMerged: true } }],
  ['an event that gives forks no secrets', { ...FORK, name: 'pull_request' }],
])('and not for %s', (_, event) => {
  expect(() => refuseForkCode(event, { commits: [], unreadable: ['.'] })).not.toThrow();
});

test.each([
  ['the base', FORK, [{ sha: PUSHED, parents: [] }]],
  ['an event that gives forks no secrets', { ...FORK, name: 'pull_request' }, [{ sha: HEAD, parents: [] }]],
  ['the same repository', { ...FORK, pullRequest: PULL }, [{ sha: HEAD, parents: [] }]],
  ['the base, where the payload cannot be read', { ...FORK, pullRequest: undefined }, [{ sha: FORK.sha, parents: [] }]],
])('nothing is refused: %s', (_, event, commits) => {
  expect(() => refuseForkCode(event, { commits, unreadable: [] })).not.toThrow();
});
