/** `preview-cleanup` for one pull request: it deletes the one project that is its preview, and says so. */
import { expect, test } from '@jest/globals';
import {
  cleanUp,
  closedEvent,
  closedPlatform,
  expectEnd,
  namesOf,
  ON_SCHEDULE,
  previewName,
  projectOf,
  startCleanup,
  writesTo,
} from './cleanup-harness.ts';
import { requestsTo, warningList } from './github-fault-helpers.ts';
import { callsOf } from './harness.ts';

const NAME = previewName(7);

test('the preview of a closed pull request is deleted, and nothing else is', async () => {
  const emulator = await closedPlatform();
  const { uuid } = projectOf(emulator);
  const run = await cleanUp({ emulator });
  expectEnd(run, 'deleted', [NAME]);
  expect(namesOf(emulator)).toEqual(['demo-storefront']);
  expect(requestsTo(emulator, 'deleteProject').map(({ path }) => path.split('/').at(-1))).toEqual([uuid]);
  expect(writesTo(emulator)).toEqual(['deleteProject']);
  expect(run.summary).toContain('## 🧹 Deleted the preview of &#35;<!-- -->7\n');
  expect(run.summary).toContain(
    `<code>${NAME}</code> · <a href="https://github.com/acme/storefront/pull/7">pull request &#35;<!-- -->7 is closed</a> · `,
  );
  expect(run.annotations).toEqual([]);
});

test('GitHub is asked first, the project is looked for, and GitHub is asked again right before the deletion', async () => {
  const emulator = await closedPlatform();
  await cleanUp({ emulator });
  const asked = 'github.getPullRequest';
  expect(callsOf(emulator).slice(0, 4)).toEqual([asked, 'listProjects', asked, 'deleteProject']);
});

test('a pull request that is opened again while its project is looked for keeps it', async () => {
  const emulator = await closedPlatform();
  emulator.addFault({ call: 'listProjects', effect: 'status', status: 503 });
  const started = startCleanup({ emulator });
  await emulator.waitForRequest('listProjects');
  emulator.github.addPullRequest({ number: 7, state: 'open' });
  const run = await started.finished;
  expectEnd(run, 'nothing', []);
  expect(namesOf(emulator)).toContain(previewName(7));
  expect(writesTo(emulator)).toEqual([]);
  expect(run.summary).toMatch(/✋ Kept: 1<\/summary>\n\n- .*: the pull request is open again\n/);
});

test('the input names a pull request on any event', async () => {
  const emulator = await closedPlatform();
  emulator.github.addPullRequest({ number: 12, state: 'closed' });
  emulator.addProject(previewName(12));
  for (const event of [ON_SCHEDULE, closedEvent(emulator)]) {
    const run = await cleanUp({ emulator, event, inputs: { 'pull-request': '12' } });
    expectEnd(run, event === ON_SCHEDULE ? 'deleted' : 'nothing', event === ON_SCHEDULE ? [previewName(12)] : []);
  }
  expect(namesOf(emulator)).toEqual(['demo-storefront', NAME]);
});

test('pull_request_target is an event of a pull request like any other', async () => {
  const emulator = await closedPlatform();
  const run = await cleanUp({ emulator, event: closedEvent(emulator, 7, 'pull_request_target') });
  expectEnd(run, 'deleted', [NAME]);
});

test('a merged pull request is a closed one', async () => {
  const emulator = await closedPlatform();
  emulator.github.addPullRequest({ number: 7, isMerged: true });
  expectEnd(await cleanUp({ emulator }), 'deleted', [NAME]);
});

test('no preview: nothing to do is no error', async () => {
  const emulator = await closedPlatform({ projects: ['shop'] });
  await cleanUp({ emulator });
  const again = await cleanUp({ emulator });
  expectEnd(again, 'nothing', []);
  expect(again.annotations).toEqual([]);
  expect(again.summary).toContain('## 🧹 Nothing to delete');
  expect(again.lines.join('\n')).toContain(`The store has no project named "${NAME}"`);
  expect(requestsTo(emulator, 'deleteProject')).toHaveLength(1);
});

test('an open pull request keeps its preview, and a notice says why', async () => {
  const emulator = await closedPlatform();
  emulator.github.addPullRequest({ number: 7, state: 'open' });
  const run = await cleanUp({ emulator });
  expectEnd(run, 'nothing', []);
  expect(run.annotations).toEqual([
    {
      level: 'notice',
      title: 'Nothing deleted',
      message: expect.stringMatching(/#7 is open: its preview stays.*closed/),
    },
  ]);
  expect(callsOf(emulator)).toEqual(['github.getPullRequest']);
  expect(run.summary).toContain('7 is open&#58; its preview stays');
});

test('a dry run asks the same, and changes nothing', async () => {
  const emulator = await closedPlatform();
  const run = await cleanUp({ emulator, inputs: { 'dry-run': 'true' } });
  expectEnd(run, 'dry-run', [NAME]);
  expect(callsOf(emulator)).toEqual(['github.getPullRequest', 'listProjects']);
  expect(run.summary).toContain('## 🧪 Dry run: the preview of &#35;<!-- -->7 would be deleted\n');
  expect(namesOf(emulator)).toContain(NAME);
  const none = await cleanUp({ emulator, inputs: { 'dry-run': 'true', 'preview-base-name': 'other' } });
  expectEnd(none, 'dry-run', []);
  expect(none.summary).toContain('## 🧪 Dry run: nothing would be deleted');
});

test('an empty github-token: the event alone says that it is closed, and GitHub is not called', async () => {
  const emulator = await closedPlatform();
  const event = closedEvent(emulator);
  emulator.github.addPullRequest({ number: 7, state: 'open' });
  const open = await cleanUp({ emulator, event: closedEvent(emulator), inputs: { 'github-token': '' } });
  expectEnd(open, 'nothing', []);
  const run = await cleanUp({ emulator, event, inputs: { 'github-token': '' } });
  expectEnd(run, 'deleted', [NAME]);
  expect(run.annotations).toEqual([]);
  expect(callsOf(emulator)).toEqual(['listProjects', 'deleteProject']);
});

test.each([
  ['pull-request', ON_SCHEDULE, { 'pull-request': '7' }],
  ['schedule', ON_SCHEDULE, {}],
])('an empty github-token is an error where GitHub has to be asked: %s', async (_, event, inputs) => {
  const emulator = await closedPlatform();
  const run = await cleanUp({ emulator, event, inputs: { ...inputs, 'github-token': '' } });
  expectEnd(run, 'error', []);
  expect(run.annotations[0]?.message).toMatch(
    /^No preview was deleted\.\ngithub-token: It is empty, and .*only GitHub knows/,
  );
  expect(emulator.requests).toEqual([]);
});

test('a pull request event that cannot be read is no reason to look at all pull requests', async () => {
  const emulator = await closedPlatform();
  const run = await cleanUp({ emulator, event: { name: 'pull_request', payload: {} } });
  expectEnd(run, 'error', []);
  expect(run.annotations[0]?.title).toBe('Nothing deleted: which pull request?');
  expect(emulator.requests).toEqual([]);
});

test('everything that is wrong with the inputs is reported at once, and nothing is sent', async () => {
  const emulator = await closedPlatform();
  const inputs = {
    'store-hash': 'a/b',
    'access-token': '',
    'api-host': 'http://example.com',
    'preview-base-name': '---',
    'pull-request': '0',
    environment: 'Production',
    'dry-run': 'maybe',
    'github-token': 'with space',
  };
  const run = await cleanUp({ emulator, inputs });
  expectEnd(run, 'error', []);
  for (const name of Object.keys(inputs)) expect(run.annotations[0]?.message).toMatch(new RegExp(`^- ${name}: `, 'm'));
  expect(run.annotations[0]?.message).toContain('It is "production", and only previews are deleted here.');
  expect(emulator.requests).toEqual([]);
});

test('the run needs no workspace of its own, and says what it does', async () => {
  const emulator = await closedPlatform();
  const run = await startCleanup({ emulator, env: { GITHUB_WORKSPACE: '/does/not/exist' } }).finished;
  expectEnd(run, 'deleted', [NAME]);
  expect(warningList(run)).toEqual([]);
  const log = run.lines.join('\n');
  for (const line of [
    `Looking for the project named "${NAME}"`,
    `✓ Delete project: ${NAME} is deleted`,
    'Duration: ',
  ]) {
    expect(log).toContain(line);
  }
});
