/** The look at what is live before a deployment, which must not keep it waiting. */
import { expect, test } from '@jest/globals';
import { beginLook, type LookDependencies, NOTHING_BEFORE } from '../../../src/actions/verification/before.ts';
import type { Project } from '../../../src/bigcommerce/hosting.ts';
import type { PageRequest } from '../../../src/domain/verification/page.ts';
import type { VerificationInputs } from '../../../src/inputs/verification.ts';
import { pause } from '../../../src/pause.ts';
import { noAnswer, page, SHOP } from '../../domain/verification/answers.ts';
import { createFakeRun } from '../../fake-run.ts';

const PROJECT: Project = { uuid: 'p-1', name: 'shop', urls: [SHOP] };
const VERIFICATION: VerificationInputs = {
  ...{ paths: [{ path: '/' }, { path: '/cart' }], headers: {}, timeoutMs: 60_000, onFailure: 'fail', logs: 'off' },
  rehearsal: undefined,
};
const WANTED = { project: { kind: 'uuid', uuid: 'p-1' }, dryRun: false, verification: VERIFICATION } as const;

function dependenciesOf(readProject: () => Promise<Project>, get: LookDependencies['verifying']['pages']['get']) {
  const run = createFakeRun();
  const { signal } = new AbortController();
  const hosting = { readProject, findProjects: async () => [PROJECT] };
  return { run, hosting, signal, verifying: { pages: { get, close: async () => {} }, isLocal: false } };
}

/** Answers one path, and hangs at all others for as long as it is asked. */
const hangingBut = (path: string) => async (request: PageRequest) => {
  if (request.url.pathname === path) return page(500);
  await pause(request.timeoutMs, request.signal);
  return noAnswer('timeout');
};

test('knows what failed, and which build was live', async () => {
  const get = async ({ url }: PageRequest) => (url.pathname === '/BUILD_ID' ? page(200, 'b-1\n') : page(500));
  const look = beginLook(
    WANTED,
    dependenciesOf(async () => PROJECT, get),
  );
  expect(await look.before).toMatchObject({ buildId: 'b-1', pages: [{ state: 'unhealthy' }, { state: 'unhealthy' }] });
});

test('does not wait for a project that is not told in time', async () => {
  const dependencies = dependenciesOf(
    () => new Promise(() => {}),
    async () => page(200),
  );
  expect(await beginLook(WANTED, dependencies, 50).before).toBe(NOTHING_BEFORE);
  expect(dependencies.run.debugLines).toEqual([expect.stringContaining('What is live was not looked at')]);
});

test('keeps what it has seen when the time is over', async () => {
  const dependencies = dependenciesOf(async () => PROJECT, hangingBut('/'));
  const { pages, buildId } = await beginLook(WANTED, dependencies, 700).before;
  expect(buildId).toBeUndefined();
  expect(pages).toMatchObject([
    { path: '/', state: 'unhealthy', problem: 'answers 500' },
    // Too little time for it: that is no fault.
    { path: '/cart', state: 'inconclusive' },
  ]);
});

test('ends when it is stopped', async () => {
  const dependencies = dependenciesOf(async () => PROJECT, hangingBut('/none'));
  const look = beginLook(WANTED, dependencies);
  look.stop();
  expect(await look.before).toBe(NOTHING_BEFORE);
});
