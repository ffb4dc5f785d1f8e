/** A comment that several jobs share, each with a row of its own, whatever the order in which GitHub hears them. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Comment, GitHub } from '../../src/github/github.ts';
import { createGroupRow } from '../../src/github-status/group-comment.ts';
import { parseRows } from '../../src/github-status/group-rows.ts';
import { HttpError } from '../../src/net/errors.ts';

const GROUP = 'stores';
const ACTIONS_BOT = 'github-actions[bot]';
const START_MS = Date.parse('2026-01-02T03:04:05Z');

/** What is about to happen: calls on their way to GitHub and back, and waits. One after the other, in any order. */
class Scheduler {
  readonly #pending: { resolve: () => void; atMs: number }[] = [];
  /** GitHub's clock, which all jobs share. */
  nowMs = START_MS;

  async turn(durationMs = 0): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#pending.push({ resolve, atMs: this.nowMs + durationMs });
    await promise;
  }

  /** @param pick which of so many is next */
  async run(pick: (count: number) => number): Promise<void> {
    for (;;) {
      // All that can run without a turn does.
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#pending.length === 0) return;
      const due = this.#pending.filter(({ atMs }) => atMs <= this.nowMs);
      const soonest = Math.min(...this.#pending.map(({ atMs }) => atMs));
      const choice = due.length > 0 ? due : this.#pending.filter(({ atMs }) => atMs === soonest);
      const next = choice[pick(choice.length)];
      if (next === undefined) throw new Error('nothing was picked');
      // Each step takes time: those that wait come to their turn.
      this.nowMs = Math.max(this.nowMs + 20, next.atMs);
      this.#pending.splice(this.#pending.indexOf(next), 1);
      next.resolve();
    }
  }
}

/** A pull request's conversation, as many jobs' clients see it at the same time. */
class Conversation {
  readonly comments: Comment[] = [];
  readonly reactions = new Map<number, { id: number; createdAt: string }>();
  /** Refuses reactions. */
  hasReactions = true;
  #lastId = 0;
  readonly #scheduler: Scheduler;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** @param diesAfter so many calls the job is killed */
  connect(diesAfter = Number.POSITIVE_INFINITY): GitHub {
    let calls = 0;
    const call = async <T>(work: () => T): Promise<T> => {
      calls += 1;
      if (calls > diesAfter) await new Promise(() => {});
      await this.#scheduler.turn();
      const result = await (async () => work())().then(
        (value) => () => value,
        (error: unknown) => () => {
          throw error;
        },
      );
      await this.#scheduler.turn();
      return result();
    };
    const { comments, reactions } = this;
    return {
      clock: { nowMs: () => this.#scheduler.nowMs, toGitHubMs: (ms: number) => ms },
      pause: async (durationMs: number) => await this.#scheduler.turn(durationMs),
      listComments: async function* () {
        yield* await call(() => comments.map((comment) => ({ ...comment })));
      },
      readViewerLogin: async () => ACTIONS_BOT,
      createComment: async (_: number, body: string) => await call(() => ({ ...this.#add(body) })),
      updateComment: async (id: number, body: string) =>
        await call(() => ({ ...Object.assign(this.#find(id), { body }) })),
      deleteComment: async (id: number) => await call(() => void comments.splice(comments.indexOf(this.#find(id)), 1)),
      claimReaction: async (id: number) => await call(() => this.#react(id)),
      deleteReaction: async (id: number, reactionId: number) =>
        await call(() => {
          if (reactions.get(id)?.id !== reactionId) throw refusal(404);
          reactions.delete(id);
        }),
    } as unknown as GitHub;
  }

  #add(body: string): Comment {
    const id = this.#nextId();
    const made = { id, url: `https://github.example/c${id}`, body, login: ACTIONS_BOT };
    this.comments.push(made);
    return made;
  }

  #find(id: number): Comment {
    const found = this.comments.find((comment) => comment.id === id);
    if (found === undefined) throw refusal(404);
    return found;
  }

  #react(id: number) {
    if (!this.hasReactions) throw refusal(403);
    this.#find(id);
    const known = this.reactions.get(id);
    if (known !== undefined) return { ...known, isNew: false };
    const made = { id: this.#nextId(), createdAt: new Date(this.#scheduler.nowMs).toISOString() };
    this.reactions.set(id, made);
    return { ...made, isNew: true };
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}

function refusal(status: number) {
  const url = new URL('https://api.github.example/c');
  return new HttpError('The call', {
    ...{ method: 'PATCH', url, status, headers: {}, serverWords: undefined, foreignBody: undefined },
  });
}

/** The two writes of a job: that it deploys, and what came of it. */
async function deploy(github: GitHub, project: string, pick: () => number): Promise<void> {
  const random = () => pick() / 1000;
  const row = createGroupRow({
    pullRequest: 7,
    group: GROUP,
    key: { project, environment: 'preview' },
    footer: undefined,
    random,
  });
  for (const [text, kind] of [
    ['### ⏳ Deploying', 'pending'],
    [`### ✅ Deployed ${project}`, 'good'],
  ] as const) {
    await row.read(github);
    await row.write(
      github,
      `${text}\n\nDetail of ${project}\n`,
      { lastSuccess: undefined, shownAtMs: github.clock.nowMs() },
      { kind, name: project },
    );
  }
}

interface Played {
  conversation: Conversation;
  failures: unknown[];
}

async function play(
  jobs: readonly { diesAfter?: number | undefined }[],
  pick: (count: number) => number,
  prepare: (conversation: Conversation) => void = () => {},
): Promise<Played> {
  const scheduler = new Scheduler();
  const conversation = new Conversation(scheduler);
  prepare(conversation);
  const failures: unknown[] = [];
  for (const [index, { diesAfter }] of jobs.entries()) {
    void deploy(conversation.connect(diesAfter), `shop-${index}`, () => pick(1000)).catch((error: unknown) =>
      failures.push(error),
    );
  }
  await scheduler.run(pick);
  return { conversation, failures };
}

function rowsOf({ comments }: Conversation) {
  return comments.map(({ body }) => parseRows(body).map(({ key, shown }) => `${key.project} ${shown.kind}`));
}

/** Numbers of which each is below the asked one. */
const picks = fc
  .infiniteStream(fc.nat(1_000_000))
  .map((stream) => (count: number) => (stream.next().value ?? 0) % count);
const jobCounts = fc.integer({ min: 2, max: 8 });

test('no row is lost, whatever order GitHub hears the jobs in, and one comment remains', async () => {
  await fc.assert(
    fc.asyncProperty(jobCounts, picks, async (count, pick) => {
      const { conversation, failures } = await play(
        Array.from({ length: count }, () => ({})),
        pick,
      );
      expect(failures).toEqual([]);
      expect(rowsOf(conversation)).toEqual([Array.from({ length: count }, (_, index) => `shop-${index} good`)]);
      expect(conversation.reactions.size).toBe(0);
      expect(conversation.comments[0]?.body).toContain(`Detail of shop-${count - 1}`);
    }),
    { numRuns: 50 },
  );
});

test('where nobody can reserve the comment, it is written all the same, and by one job after the other as it should be', async () => {
  const withoutReactions = (one: Conversation) => {
    one.hasReactions = false;
  };
  const alone = await play([{}], () => 0, withoutReactions);
  expect(rowsOf(alone.conversation)).toEqual([['shop-0 good']]);
  await fc.assert(
    fc.asyncProperty(jobCounts, picks, async (count, pick) => {
      const jobs = Array.from({ length: count }, () => ({}));
      const { conversation, failures } = await play(jobs, pick, withoutReactions);
      expect(failures).toEqual([]);
      expect(conversation.comments.length).toBeGreaterThan(0);
    }),
    { numRuns: 10 },
  );
});

test('a job that is killed at any moment costs no other row', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 5 }), fc.nat(12), picks, async (count, diesAfter, pick) => {
      const jobs = Array.from({ length: count }, (_, index) => ({ diesAfter: index === 0 ? diesAfter : undefined }));
      const { conversation, failures } = await play(jobs, pick);
      expect(failures).toEqual([]);
      const rows = rowsOf(conversation).flat();
      for (let index = 1; index < count; index += 1) expect(rows).toContain(`shop-${index} good`);
    }),
    { numRuns: 60 },
  );
});

/** One job after the other: each call is answered at once. */
function calmly(prepare: (conversation: Conversation) => void = () => {}) {
  const scheduler = new Scheduler();
  const conversation = new Conversation(scheduler);
  prepare(conversation);
  const during = async <T>(work: Promise<T>): Promise<T> => {
    const ended = work.catch(() => {});
    await scheduler.run(() => 0);
    await ended;
    return await work;
  };
  return { scheduler, conversation, during };
}

function rowFor(project: string) {
  const key = { project, environment: 'preview' };
  return createGroupRow({ pullRequest: 7, group: GROUP, key, footer: undefined, random: () => 0.5 });
}

test('a reservation that was left behind is broken after three minutes, and not before', async () => {
  const { scheduler, conversation, during } = calmly();
  const github = conversation.connect();
  await during(deploy(github, 'shop-0', () => 500));
  const [{ id } = { id: 0 }] = conversation.comments;
  const left = { id: 999, createdAt: new Date(scheduler.nowMs).toISOString() };
  conversation.reactions.set(id, left);
  const beganMs = scheduler.nowMs;
  await during(deploy(github, 'shop-1', () => 500));
  // It waited, and wrote without.
  expect(scheduler.nowMs - beganMs).toBeGreaterThan(10_000);
  expect(scheduler.nowMs - beganMs).toBeLessThan(120_000);
  expect(conversation.reactions.get(id)).toBe(left);
  scheduler.nowMs = Date.parse(left.createdAt) + 180_001;
  await during(deploy(github, 'shop-2', () => 500));
  expect(conversation.reactions.size).toBe(0);
  expect(rowsOf(conversation)).toEqual([['shop-0 good', 'shop-1 good', 'shop-2 good']]);
});

test('comments of the same group are merged into the oldest one; those of others stay', async () => {
  const { conversation, during } = calmly();
  const [one, other] = [calmly(), calmly()];
  await one.during(deploy(one.conversation.connect(), 'shop-0', () => 500));
  await other.during(deploy(other.conversation.connect(), 'shop-1', () => 500));
  const [first, second] = [one, other].map((made) => made.conversation.comments[0]?.body ?? '');
  const copy = (id: number, body: string, login = ACTIONS_BOT) => ({
    id,
    url: `https://github.example/c${id}`,
    body,
    login,
  });
  conversation.comments.push(copy(901, 'Hello', 'mona'), copy(902, first ?? ''), copy(903, second ?? ''));
  conversation.comments.push(copy(904, second ?? '', 'mona'));
  await during(deploy(conversation.connect(), 'shop-2', () => 500));
  expect(conversation.comments.map(({ id }) => id)).toEqual([901, 902, 904]);
  expect(rowsOf(conversation)[1]).toEqual(['shop-0 good', 'shop-1 good', 'shop-2 good']);
});

test('a row that is replaced comes in a new comment, with the rows of the others', async () => {
  const { conversation, during } = calmly();
  const github = conversation.connect();
  await during(deploy(github, 'shop-0', () => 500));
  await during(deploy(github, 'shop-1', () => 500));
  const before = conversation.comments[0]?.id ?? 0;
  const row = rowFor('shop-0');
  await during(row.read(github));
  const memory = { lastSuccess: undefined, shownAtMs: github.clock.nowMs() };
  const made = await during(row.replace(github, '### 🔁 Taken over\n\nBy #8.\n', memory, () => {}));
  expect(made.id).not.toBe(before);
  expect(conversation.comments.map(({ id }) => id)).toEqual([made.id]);
  expect(rowsOf(conversation)).toEqual([['shop-0 neutral', 'shop-1 good']]);
  await during(row.read(github));
  expect(row.shownText).toBe('### 🔁 Taken over\n\nBy #8.');
  expect(row.says('### 🔁 Taken over\n\nBy #8.\n', memory)).toBe(true);
  expect(row.says('### 🔁 Taken over\n\nBy #9.\n', memory)).toBe(false);
});

test('a row that is rewritten stays gone once somebody has deleted the comment', async () => {
  const { conversation, during } = calmly();
  const github = conversation.connect();
  await during(deploy(github, 'shop-0', () => 500));
  const row = rowFor('shop-0');
  await during(row.read(github));
  const [{ id } = { id: 0 }] = conversation.comments.splice(0);
  const memory = { lastSuccess: undefined, shownAtMs: github.clock.nowMs() };
  expect(await during(row.rewrite(github, '### 🧹 Preview deleted\n', memory))).toBeUndefined();
  expect(conversation.comments).toEqual([]);
  // A deployment makes a new one.
  await during(row.write(github, '### ✅ Deployed\n', memory, { kind: 'good' }));
  expect(conversation.comments.map((comment) => comment.id)).not.toContain(id);
  expect(rowsOf(conversation)).toEqual([['shop-0 good']]);
});

test('an action without a footer of its own keeps that of the comment; a deployment says whether there is one', async () => {
  const { conversation, during } = calmly();
  const github = conversation.connect();
  const writeWith = async (footer: string | undefined) => {
    const key = { project: 'shop-0', environment: 'preview' };
    const row = createGroupRow({ pullRequest: 7, group: GROUP, key, footer, random: () => 0.5 });
    const memory = { lastSuccess: undefined, shownAtMs: github.clock.nowMs() };
    await during(row.read(github));
    await during(row.write(github, '### ✅ Deployed\n', memory, { kind: 'good' }));
    await during(row.read(github));
    await during(row.replace(github, '### 🔁 Taken over\n', { ...memory, shownAtMs: memory.shownAtMs + 1 }, () => {}));
    return conversation.comments.map(({ body }) => body.trim().split('\n\n').at(-1));
  };
  expect(await writeWith('Ask **us**')).toEqual(['Ask **us**']);
  expect(await writeWith(undefined)).toEqual(['Ask **us**']);
  // Somebody with write access has edited it.
  const [comment] = conversation.comments;
  if (comment !== undefined) comment.body = `${comment.body.trimEnd()}\n<!-- catalyst-deploy-action row-end -->`;
  expect(await writeWith(undefined)).toEqual(['Ask **us**\n&lt;!-- catalyst-deploy-action row-end -->']);
  expect((await writeWith(''))[0]).not.toContain('Ask');
});

test('what an earlier run shows late does not overwrite what a later one has written', async () => {
  const { conversation, during } = calmly();
  const github = conversation.connect();
  await during(deploy(github, 'shop-0', () => 500));
  const row = rowFor('shop-0');
  await during(row.read(github));
  await during(
    row.write(github, '### ❌ Late\n', { lastSuccess: undefined, shownAtMs: START_MS - 1 }, { kind: 'bad' }),
  );
  expect(rowsOf(conversation)).toEqual([['shop-0 good']]);
});

test('a comment that is full says so, and what to do', async () => {
  const { conversation, during } = calmly();
  const github = conversation.connect();
  const name = (index: number) => `${index}-${'shop-'.repeat(18)}`;
  const fill = async () => {
    for (let index = 0; ; index += 1) {
      const row = rowFor(name(index));
      const memory = { lastSuccess: undefined, shownAtMs: 1 };
      await row.write(github, '### ⏳ Deploying\n', memory, {
        kind: 'pending',
        url: `https://a.example/${'a'.repeat(250)}`,
      });
    }
  };
  await expect(during(fill())).rejects.toThrow(/The comment of the group "stores" is full, with \d+ rows\./);
  expect(parseRows(conversation.comments[0]?.body ?? '').length).toBeGreaterThan(25);
});
