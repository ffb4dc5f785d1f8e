/** Whose comment it is, where GitHub does not say who the token is: what is known by an answer alone. */
import { expect, test } from '@jest/globals';
import { readText, readWrittenBy, renderMarker } from '../../src/domain/comment-marker.ts';
import type { Comment, GitHub } from '../../src/github/github.ts';
import { createStickyComment } from '../../src/github-status/sticky-comment.ts';
import { HttpError } from '../../src/net/errors.ts';

const MARKER = renderMarker({ project: 'shop', environment: 'preview' });
const MEMORY = { lastSuccess: undefined, shownAtMs: 5 };

const GONE = new HttpError('The call', {
  method: 'PATCH',
  url: new URL('https://api.github.example/c'),
  status: 404,
  headers: {},
  serverWords: undefined,
  foreignBody: undefined,
});

/** A pull request on GitHub, to a token that does not know as whom it writes. */
function conversation(login: string, viewer: string | undefined = undefined) {
  const comments: Comment[] = [];
  const github = {
    listComments: async function* () {
      yield* comments;
    },
    readViewerLogin: async () => viewer,
    createComment: async (_: number, body: string) => {
      const made = { id: comments.length + 1, url: 'https://github.example/c', body, login };
      comments.push(made);
      // An answer need not hold what it is about.
      return { ...made, body: '' };
    },
    updateComment: async (id: number, body: string) => Object.assign(comments[id - 1] ?? {}, { body }),
    deleteComment: async (id: number) => void comments.splice(id - 1, 1),
  } as unknown as GitHub;
  return { github, comments };
}

async function writeOnce(github: GitHub, text: string) {
  const comment = createStickyComment(7, MARKER);
  await comment.read(github);
  return await comment.write(github, text, MEMORY);
}

test.each(['my-app[bot]', 'github-actions[bot]'])(
  'what %s has written in one go, its next run finds',
  async (login) => {
    const { github, comments } = conversation(login);
    const [first, second] = [await writeOnce(github, 'One'), await writeOnce(github, 'Two')];
    expect(second.id).toBe(first.id);
    expect(comments.map(({ body }) => readText(body))).toEqual(['Two']);
  },
);

test('a copy names another one than it is by, or nobody whose name is an app’s', async () => {
  const { github, comments } = conversation('my-app[bot]');
  const { id } = await writeOnce(github, 'One');
  const [{ body, url } = { body: '', url: '' }] = comments;
  expect(readWrittenBy(body)).toBe('my-app[bot]');
  const byMona = body.replace('written-by my-app[bot]', 'written-by mona');
  comments.push({ id: 2, url, body, login: 'mona' }, { id: 3, url, body: byMona, login: 'mona' });
  comments.push({ id: 4, url, body, login: 'other-app[bot]' }, { id: 5, url, body, login: undefined });
  expect((await writeOnce(github, 'Two')).id).toBe(id);
  expect(comments.map((one) => readText(one.body))).toEqual(['Two', 'One', 'One', 'One', 'One']);
});

test('where GitHub says who the token is, that alone counts', async () => {
  const { github, comments } = conversation('my-app[bot]', 'my-app[bot]');
  const { github: other } = conversation('other-app[bot]');
  await writeOnce(other, 'Of the other');
  for await (const one of other.listComments(7)) comments.push(one);
  await writeOnce(github, 'One');
  expect(comments.map(({ login, body }) => [login, readText(body)])).toEqual([
    ['other-app[bot]', 'Of the other'],
    ['my-app[bot]', 'One'],
  ]);
});

test('an odd login is not written into a hidden line', async () => {
  const { github, comments } = conversation('a --> <b>[bot]');
  await writeOnce(github, 'One');
  expect(readWrittenBy(comments[0]?.body ?? '')).toBeUndefined();
  expect(comments[0]?.body).not.toContain('<b>');
});

test.each([
  ['as it was written', (body: string) => body],
  ['with CRLF, as a form of the website sends it', (body: string) => body.replaceAll('\n', '\r\n')],
  ['with blanks at its end', (body: string) => `${body}\r\n\r\n`],
])('what a comment says already is recognised %s', async (_, stored) => {
  const { github, comments } = conversation('my-app[bot]');
  await writeOnce(github, 'One\nand two\n');
  for (const one of comments) one.body = stored(one.body);
  const comment = createStickyComment(7, MARKER);
  expect(comment.says('One\nand two\n', MEMORY)).toBe(false);
  await comment.read(github);
  // Whenever that was written.
  expect(comment.says('One\nand two\n', { ...MEMORY, shownAtMs: 99 })).toBe(true);
  expect(comment.says('One\nand three\n', MEMORY)).toBe(false);
});

/** A list that is read from a copy that lags behind. */
function lagging({ github, comments }: ReturnType<typeof conversation>, hidden: () => readonly number[]): GitHub {
  const listComments = async function* () {
    yield* comments.filter(({ id }) => !hidden().includes(id));
  };
  return { ...github, listComments };
}

test.each(['my-app[bot]', 'github-actions[bot]'])(
  'a list that lacks the comment which %s has just written makes no second one',
  async (login) => {
    const here = conversation(login);
    const comment = createStickyComment(7, MARKER);
    const github = lagging(here, () => [1]);
    await comment.read(github);
    await comment.write(github, 'No verdict yet', MEMORY);
    expect(await comment.read(github)).toMatchObject({ shownAtMs: 5 });
    expect(comment.found?.id).toBe(1);
    await comment.write(github, 'Deployed', MEMORY);
    expect(here.comments.map(({ body }) => readText(body))).toEqual(['Deployed']);
  },
);

test('where the list lacks it and has that of another run, the newer one counts, and the other goes', async () => {
  const here = conversation('github-actions[bot]');
  const [comment, other] = [createStickyComment(7, MARKER), createStickyComment(7, MARKER)];
  const github = lagging(here, () => [1]);
  for (const one of [comment, other]) await one.read(github);
  await comment.write(github, 'Mine', { ...MEMORY, shownAtMs: 9 });
  await other.write(github, 'Theirs', MEMORY);
  await comment.read(github);
  await comment.write(github, 'Mine again', { ...MEMORY, shownAtMs: 10 });
  expect(comment.hasOthers).toBe(true);
  await comment.removeOthers(github, () => {});
  expect(here.comments.map(({ body }) => readText(body))).toEqual(['Mine again']);
});

test('one that somebody has deleted is written anew, once', async () => {
  const here = conversation('github-actions[bot]');
  const updateComment: GitHub['updateComment'] = async (id, body) => {
    if (id === 1) throw GONE;
    return await here.github.updateComment(id, body);
  };
  const github = { ...lagging(here, () => [1]), updateComment };
  const comment = createStickyComment(7, MARKER);
  await comment.read(github);
  await comment.write(github, 'One', MEMORY);
  await comment.read(github);
  expect((await comment.write(github, 'Two', MEMORY)).id).toBe(2);
  await comment.read(github);
  expect(comment.hasOthers).toBe(false);
  expect((await comment.write(github, 'Three', MEMORY)).id).toBe(2);
  expect(here.comments.map(({ body }) => readText(body))).toEqual(['One', 'Three']);
});

test('a second one that is gone already is not said to remain', async () => {
  const here = conversation('github-actions[bot]');
  for (const text of ['One', 'Two']) await here.github.createComment(7, `${MARKER}\n${text}`);
  const deleteComment = async () => {
    throw GONE;
  };
  const comment = createStickyComment(7, MARKER);
  await comment.read(here.github);
  const said: string[] = [];
  await comment.removeOthers({ ...here.github, deleteComment }, (line) => said.push(line));
  expect([said, comment.hasOthers]).toEqual([[], false]);
});
