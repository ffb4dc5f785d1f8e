/** Runs without secrets are skipped, and no secret gets into anything that is printed or sent elsewhere. */
import { expect, test } from '@jest/globals';
import { cleanUp, closedEvent, closedPlatform, expectEnd, namesOf, previewName, sweepAll } from './cleanup-harness.ts';
import { onCleanUp, storefront, writeWorkspaceFile } from './harness.ts';

const NAME = previewName(7);

test.each([
  ['fork', {}, 'comes from a fork'],
  ['dependabot', { GITHUB_ACTOR: 'dependabot[bot]' }, 'Dependabot started this run'],
] as const)('without secrets (%s) it is skipped: green, a notice, no request', async (reason, env, why) => {
  const emulator = await closedPlatform();
  if (reason === 'fork') emulator.github.addPullRequest({ number: 7, headRepository: 'mona/storefront' });
  const run = await cleanUp({ emulator, env, inputs: { 'access-token': '', 'dry-run': 'perhaps' } });
  expectEnd(run, 'skipped', []);
  expect(run.outputs['skipped-reason']).toBe(reason);
  expect(run.annotations).toEqual([
    { level: 'notice', title: 'Cleanup skipped', message: expect.stringContaining(why) },
  ]);
  expect(run.annotations[0]?.message).toContain('Nothing was deleted, and nothing is wrong.');
  expect(run.summary).toContain('## ⏭️ Skipped: nothing deleted\n');
  expect(emulator.requests).toEqual([]);
});

test('any other run without a token is red', async () => {
  const emulator = await closedPlatform();
  for (const start of [cleanUp, sweepAll]) {
    const run = await start({ emulator, inputs: { 'access-token': '' } });
    expectEnd(run, 'error', []);
    expect(run.annotations[0]?.message).toContain('access-token: It is missing');
    expect(run.outputs).not.toHaveProperty('skipped-reason');
  }
});

test("a fork's pull request on pull_request_target has secrets, and is nothing special", async () => {
  const emulator = await closedPlatform();
  emulator.github.addPullRequest({ number: 7, headRepository: 'mona/storefront' });
  const event = closedEvent(emulator, 7, 'pull_request_target');
  expectEnd(await cleanUp({ emulator, event }), 'deleted', [NAME]);
});

test('the credentials of the store may be in the project file of the workspace', async () => {
  const emulator = await closedPlatform();
  const workspace = storefront({});
  const { storeHash, accessToken } = emulator;
  writeWorkspaceFile(
    workspace,
    '.bigcommerce/project.json',
    JSON.stringify({ storeHash, accessToken, projectUuid: 'x' }),
  );
  const run = await cleanUp({ emulator, workspace, inputs: { 'access-token': '', 'store-hash': '' } });
  expectEnd(run, 'deleted', [NAME]);
  expect(run.masks).toContain(accessToken);
});

test('masks come first, and no secret reaches log, summary, outputs or the other side', async () => {
  const emulator = await closedPlatform();
  const { accessToken } = emulator;
  const { token } = emulator.github;
  onCleanUp(() => expect(emulator.violations).toEqual([]));
  const lines: string[] = [];
  const echo = { title: `echo ${accessToken} ${token}`, errors: { field: accessToken } };
  emulator.addFault({ call: 'deleteProject', effect: 'status', status: 409, body: echo });
  const failed = await cleanUp({ emulator, onLine: (line) => lines.push(line) });
  expectEnd(failed, 'error', []);
  emulator.addFault({
    call: 'github.listComments',
    effect: 'status',
    status: 422,
    body: { message: `no ${accessToken} ${token}` },
  });
  const run = await cleanUp({ emulator });
  expectEnd(run, 'deleted', [NAME]);
  for (const { everything, masks } of [failed, run]) {
    for (const secret of [accessToken, token]) {
      expect(everything).not.toContain(secret);
      expect(masks).toContain(secret);
    }
  }
  const printed = lines.filter((line) => line.trim() !== '');
  expect(printed.slice(0, 2).every((line) => line.startsWith('::add-mask::'))).toBe(true);
  expect(namesOf(emulator)).toEqual(['demo-storefront']);
});
