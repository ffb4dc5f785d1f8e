import { expect, test } from '@jest/globals';
import { callGitHub, readGitHub, SHA } from './github-helpers.ts';
import { useEmulator } from './helpers.ts';

const COMMENTS = '/issues/7/comments';

test('a comment is written, read, changed and deleted', async () => {
  await using emulator = await useEmulator();
  const response = await callGitHub(emulator, COMMENTS, { method: 'POST', body: { body: 'Hello' } });
  const comment = (await response.json()) as { id: number; url: string };
  expect(response.headers.get('location')).toBe(comment.url);
  expect(comment).toMatchObject({
    body: 'Hello',
    user: { login: 'github-actions[bot]', type: 'Bot' },
    author_association: 'NONE',
    html_url: `https://github.com/acme/storefront/pull/7#issuecomment-${comment.id}`,
    issue_url: `${emulator.github.apiUrl}/repos/acme/storefront/issues/7`,
  });
  const path = `/issues/comments/${comment.id}`;
  expect((await readGitHub(emulator, path, { method: 'PATCH', body: { body: 'New' } })).data.body).toBe('New');
  expect((await readGitHub(emulator, path)).data.body).toBe('New');
  expect(await readGitHub(emulator, path, { method: 'DELETE' })).toEqual({ status: 204, data: undefined });
  expect(await readGitHub(emulator, path)).toMatchObject({ status: 404, data: { message: 'Not Found' } });
});

test('lists begin with the oldest, and have pages', async () => {
  await using emulator = await useEmulator();
  const { github } = emulator;
  github.addPullRequest({ number: 8 });
  github.addComment({ body: 'elsewhere', issueNumber: 8 });
  const day = 86_400_000;
  for (let index = 0; index < 101; index += 1) github.addComment({ body: `${index}`, createdAtMs: index * day });
  const bodies = async (query: string) =>
    (await readGitHub(emulator, `${COMMENTS}?${query}`)).data.map(({ body }: { body: string }) => body);
  expect(await bodies('')).toHaveLength(30);
  expect(await bodies('per_page=100&page=2')).toEqual(['100']);
  expect(await bodies('per_page=3')).toEqual(['0', '1', '2']);
  expect(await bodies(`since=${new Date(99 * day).toISOString()}`)).toEqual(['99', '100']);
});

test.each<[unknown, object]>([
  [{}, { message: `Invalid request.\n\n"body" wasn't supplied.` }],
  [{ body: null }, { message: `Invalid request.\n\nFor 'properties/body', nil is not a string.` }],
  [{ body: ' ' }, { errors: [{ resource: 'IssueComment', field: 'data', code: 'unprocessable' }] }],
  [
    { body: 'x'.repeat(65_537) },
    {
      message: 'Validation Failed',
      errors: [
        {
          resource: 'IssueComment',
          code: 'unprocessable',
          field: 'data',
          message: 'Body is too long (maximum is 65536 characters)',
        },
      ],
    },
  ],
])('a bad body is rejected (%#)', async (body, error) => {
  await using emulator = await useEmulator();
  const { id } = emulator.github.addComment({ body: 'old' });
  for (const [path, method] of [
    [COMMENTS, 'POST'],
    [`/issues/comments/${id}`, 'PATCH'],
  ] as const) {
    expect(await readGitHub(emulator, path, { method, body })).toMatchObject({ status: 422, data: error });
  }
  expect(emulator.github.comments).toMatchObject([{ body: 'old' }]);
});

test('a body of the maximum length is accepted, whatever its characters are', async () => {
  await using emulator = await useEmulator();
  const body = '🦄'.repeat(65_536);
  expect(await readGitHub(emulator, COMMENTS, { method: 'POST', body: { body } })).toMatchObject({ status: 201 });
});

test('any comment can be changed, and keeps its author', async () => {
  await using emulator = await useEmulator();
  const { id } = emulator.github.addComment({ body: '<!-- copied marker -->', login: '<img src=x>', type: 'User' });
  const path = `/issues/comments/${id}`;
  expect((await readGitHub(emulator, path)).data.user).toMatchObject({ login: '<img src=x>', type: 'User' });
  expect(await readGitHub(emulator, path, { method: 'PATCH', body: { body: 'mine' } })).toMatchObject({
    status: 200,
    data: { body: 'mine', user: { login: '<img src=x>' } },
  });
});

test('what is locked or does not exist cannot be commented on', async () => {
  await using emulator = await useEmulator();
  const comment = { method: 'POST', body: { body: 'Hello' } };
  emulator.github.lockConversation(7);
  expect(await readGitHub(emulator, COMMENTS, comment)).toMatchObject({
    status: 403,
    data: { message: 'Unable to create comment because issue is locked.', status: '403' },
  });
  emulator.github.unlockConversation(7);
  expect(await readGitHub(emulator, COMMENTS, comment)).toMatchObject({ status: 201 });
  expect(await readGitHub(emulator, '/issues/8/comments', comment)).toMatchObject({ status: 404 });
  expect(await readGitHub(emulator, '/issues/8/comments')).toMatchObject({ status: 404 });
  expect(() => emulator.github.lockConversation(8)).toThrow('The emulator has no pull request 8.');
});

test('a reaction is created once', async () => {
  await using emulator = await useEmulator();
  const { id } = emulator.github.addComment({ body: '/deploy' });
  const react = (content: string) =>
    readGitHub(emulator, `/issues/comments/${id}/reactions`, { method: 'POST', body: { content } });
  expect(await react('rocket')).toMatchObject({ status: 201, data: { content: 'rocket' } });
  expect(await react('rocket')).toMatchObject({ status: 200 });
  expect(await react('+1')).toMatchObject({ status: 201 });
  expect(await react('wave')).toMatchObject({ status: 422 });
  expect((await readGitHub(emulator, `/issues/comments/${id}`)).data.reactions).toMatchObject({
    total_count: 2,
    rocket: 1,
    '+1': 1,
  });
});

test('pull requests are filtered, sorted, and can come from a fork or from nowhere', async () => {
  await using emulator = await useEmulator();
  const { github } = emulator;
  const title = '::error::<script>`x`\u001b[31m';
  const day = 86_400_000;
  github.addPullRequest({ number: 3, headRepository: 'eve/storefront', headRef: 'x', title, createdAtMs: day });
  github.addPullRequest({ number: 4, headRepository: null, isMerged: true, createdAtMs: 2 * day, headSha: SHA });
  const list = async (query: string) =>
    (await readGitHub(emulator, `/pulls?${query}`)).data.map(({ number }: { number: number }) => number);
  expect(await list('')).toEqual([7, 3]);
  expect(await list('direction=asc')).toEqual([3, 7]);
  expect(await list('state=all&sort=created')).toEqual([7, 4, 3]);
  expect(await list('state=closed')).toEqual([4]);
  expect(await list('head=eve:x')).toEqual([3]);
  expect(await list('base=other')).toEqual([]);
  expect((await readGitHub(emulator, '/pulls/3')).data).toMatchObject({
    title,
    state: 'open',
    merged: false,
    head: { label: 'eve:x', repo: { full_name: 'eve/storefront', fork: true } },
    base: { ref: 'main', repo: { full_name: 'acme/storefront', fork: false } },
  });
  expect((await readGitHub(emulator, '/pulls/4')).data).toMatchObject({
    state: 'closed',
    merged: true,
    closed_at: '1970-01-03T00:00:00Z',
    head: { sha: SHA, repo: null },
  });
  expect((await readGitHub(emulator, '/pulls/7')).data.head).toMatchObject({
    sha: expect.stringMatching(/^[0-9a-f]{40}$/),
    repo: { fork: false },
  });
  expect(await readGitHub(emulator, '/pulls/5')).toMatchObject({ status: 404 });
  github.addPullRequest({ number: 7, state: 'closed', title: 'Done' });
  expect(github.pullRequests).toHaveLength(3);
  expect(await list('')).toEqual([3]);
});
