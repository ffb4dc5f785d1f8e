/** What `preview-cleanup` says and does when the platform or GitHub refuses, fails, or loses an answer. */
import { expect, test } from '@jest/globals';
import { cleanUp, closedPlatform, expectEnd, namesOf, previewName, sweepAll, writesTo } from './cleanup-harness.ts';
import { requestsTo } from './github-fault-helpers.ts';
import { githubCallsOf } from './github-harness.ts';
import { callsOf, failureOf } from './harness.ts';

const NAME = previewName(7);
const MANAGE = 'Infrastructure Projects: manage (store_infrastructure_projects_manage)';

test('a wrong token of the store: said as that, nothing deleted', async () => {
  const emulator = await closedPlatform();
  const run = await cleanUp({ emulator, inputs: { 'access-token': 'wrong-token-0123456789' } });
  expectEnd(run, 'error', []);
  expect(failureOf(run).message).toMatch(
    /^No preview was deleted\..*Make sure that the secret behind `access-token` holds the token of a store-level API account.*answered 401\./s,
  );
  expect(failureOf(run).message).toMatch(/Correlation id: [0-9a-f-]{36}/);
  expect(run.summary).toContain('Correlation id');
  expect(namesOf(emulator)).toContain(NAME);
});

test('a token that may only read: 403 names the scope, nothing deleted', async () => {
  const emulator = await closedPlatform({
    tokens: { 'reader-0123456789': ['store_infrastructure_projects_read_only'] },
  });
  const run = await cleanUp({ emulator, inputs: { 'access-token': 'reader-0123456789' } });
  expectEnd(run, 'error', []);
  const { message } = failureOf(run);
  expect(message).toContain(`The project "${NAME}" was not deleted. Deleting the project`);
  expect(message).toContain('answered 403');
  expect(message).toContain(MANAGE);
  expect(run.summary).toContain('❌ Not deleted: 1<');
  expect(requestsTo(emulator, 'deleteProject')).toHaveLength(1);
  expect(new Set(githubCallsOf(emulator))).toEqual(new Set(['github.getPullRequest']));
});

test('a 404 while the project is still listed is a missing scope', async () => {
  const emulator = await closedPlatform();
  emulator.addFault({ call: 'deleteProject', effect: 'status', status: 404, times: 'always' });
  const run = await cleanUp({ emulator });
  expectEnd(run, 'error', []);
  expect(failureOf(run).message).toContain(MANAGE);
  expect(callsOf(emulator).slice(3)).toEqual(['deleteProject', 'listProjects']);
  expect(namesOf(emulator)).toContain(NAME);
});

test('a 404 because somebody else was quicker is a deletion', async () => {
  const emulator = await closedPlatform();
  // The first run sees the project, and hears of it when the second one has deleted it.
  emulator.addFault({ call: 'listProjects', effect: 'delay', delayMs: 2000 });
  const first = cleanUp({ emulator });
  await emulator.waitForRequest('listProjects');
  expectEnd(await cleanUp({ emulator }), 'deleted', [NAME]);
  const run = await first;
  expectEnd(run, 'deleted', [NAME]);
  expect(requestsTo(emulator, 'deleteProject').map(({ status }) => status)).toEqual([204, 404]);
  expect(run.lines.join('\n')).toContain(`The project "${NAME}" is gone.`);
});

test('a lost answer: the next try meets a 404, the project is looked up, and it is gone', async () => {
  const emulator = await closedPlatform();
  emulator.addFault({ call: 'deleteProject', effect: 'lost-answer' });
  const run = await cleanUp({ emulator });
  expectEnd(run, 'deleted', [NAME]);
  expect(requestsTo(emulator, 'deleteProject').map(({ status }) => status)).toEqual([undefined, 404]);
  expect(run.lines.join('\n')).toContain(`The project "${NAME}" is gone.`);
  expect(run.annotations).toEqual([]);
});

test('a 404, and then the list is refused: it is not known whether it is gone, and the run says so', async () => {
  const emulator = await closedPlatform();
  emulator.addFault({ call: 'deleteProject', effect: 'status', status: 404 });
  emulator.addFault({ call: 'listProjects', effect: 'status', status: 401, skip: 1 });
  const run = await cleanUp({ emulator });
  expectEnd(run, 'error', []);
  expect(failureOf(run).message).toContain(`The project "${NAME}" may have been deleted.`);
  expect(run.summary).toContain('❓ May have been deleted: 1<');
});

test('a 409: said, with what to do, and not tried again', async () => {
  const emulator = await closedPlatform();
  emulator.addFault({ call: 'deleteProject', effect: 'status', status: 409, times: 'always' });
  const run = await cleanUp({ emulator });
  expectEnd(run, 'error', []);
  expect(failureOf(run).message).toMatch(
    /answered 409.*A deployment of the project may be in progress: run this again/s,
  );
  expect(requestsTo(emulator, 'deleteProject')).toHaveLength(1);
});

test('a 503 and a 429 are tried again', async () => {
  const emulator = await closedPlatform();
  emulator.addFault({ call: 'listProjects', effect: 'status', status: 503 });
  emulator.addFault({ call: 'deleteProject', effect: 'status', status: 429, headers: { 'retry-after': '1' } });
  emulator.addFault({ call: 'github.getPullRequest', effect: 'status', status: 502 });
  expectEnd(await cleanUp({ emulator }), 'deleted', [NAME]);
});

test.each(['none', 'read'] as const)(
  'pull-requests: %s: without being able to ask, nothing is deleted',
  async (left) => {
    const emulator = await closedPlatform();
    emulator.github.deny('pull-requests', left === 'none' ? 'none' : 'read');
    emulator.github.deny('issues', 'none');
    for (const start of [cleanUp, sweepAll]) {
      const run = await start({ emulator, inputs: { 'dry-run': left === 'read' ? 'true' : 'false' } });
      if (left === 'read') {
        expectEnd(run, 'dry-run', [NAME]);
        continue;
      }
      expectEnd(run, 'error', []);
      expect(failureOf(run).title).toBe('Preview not deleted: GitHub could not be asked');
      // The comment takes more, and whoever adds a line is not to be sent for another one.
      expect(failureOf(run).message).toContain("Add `pull-requests: write` to the job's `permissions:`");
    }
    expect(writesTo(emulator)).toEqual([]);
  },
);

test('a dry run needs to read pull requests, and says only that', async () => {
  const emulator = await closedPlatform({ github: { permissions: { contents: 'read' } } });
  const run = await cleanUp({ emulator, inputs: { 'dry-run': 'true' } });
  expectEnd(run, 'error', []);
  expect(failureOf(run).message).toContain("Add `pull-requests: read` to the job's `permissions:`");
});

test('a wrong token of GitHub, hostile words: an error, and nothing deleted', async () => {
  const emulator = await closedPlatform();
  const wrong = await cleanUp({ emulator, githubToken: 'ghs_wrong0123456789abcdef' });
  expectEnd(wrong, 'error', []);
  expect(failureOf(wrong).message).toMatch(/answered 401\./);
  expect(failureOf(wrong).message).toMatch(/Check `github-token`/);
  emulator.addFault({ call: 'github.getPullRequest', effect: 'hostile-error' });
  const hostile = await cleanUp({ emulator });
  expectEnd(hostile, 'error', []);
  expect(hostile.summary).not.toMatch(/<img|javascript:c\)/);
  expect(hostile.summary.match(/<\/details>/g)).toHaveLength(hostile.summary.match(/<details>/g)?.length ?? 0);
  expect(hostile.lines.filter((line) => /^::(?!error|debug|group|endgroup|add-mask)/.test(line))).toEqual([]);
  expect(writesTo(emulator)).toEqual([]);
});
