/** `preview-cleanup` never deletes what is not the preview of that very pull request of that very repository. */
import { expect, test } from '@jest/globals';
import {
  cleanUp,
  closedEvent,
  closedPlatform,
  expectEnd,
  namesOf,
  previewName,
  sweepAll,
  writesTo,
} from './cleanup-harness.ts';
import { warningList } from './github-fault-helpers.ts';
import { githubPlatform } from './github-harness.ts';

const NAME = previewName(7);
const [HASH] = /[0-9a-f]{8}(?=-pr-7$)/.exec(NAME) ?? [];

/** Each looks like the preview of pull request 7, and is not. */
const OTHERS: readonly string[] = [
  'acme-pr-7', // made by hand
  'storefront-pr-7',
  'storefront', // production's
  previewName(7, 'storefront', 'acme/other'), // another repository, whose input names the same base
  previewName(7, 'storefront', 'other/storefront'),
  previewName(7, 'Storefront'),
  previewName(7, 'other'), // another storefront of this repository
  `storefront-${HASH}-pr-007`,
  `storefront-${HASH}-pr-07`,
  `storefront-${HASH}-pr-7.`,
  `storefront-${HASH}-pr-7-old`,
  `storefront-${HASH}-pr-7 `,
  `storefront-${HASH}-pr-7\n`,
  `storefront-${HASH}-pr-`,
  `storefront-${HASH}-pr-0`,
  `storefront-${HASH}-pr--7`,
  `storefront-${HASH}-pr-7e0`,
  `storefront-${HASH}-pr-0x7`,
  `storefront-${HASH}-PR-7`,
  `Storefront-${HASH}-pr-7`,
  `storefront-${HASH?.toUpperCase()}-pr-7`,
  `storefron-${HASH}-pr-7`,
  `my-storefront-${HASH}-pr-7`,
  ` storefront-${HASH}-pr-7`,
  `-${HASH}-pr-7`,
  `x${NAME}`,
  `${NAME}x`,
];

test('every name that is like the preview and is another one stays, on `closed` and in a sweep', async () => {
  const emulator = await closedPlatform();
  for (const name of OTHERS) emulator.addProject(name);
  expectEnd(await cleanUp({ emulator }), 'deleted', [NAME]);
  expect(namesOf(emulator)).toEqual(['demo-storefront', ...OTHERS]);
  expectEnd(await cleanUp({ emulator }), 'nothing', []);
  expectEnd(await sweepAll({ emulator }), 'nothing', []);
  expect(namesOf(emulator)).toEqual(['demo-storefront', ...OTHERS]);
  expect(writesTo(emulator)).toEqual(['deleteProject']);
});

test('pull request 1 does not take 12 and 121 along, nor 12 the number 1', async () => {
  const emulator = await githubPlatform();
  const numbers = [1, 2, 11, 12, 121];
  for (const number of numbers) {
    emulator.github.addPullRequest({ number, state: 'closed' });
    emulator.addProject(previewName(number));
  }
  expectEnd(await cleanUp({ emulator, event: closedEvent(emulator, 1) }), 'deleted', [previewName(1)]);
  expectEnd(await cleanUp({ emulator, event: closedEvent(emulator, 12) }), 'deleted', [previewName(12)]);
  expect(namesOf(emulator)).toEqual(['demo-storefront', ...[2, 11, 121].map((number) => previewName(number))]);
});

test.each([
  ['100 characters', 'b'.repeat(100)],
  ['100 characters, cut at a separator', `shop-one.-_${'-'.repeat(88)}a`],
  ['1 character', 'a'],
  ['upper and lower case', 'MyShop'],
  ['every kind of character', 'a.b_c-D9'],
])('a base name of %s: the same name as that of the deploy action, and no other', async (_, base) => {
  const emulator = await githubPlatform();
  emulator.github.addPullRequest({ number: 7, state: 'closed' });
  const longer = `${base}2`;
  for (const one of [base, longer, base.toLowerCase(), base.toUpperCase()]) {
    if (!namesOf(emulator).includes(previewName(7, one))) emulator.addProject(previewName(7, one));
  }
  const before = namesOf(emulator);
  const run = await cleanUp({ emulator, inputs: { 'preview-base-name': base } });
  expectEnd(run, 'deleted', [previewName(7, base)]);
  expect(namesOf(emulator)).toEqual(before.filter((name) => name !== previewName(7, base)));
});

test('two projects of one name: it is not known which is whose, and both stay', async () => {
  const emulator = await closedPlatform();
  emulator.addProject(NAME);
  for (const start of [cleanUp, sweepAll]) {
    const run = await start({ emulator });
    expectEnd(run, 'error', []);
    expect(run.annotations[0]?.title).toBe('Project name not unique');
    for (const { uuid } of emulator.projects.slice(1)) expect(run.annotations[0]?.message).toContain(uuid);
  }
  expect(writesTo(emulator)).toEqual([]);
});

test('another repository, whose pull request 7 is closed as well, finds nothing of this one', async () => {
  const emulator = await closedPlatform({ github: { repository: 'acme/other' } });
  const run = await cleanUp({ emulator, inputs: { 'preview-base-name': 'storefront' } });
  expectEnd(run, 'nothing', []);
  expect(namesOf(emulator)).toContain(NAME);
});

test('a repository is the same whatever the case of its owner', async () => {
  const emulator = await closedPlatform();
  const run = await cleanUp({ emulator, env: { GITHUB_REPOSITORY: 'ACME/storefront' } });
  expectEnd(run, 'deleted', [NAME]);
});

test.each(['', 'storefront', 'acme/store/front', '/storefront'])(
  'without a repository (%j) it is not known whose preview it is',
  async (repository) => {
    const emulator = await closedPlatform();
    const inputs = { 'preview-base-name': 'storefront' };
    const run = await cleanUp({ emulator, inputs, env: { GITHUB_REPOSITORY: repository } });
    expectEnd(run, 'error', []);
    expect(run.annotations[0]?.message).toContain('GITHUB_REPOSITORY is not set to `owner/name`');
    expect(emulator.requests).toEqual([]);
  },
);

test('a pull request that GitHub does not know keeps what has its name', async () => {
  const emulator = await closedPlatform();
  emulator.addProject(previewName(404));
  const run = await cleanUp({ emulator, inputs: { 'pull-request': '404' } });
  expectEnd(run, 'error', []);
  expect(run.annotations[0]?.message).toMatch(/does not say whether pull request #404 is closed, so its preview stays/);
  expect(writesTo(emulator)).toEqual([]);
});

const CLOSED = { number: 7, state: 'closed', created_at: '2026-01-02T03:04:05Z', head: { sha: 'a'.repeat(40) } };

/** What GitHub, or whatever answers in its place, may say: none of it is `closed` for this very pull request. */
const UNCLEAR: readonly [string, unknown, RegExp][] = [
  ['no state', { ...CLOSED, state: undefined }, /names no state/],
  ['a state of another kind', { ...CLOSED, state: true }, /names no state/],
  ['a word that is like it', { ...CLOSED, state: 'Closed' }, /names a state that GitHub does not document/],
  ['merged', { ...CLOSED, state: 'merged' }, /names a state that GitHub does not document/],
  ['another number', { ...CLOSED, number: 8 }, /is about #8/],
  ['no number', { ...CLOSED, number: undefined }, /names no number/],
  ['a number as text', { ...CLOSED, number: '7' }, /names no number/],
  ['an issue', { ...CLOSED, head: undefined, pull_request: undefined }, /is about an issue/],
  ['an empty object', {}, /names no number/],
  ['a list', [CLOSED], /names no number/],
  ['null', null, /the answer is not what GitHub documents \(nothing\)/],
];

test.each(UNCLEAR)('an answer with %s keeps the preview, and is an error', async (_, body, says) => {
  for (const start of [cleanUp, sweepAll]) {
    const emulator = await closedPlatform();
    emulator.addFault({ call: 'github.getPullRequest', effect: 'status', status: 200, body, times: 'always' });
    const run = await start({ emulator });
    expectEnd(run, 'error', []);
    const [{ title = '', message } = { message: '' }] = run.annotations;
    expect(title).toBe('Preview not deleted: GitHub could not be asked');
    expect(message).toMatch(/does not say whether pull request #7 is closed, so its preview stays\. /);
    expect(message).toMatch(says);
    expect(message).toContain('Check what answers at GITHUB_API_URL');
    expect(warningList(run)).toEqual([]);
    expect(namesOf(emulator)).toContain(NAME);
    expect(writesTo(emulator)).toEqual([]);
  }
});

test('a redirect to another pull request that is closed keeps the preview, also just before the deletion', async () => {
  for (const skip of [0, 1]) {
    const emulator = await closedPlatform();
    emulator.github.addPullRequest({ number: 8, state: 'closed' });
    const location = `${emulator.github.apiUrl}/repos/acme/storefront/pulls/8`;
    // The redirect is followed by one more request to the same call.
    emulator.addFault({ call: 'github.getPullRequest', effect: 'redirect', status: 301, location, skip });
    const run = await cleanUp({ emulator });
    expectEnd(run, 'error', []);
    expect(run.annotations[0]?.message).toMatch(/so its preview stays\. Its answer is about #8\./);
    expect(namesOf(emulator)).toContain(NAME);
  }
});
