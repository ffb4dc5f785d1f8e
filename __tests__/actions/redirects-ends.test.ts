/** How runs of redirects end that are cut off, and the comment on a pull request. */
import { expect, test } from '@jest/globals';
import { startDeadline } from '../../src/actions/deadline.ts';
import { cancelledRedirects } from '../../src/actions/redirects/cancelled.ts';
import { createRedirectsCommentSink } from '../../src/actions/redirects/comment.ts';
import { ActionError, CancelledError } from '../../src/errors.ts';
import type { Comment, GitHub } from '../../src/github/github.ts';
import type { RedirectsEvent, RedirectsRecord } from '../../src/report/redirects-record.ts';
import type { Occurrence } from '../../src/report/run-events.ts';
import { createWorld } from './redirects-helpers.ts';

const CANCELLED = new CancelledError('The job was cancelled.');

test('the clock of a run ends its waits, and whatever goes by its signal', async () => {
  const deadline = startDeadline(20, new AbortController().signal);
  await expect(deadline.wait(60_000)).rejects.toThrow('The time of this run is up');
  expect(deadline.signal.reason).toBeInstanceOf(ActionError);
  expect(deadline.leftMs()).toBe(0);
});

test('a cancelled job ends waits with its own reason', async () => {
  const stop = new AbortController();
  const deadline = startDeadline(60_000, stop.signal);
  const waiting = deadline.wait(60_000);
  stop.abort(CANCELLED);
  await expect(waiting).rejects.toBe(CANCELLED);
  deadline.stop();
});

function endOf(change: Partial<RedirectsRecord>): CancelledError {
  return cancelledRedirects({ jobs: [], ...change } as unknown as RedirectsRecord, CANCELLED);
}

test('a cancelled sync says what was made, what may have been, and where the backup is', () => {
  const applied = { added: 200, changed: 1, removed: 0, toDo: 1000, uncertain: 100 };
  const end = endOf({ command: 'sync', applied, backupFile: '/temp/backup.csv' });
  expect(end.title).toBe('Sync cancelled');
  expect(end.message).toBe(
    'The job was cancelled. 201 of 1,000 changes were made: 200 added, 1 changed, 0 deleted. It is not known whether 100 more were made. 699 were not made.',
  );
  expect(end.inShort).toBe('201 of 1,000 changes made, 100 more may be');
  expect(end.fix).toContain('What the site had before is in /temp/backup.csv.');
  const one = endOf({ command: 'sync', applied: { added: 1, changed: 0, removed: 0, toDo: 3, uncertain: 1 } });
  expect(one.message).toBe(
    'The job was cancelled. 1 of 3 changes was made: 1 added, 0 changed, 0 deleted. It is not known whether 1 more was made. 1 was not made.',
  );
  const untouched = { added: 0, changed: 0, removed: 0, toDo: 1000, uncertain: 0 };
  for (const given of [undefined, untouched]) {
    const early = endOf({ command: 'sync', ...(given === undefined ? {} : { applied: given }) });
    expect(early.message).toBe('The job was cancelled. Nothing was changed.');
  }
});

test('a cancelled plan or export has changed nothing; a job of an export keeps running', () => {
  expect(endOf({ command: 'plan' }).message).toContain('Nothing was changed.');
  const job = {
    jobId: 'e',
    kind: 'export' as const,
    status: 'working',
    completed: 0,
    failed: 0,
    total: 9,
    part: 1,
    parts: 1,
  };
  expect(endOf({ command: 'export', jobs: [job] }).message).toContain('Export job e continues remotely');
  const starting = endOf({ command: 'export', mayBeStarted: true });
  expect(starting.message).toContain('The request to start an export was in flight');
  expect(endOf({}).message).toContain('Nothing was changed.');
});

const STARTED_AT = new Date('2026-01-02T03:04:05Z');

/** A GitHub whose pull request has these comments. */
function createGitHub(comments: Comment[], rejection?: ActionError): GitHub {
  return {
    listComments: async function* () {
      if (rejection !== undefined) throw rejection;
      yield* comments;
    },
    clock: { toGitHubMs: (localMs: number) => localMs },
    readViewerLogin: async () => 'bot',
    createComment: async (_: number, body: string) => {
      const made = { id: comments.length + 1, url: 'https://github.example/c', body, login: 'bot' };
      comments.push(made as Comment);
      return made;
    },
    updateComment: async (id: number, body: string) => {
      const known = comments.find((one) => one.id === id);
      return Object.assign(known ?? {}, { body });
    },
  } as unknown as GitHub;
}

async function comment(github: GitHub, { siteId = 7, startedAt = STARTED_AT } = {}) {
  const { dependencies, report } = createWorld({ client: {} });
  const record = {
    command: 'plan',
    outcome: 'unchanged',
    siteId,
    startedAt,
    jobs: [],
    rejected: { named: 0, unnamed: 0, first: [] },
    oddities: [],
    warnings: [],
    phases: [],
  };
  const sink = createRedirectsCommentSink({
    pullRequest: 3,
    key: `abc/${siteId}`,
    runUrl: undefined,
    connect: async () => github,
    run: dependencies.run,
    signal: new AbortController().signal,
  });
  await sink.receive({ type: 'ended', record } as unknown as Occurrence<RedirectsEvent, RedirectsRecord>);
  return report;
}

test('each site has one comment, which is updated; a later run is not overwritten', async () => {
  const comments: Comment[] = [];
  const github = createGitHub(comments);
  await comment(github);
  await comment(github, { startedAt: new Date(STARTED_AT.getTime() + 1000) });
  expect(comments).toHaveLength(1);
  expect(comments[0]?.body).toMatch(
    /^<!-- catalyst-deploy-action project=redirects%2Fabc%2F7 environment=redirects -->\n/,
  );
  const later = comments[0]?.body;
  const report = await comment(github);
  expect(report.results.at(-1)).toBe('not written: a later run has written it already');
  expect(comments[0]?.body).toBe(later);
  await comment(github, { siteId: 8 });
  expect(comments).toHaveLength(2);
});

test('a comment that cannot be written is a warning, and no more', async () => {
  const report = await comment(
    createGitHub([], new ActionError('GitHub says no.', { fix: 'Add `pull-requests: write`.' })),
  );
  expect(report.warnings).toEqual([
    'The comment on pull request #3 could not be written. GitHub says no. Add `pull-requests: write`.',
  ]);
});
