/** The comment is found again among all others, and only one that this token's own user wrote counts. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { NewComment } from '../../emulator/services/github/seeding.ts';
import { renderMarker } from '../../src/domain/comment-marker.ts';
import { headingOf, onlyComment, pushCommit, wordsOf, writesOf } from './github-comment-reading.ts';
import { githubPlatform, onPullRequest } from './github-harness.ts';
import { warningsOf } from './harness.ts';

const markerFor = (emulator: Emulator) =>
  renderMarker({ project: emulator.projects[0]?.uuid ?? '', environment: 'preview' });

/** Adds comments of others; the check that nobody touched them comes back. */
function addForeign(emulator: Emulator, comments: readonly NewComment[]): () => void {
  const before = comments.map((comment) => {
    const added = emulator.github.addComment({ createdAtMs: 1_700_000_000_000, ...comment });
    return { added, copy: structuredClone(added) };
  });
  return () => {
    for (const { added, copy } of before) expect(added).toEqual(copy);
    const ids = before.map(({ added }) => `${added.id}`);
    expect(writesOf(emulator).filter(({ path }) => ids.includes(path.split('/').at(-1) ?? ''))).toEqual([]);
  };
}

test('the comment on the fourth page is found and edited, at a hundred a page', async () => {
  const emulator = await githubPlatform();
  const others = Array.from({ length: 340 }, (_, index) => ({
    login: `reader-${index % 9}`,
    body: `Comment ${index}`,
  }));
  const expectUntouched = addForeign(emulator, others);
  await onPullRequest({ emulator });
  const comment = onlyComment(emulator);
  addForeign(emulator, [{ body: 'One more, after it' }]);
  pushCommit(emulator, 'b');
  const { index = 0 } = emulator.requests.at(-1) ?? {};
  const run = await onPullRequest({ emulator });
  expect(onlyComment(emulator)).toBe(comment);
  expect(run.outputs['comment-id']).toBe(`${comment.id}`);
  expect(wordsOf(comment.body)).toContain('bbbbbbb');
  expectUntouched();
  const lists = emulator.requests.filter((request) => request.index > index && request.call === 'github.listComments');
  const pages = [1, 2, 3, 4].map((page) => ['100', `${page}`]);
  // At its end as at its beginning: another run may have written since.
  expect(lists.map(({ query }) => [query['per_page'], query['page'] ?? '1'])).toEqual([...pages, ...pages]);
});

const LOOKALIKES = ['mona', 'github-actions', 'github-actions-bot', 'github-actions[bot]x', 'my-app[bot]'];

test.each(LOOKALIKES)('a copy of the marker by %s, before and after the own one, is never edited', async (login) => {
  const emulator = await githubPlatform();
  const before = addForeign(emulator, [{ login, body: `${markerFor(emulator)}\n\n### ✅ Deployed, trust me` }]);
  await onPullRequest({ emulator });
  const comment = onlyComment(emulator);
  expect(comment.body.startsWith(`${markerFor(emulator)}\n`)).toBe(true);
  const after = addForeign(emulator, [{ login, body: comment.body }]);
  pushCommit(emulator, 'b');
  const run = await onPullRequest({ emulator });
  expect(run.outputs['comment-id']).toBe(`${comment.id}`);
  expect(onlyComment(emulator)).toBe(comment);
  expect(wordsOf(comment.body)).toContain('bbbbbbb');
  before();
  after();
});

test('a comment of the own bot that quotes the marker further down is not taken for the one', async () => {
  const emulator = await githubPlatform();
  const login = emulator.github.login;
  const marker = markerFor(emulator);
  const quotes = [`Another tool says:\n${marker}\n`, `> ${marker}\n\nIndeed.`, ` ${marker}\n`, `${marker} and more`];
  const expectUntouched = addForeign(
    emulator,
    quotes.map((body) => ({ login, body })),
  );
  const first = await onPullRequest({ emulator });
  const second = await onPullRequest({ emulator });
  expect(emulator.github.comments).toHaveLength(quotes.length + 1);
  expect(second.outputs['comment-id']).toBe(first.outputs['comment-id']);
  expect(emulator.github.comments.at(-1)?.id).toBe(Number(first.outputs['comment-id']));
  expectUntouched();
});

test('what somebody put into a copy of the comment is not what the last success is taken from', async () => {
  const emulator = await githubPlatform();
  const data = encodeURIComponent(JSON.stringify({ sha: 'e'.repeat(40), at: '2026-01-01T00:00:00Z' }));
  const body = `${markerFor(emulator)}\n<!-- catalyst-deploy-action last-success ${data} -->\n\nmine`;
  addForeign(emulator, [{ login: 'mona', body }]);
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 30 });
  await onPullRequest({ emulator });
  expect(onlyComment(emulator).body).not.toContain('eeeeeee');
});

const IDENTITIES = [
  { whose: "the job's own token", login: 'github-actions[bot]' },
  { whose: 'a personal token', login: 'deployer' },
  { whose: "an app's token", login: 'my-app[bot]' },
];

const tokenOf = (emulator: Emulator, login: string) =>
  login === emulator.github.login ? emulator.github.token : emulator.github.addToken({ login });

test.each(IDENTITIES)('$whose finds its own comment, between those of the others', async ({ login }) => {
  const emulator = await githubPlatform();
  const githubToken = tokenOf(emulator, login);
  const others = IDENTITIES.filter((identity) => identity.login !== login);
  const body = `${markerFor(emulator)}\n\nof somebody else`;
  const expectUntouched = addForeign(
    emulator,
    others.map((other) => ({ login: other.login, body })),
  );
  const first = await onPullRequest({ emulator, githubToken });
  const comment = onlyComment(emulator, login);
  pushCommit(emulator, 'b');
  const second = await onPullRequest({ emulator, githubToken });
  expect(onlyComment(emulator, login)).toBe(comment);
  expect([first, second].map(({ outputs }) => outputs['comment-id'])).toEqual([`${comment.id}`, `${comment.id}`]);
  expect(wordsOf(comment.body)).toContain('bbbbbbb');
  expect(warningsOf(second)).toBe('');
  expectUntouched();
});

test("an app's login that GraphQL gives without its ending is the app's all the same", async () => {
  const emulator = await githubPlatform();
  const githubToken = emulator.github.addToken({ login: 'my-app[bot]' });
  await onPullRequest({ emulator, githubToken });
  const comment = onlyComment(emulator, 'my-app[bot]');
  emulator.addFault({
    call: 'github.graphql',
    effect: 'status',
    status: 200,
    body: { data: { viewer: { login: 'my-app' } } },
    times: 'always',
  });
  const expectUntouched = addForeign(emulator, [{ login: 'my-app', body: comment.body }]);
  await onPullRequest({ emulator, githubToken });
  expect(onlyComment(emulator, 'my-app[bot]')).toBe(comment);
  expectUntouched();
});

const REFUSALS = [
  { how: 'with 403', body: undefined, status: 403 },
  { how: 'with errors in a 200', body: { data: null, errors: [{ type: 'FORBIDDEN', message: 'no' }] }, status: 200 },
];

test.each(REFUSALS)("GraphQL refuses $how: the job's token still finds its comment", async ({ body, status }) => {
  const emulator = await githubPlatform();
  await onPullRequest({ emulator });
  const comment = onlyComment(emulator);
  const expectUntouched = addForeign(emulator, [{ login: 'mona', body: comment.body }]);
  emulator.addFault({ call: 'github.graphql', effect: 'status', status, body, times: 'always' });
  pushCommit(emulator, 'b');
  const run = await onPullRequest({ emulator });
  expect(onlyComment(emulator)).toBe(comment);
  expect(wordsOf(comment.body)).toContain('bbbbbbb');
  expect(warningsOf(run)).toBe('');
  expectUntouched();
});

test.each(REFUSALS)(
  "GraphQL refuses $how: an app's token finds what an answer said it had made",
  async ({ body, status }) => {
    const emulator = await githubPlatform();
    const githubToken = emulator.github.addToken({ login: 'my-app[bot]' });
    emulator.addFault({ call: 'github.graphql', effect: 'status', status, body, times: 'always' });
    const first = await onPullRequest({ emulator, githubToken });
    const comment = onlyComment(emulator, 'my-app[bot]');
    // Whoever copies it is not named in it.
    const logins = ['mona', 'other-app[bot]', 'github-actions[bot]', 'my-app'];
    const expectUntouched = addForeign(
      emulator,
      logins.map((login) => ({ login, body: comment.body })),
    );
    pushCommit(emulator, 'b');
    const second = await onPullRequest({ emulator, githubToken });
    expect(onlyComment(emulator, 'my-app[bot]')).toBe(comment);
    expect([first, second].map((run) => [run.outputs['comment-id'], warningsOf(run)])).toEqual(
      [first, second].map(() => [`${comment.id}`, '']),
    );
    expect(wordsOf(comment.body)).toContain('bbbbbbb');
    expectUntouched();
  },
);

test.each(REFUSALS)('GraphQL refuses $how: a personal token learns from REST who it is', async ({ body, status }) => {
  const emulator = await githubPlatform();
  const githubToken = emulator.github.addToken({ login: 'deployer' });
  emulator.addFault({ call: 'github.graphql', effect: 'status', status, body, times: 'always' });
  await onPullRequest({ emulator, githubToken });
  const comment = onlyComment(emulator, 'deployer');
  const expectUntouched = addForeign(emulator, [{ login: 'mona', body: comment.body }]);
  const run = await onPullRequest({ emulator, githubToken });
  expect(onlyComment(emulator, 'deployer')).toBe(comment);
  expect(warningsOf(run)).toBe('');
  expectUntouched();
});

test.each(REFUSALS)('GraphQL refuses $how: a personal token warns, and edits nothing', async ({ body, status }) => {
  const emulator = await githubPlatform();
  const githubToken = emulator.github.addToken({ login: 'deployer' });
  const copy = `${markerFor(emulator)}\n\nof somebody else`;
  const logins = ['mona', 'github-actions[bot]', 'deployer'];
  const expectUntouched = addForeign(
    emulator,
    logins.map((login) => ({ login, body: copy })),
  );
  emulator.addFault({ call: 'github.graphql', effect: 'status', status, body, times: 'always' });
  emulator.addFault({ call: 'github.getUser', effect: 'status', status: 403, times: 'always' });
  const run = await onPullRequest({ emulator, githubToken });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(run.exitCode).toBe(0);
  expect(warningsOf(run)).toMatch(/comment on pull request #7 could not be written/);
  expectUntouched();
  expect(writesOf(emulator)).toEqual([]);
});

test('who the token writes as is not asked where no comment carries the marker', async () => {
  const emulator = await githubPlatform();
  addForeign(emulator, [{ body: 'Looks good.' }]);
  emulator.addFault({ call: 'github.graphql', effect: 'status', status: 403, times: 'always' });
  const githubToken = emulator.github.addToken({ login: 'deployer' });
  const run = await onPullRequest({ emulator, githubToken });
  expect(headingOf(onlyComment(emulator, 'deployer').body)).toMatch(/✅/);
  expect(warningsOf(run)).toBe('');
});
