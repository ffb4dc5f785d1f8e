/** What GitHub shows of a preview that is gone: its deployments become inactive, its comment says so. */
import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { readLastSuccess, renderMarked, renderMarker } from '../../src/domain/comment-marker.ts';
import {
  addShown,
  cleanUp,
  closedEvent,
  closedPlatform,
  expectEnd,
  previewName,
  projectOf,
  sweepAll,
  writesTo,
} from './cleanup-harness.ts';
import { expectTame, headingOf, hrefsOf, onlyComment, wordsOf } from './github-comment-reading.ts';
import { bodiesOf, earlierPayload, requestsTo, warningList } from './github-fault-helpers.ts';
import { onPullRequest, statesOf } from './github-harness.ts';

const NAME = previewName(7);
const LAST = { sha: 'c0ffee1'.padEnd(40, '0'), url: 'https://gone.example', at: '2026-01-02T03:04:05.000Z' };
const MARKER = renderMarker({ project: NAME, environment: 'preview' });
const AGAIN =
  /^What GitHub shows of the deleted preview of #7 is out of date.*Run this action again with `pull-request: 7`/;

function addComment(emulator: Emulator, changes: { marker?: string; login?: string; text?: string } = {}) {
  const {
    marker = MARKER,
    login = emulator.github.login,
    text = '### ✅ Deployed to preview\n\nhttps://gone.example',
  } = changes;
  return emulator.github.addComment({ login, body: renderMarked(marker, { lastSuccess: LAST, shownAtMs: 1 }, text) });
}

test('the life of a preview: deployed, then deleted; both are shown', async () => {
  const emulator = await closedPlatform({ projects: ['production'] });
  emulator.github.addPullRequest({ number: 7, state: 'open' });
  const reaching = {
    'api-host': emulator.origin,
    'store-hash': emulator.storeHash,
    'access-token': emulator.accessToken,
  };
  const deployed = await onPullRequest({ emulator, reaching, inputs: { preview: 'isolated' } });
  expect(deployed.outputs['outcome']).toBe('deployed');
  const address = deployed.outputs['url'] ?? 'none';
  expect(onlyComment(emulator).body).toContain(address);
  emulator.github.addPullRequest({ number: 7, state: 'closed' });
  const run = await cleanUp({ emulator });
  expectEnd(run, 'deleted', [NAME]);
  expect(statesOf(emulator)).toEqual([['in_progress', 'success', 'inactive']]);
  const { body } = onlyComment(emulator);
  expect(headingOf(body)).toBe('🧹 Preview deleted · preview');
  expect(wordsOf(body)).toMatch(
    new RegExp(`The project of this preview, ${NAME} , was deleted at 20..-..-.. ..:..:.. UTC`),
  );
  expect(wordsOf(body)).toContain(`Last commit ${emulator.github.pullRequests[0]?.head.sha.slice(0, 7)} , deployed `);
  expect(hrefsOf(body).filter((href) => href.includes(new URL(address).host))).toEqual([]);
  expectTame(body, [`https://github.com/acme/storefront/actions/runs/`]);
  expect(warningList(run)).toEqual([]);
});

test('only this preview is made inactive, and only what is still shown', async () => {
  const emulator = await closedPlatform();
  const project = projectOf(emulator);
  const shown = addShown(emulator, project);
  const others: [string, Record<string, unknown>][] = [
    ['preview', { pull_request: 8, project_name: NAME, project_uuid: project.uuid }],
    ['preview', { pull_request: 7, project_name: 'shared', project_uuid: 'other' }],
    ['preview', { pull_request: null, project_name: NAME, project_uuid: project.uuid }],
    ['production', { pull_request: 7, project_name: NAME, project_uuid: project.uuid }],
  ];
  for (const [environment, payload] of others) {
    emulator.github.addDeployment({ environment, payload: earlierPayload(emulator, payload), statuses: ['success'] });
  }
  emulator.github.addDeployment({ environment: 'preview', payload: { by: 'another tool' }, statuses: ['success'] });
  for (const states of [['inactive'], ['failure'], ['error'], ['in_progress'], []] as const) {
    const payload = earlierPayload(emulator, { pull_request: 7, project_uuid: project.uuid });
    emulator.github.addDeployment({ environment: 'preview', payload, statuses: states });
  }
  expectEnd(await cleanUp({ emulator }), 'deleted', [NAME]);
  expect(statesOf(emulator)).toEqual([
    ['in_progress', 'success', 'inactive'],
    ...[...others, 0].map(() => ['success']),
    ...[['inactive'], ['failure'], ['error'], ['in_progress', 'inactive'], ['inactive']],
  ]);
  expect(shown.statuses.at(-1)).toMatchObject({
    description: 'Preview deleted: pull request #7 was closed',
    logUrl: expect.stringContaining('/actions/runs/'),
  });
  for (const body of bodiesOf(emulator, 'github.createDeploymentStatus')) expect(body['auto_inactive']).toBe(false);
});

test('deployments are looked for through all pages, and no further than the pull request is old', async () => {
  const emulator = await closedPlatform();
  const born = Date.UTC(2026, 0, 10);
  emulator.github.addPullRequest({ number: 7, createdAtMs: born });
  const project = projectOf(emulator);
  const before = addShown(emulator, project);
  before.createdAtMs = born - 60_000;
  const shown = addShown(emulator, project);
  shown.createdAtMs = born + 60_000;
  for (let index = 0; index < 250; index += 1) {
    emulator.github.addDeployment({
      environment: 'preview',
      statuses: ['success'],
      createdAtMs: born + 120_000 + index,
    });
  }
  expectEnd(await cleanUp({ emulator }), 'deleted', [NAME]);
  expect(shown.statuses.at(-1)?.state).toBe('inactive');
  expect(before.statuses.at(-1)?.state).toBe('success');
  expect(requestsTo(emulator, 'github.listDeployments')).toHaveLength(3);
});

test('a search that ends before the pull request began says so', async () => {
  const emulator = await closedPlatform();
  emulator.github.addPullRequest({ number: 7, createdAtMs: Date.now() - 120_000 });
  const shown = addShown(emulator, projectOf(emulator));
  shown.createdAtMs = Date.now() - 60_000;
  for (let index = 0; index < 1000; index += 1) emulator.github.addDeployment({ environment: 'preview' });
  const run = await cleanUp({ emulator });
  expectEnd(run, 'deleted', [NAME]);
  expect(shown.state).toBe('success');
  expect(run.lines.join('\n')).toContain(
    'no active GitHub deployment (among the last 1000; older ones are as they were)',
  );
});

test("nobody else's comment is touched, and none is made", async () => {
  const emulator = await closedPlatform();
  addComment(emulator, { login: 'mona' });
  addComment(emulator, { marker: renderMarker({ project: 'other', environment: 'preview' }) });
  addComment(emulator, { marker: renderMarker({ project: NAME, environment: 'staging' }) });
  const before = emulator.github.comments.map(({ body }) => body);
  expectEnd(await cleanUp({ emulator }), 'deleted', [NAME]);
  expect(emulator.github.comments.map(({ body }) => body)).toEqual(before);
  expect(writesTo(emulator)).toEqual(['deleteProject']);
});

test('the comment is found on the second page, and keeps what a later deployment wants to know', async () => {
  const emulator = await closedPlatform();
  for (let index = 0; index < 101; index += 1) emulator.github.addComment({ body: `chat ${index}` });
  const own = addComment(emulator);
  expectEnd(await cleanUp({ emulator }), 'deleted', [NAME]);
  expect(own.body.startsWith(`${MARKER}\n`)).toBe(true);
  expect(own.body).toContain(encodeURIComponent(LAST.sha));
  expect(wordsOf(own.body)).toContain('Last commit c0ffee1 , deployed 2026-01-02 03:04:05 UTC');
  expect(hrefsOf(own.body).filter((href) => href.includes('gone.example'))).toEqual([]);
  // Nor does the next deployment offer it as the address of the last one that succeeded.
  expect(readLastSuccess(own.body)).toEqual({ ...LAST, url: undefined });
});

test.each([true, false])(
  'what a reopened pull request shows since is left alone (deleted just now: %s)',
  async (isThere) => {
    const emulator = await closedPlatform();
    const project = projectOf(emulator);
    const old = addShown(emulator, project);
    if (!isThere) await cleanUp({ emulator });
    // Made by the run for the reopened pull request while this one was deleting, or waiting for GitHub.
    const sinceMs = Date.now() + 60_000;
    const since = addShown(emulator, { ...project, uuid: randomUUID() });
    since.createdAtMs = sinceMs;
    const login = emulator.github.login;
    const body = renderMarked(MARKER, { lastSuccess: LAST, shownAtMs: sinceMs }, '### ✅ Deployed to preview');
    const comment = emulator.github.addComment({ login, body });
    expectEnd(await cleanUp({ emulator }), isThere ? 'deleted' : 'nothing', isThere ? [NAME] : []);
    expect([old.state, since.state]).toEqual(['inactive', 'success']);
    expect(comment.body).toBe(body);
  },
);

test('nothing to delete: what GitHub shows is put right all the same, once', async () => {
  const emulator = await closedPlatform();
  const shown = addShown(emulator, projectOf(emulator));
  const own = addComment(emulator);
  expectEnd(await cleanUp({ emulator, inputs: { 'github-token': '' } }), 'deleted', [NAME]);
  expect(own.body).toContain('Deployed to preview');
  expectEnd(await cleanUp({ emulator }), 'nothing', []);
  expect(shown.statuses.at(-1)?.state).toBe('inactive');
  expect(wordsOf(own.body)).toMatch(/The project of this preview, \S+ , is gone/);
  const writes = writesTo(emulator);
  const { body } = own;
  expectEnd(await cleanUp({ emulator }), 'nothing', []);
  expect(writesTo(emulator)).toEqual(writes);
  expect(own.body).toBe(body);
});

test('a dry run leaves deployments and comment alone', async () => {
  const emulator = await closedPlatform();
  addShown(emulator, projectOf(emulator));
  const own = addComment(emulator);
  for (const start of [cleanUp, sweepAll]) {
    expectEnd(await start({ emulator, inputs: { 'dry-run': 'true' } }), 'dry-run', [NAME]);
  }
  expect(writesTo(emulator)).toEqual([]);
  expect(own.body).toContain('Deployed to preview');
});

test.each([
  ['deployments', 'none', 'deployments: write'],
  ['deployments', 'read', 'deployments: write'],
  ['pull-requests', 'read', 'pull-requests: write'],
] as const)(
  'the permission %s: %s only warns, with the line, and says how to put it right',
  async (permission, left, line) => {
    const emulator = await closedPlatform();
    addShown(emulator, projectOf(emulator));
    addComment(emulator);
    emulator.github.deny(permission, left);
    if (permission === 'pull-requests') emulator.github.deny('issues', left);
    const run = await cleanUp({ emulator });
    expectEnd(run, 'deleted', [NAME]);
    expect(warningList(run)).toEqual([
      expect.stringMatching(new RegExp(`answered 403.*Add \`${line}\` to the job's \`permissions:\``)),
      expect.stringMatching(AGAIN),
    ]);
    expect(run.summary).toContain('### Warnings');
    // The other one is put right.
    if (permission === 'deployments') expect(onlyComment(emulator).body).toContain('Preview deleted');
    else expect(statesOf(emulator).flat().at(-1)).toBe('inactive');
  },
);

test('a sweep warns of a missing permission once, and stops asking', async () => {
  const emulator = await closedPlatform();
  for (const number of [8, 9]) {
    emulator.github.addPullRequest({ number, state: 'closed' });
    addShown(emulator, emulator.addProject(previewName(number)), number);
  }
  emulator.github.deny('deployments');
  const run = await sweepAll({ emulator });
  expectEnd(
    run,
    'deleted',
    [7, 8, 9].map((number) => previewName(number)),
  );
  expect(warningList(run)).toEqual([
    expect.stringContaining('`deployments: write`'),
    expect.stringContaining('#7, #8, #9'),
  ]);
  expect(requestsTo(emulator, 'github.listDeployments')).toHaveLength(1);
});

test('a refusal that is no missing permission concerns that pull request alone', async () => {
  const emulator = await closedPlatform();
  addComment(emulator);
  emulator.github.addPullRequest({ number: 8, state: 'closed' });
  emulator.addProject(previewName(8));
  const body = renderMarked(
    renderMarker({ project: previewName(8), environment: 'preview' }),
    { lastSuccess: undefined, shownAtMs: 1 },
    'x',
  );
  const other = emulator.github.addComment({ issueNumber: 8, login: emulator.github.login, body });
  const body403 = { message: 'Unable to update comment because issue is locked.' };
  emulator.addFault({ call: 'github.updateComment', effect: 'status', status: 403, body: body403 });
  const run = await sweepAll({ emulator });
  expectEnd(run, 'deleted', [NAME, previewName(8)]);
  expect(warningList(run)).toEqual([expect.stringContaining('issue is locked'), expect.stringMatching(AGAIN)]);
  expect(other.body).toContain('Preview deleted');
});

test('what failed at first is tried again at the end', async () => {
  const emulator = await closedPlatform();
  const shown = addShown(emulator, projectOf(emulator));
  const own = addComment(emulator);
  emulator.addFault({ call: 'github.updateComment', effect: 'status', status: 500, times: 5 });
  emulator.addFault({ call: 'github.listDeployments', effect: 'status', status: 500, times: 5 });
  const run = await cleanUp({ emulator, event: closedEvent(emulator) });
  expectEnd(run, 'deleted', [NAME]);
  expect(warningList(run)).toEqual([]);
  expect(run.lines.join('\n')).toContain('It is tried again at the end.');
  expect(own.body).toContain('Preview deleted');
  expect(shown.statuses.at(-1)?.state).toBe('inactive');
});
