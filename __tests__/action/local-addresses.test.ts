/** A platform on this machine serves names under `.localhost` without TLS: what each place says of such an address. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { hrefsOf, onlyComment } from './github-comment-reading.ts';
import { githubPlatform, onPullRequest, pullRequestEvent, startOnGitHub } from './github-harness.ts';
import { deployVersion, rollBack } from './rollback-harness.ts';

const HOST = 'demo-storefront.localhost:8788';

/** The first project has this host, as a platform that serves storefronts names it. */
async function localPlatform(): Promise<Emulator> {
  const emulator = await githubPlatform();
  emulator.projects[0]?.deploymentHostnames.push(HOST);
  return emulator;
}

function expectHttp(run: FinishedRun, emulator: Emulator, host = HOST): void {
  const address = `http://${host}`;
  expect(run.outputs).toMatchObject({ outcome: 'deployed', url: address, urls: JSON.stringify([address]) });
  const status = emulator.github.deployments.at(-1)?.statuses.at(-1);
  expect(status).toMatchObject({ state: 'success', environmentUrl: address });
  expect(run.summary).toContain(address);
  expect(run.lines.join('\n')).toContain(address);
  expect(run.everything).not.toContain(`https://${host}`);
}

test("a pull request's comment, and GitHub's deployment", async () => {
  const emulator = await localPlatform();
  expectHttp(await onPullRequest({ emulator }), emulator);
  const { body } = onlyComment(emulator);
  expect(hrefsOf(body)).toContain(`http://${HOST}/`);
  expect(body).not.toContain(`https://${HOST}`);
});

test("a rollback's", async () => {
  const emulator = await localPlatform();
  for (const version of ['one', 'two']) await deployVersion(emulator, version);
  expectHttp(await rollBack({ emulator }), emulator);
});

test("an isolated preview's, at a label of its own", async () => {
  const emulator = await localPlatform();
  emulator.holdDeployments();
  const inputs = { preview: 'isolated', 'project-uuid': '' };
  const started = startOnGitHub({ emulator, inputs, event: pullRequestEvent(emulator) });
  const { projectUuid } = await emulator.waitForDeployment(() => true);
  const made = emulator.projects.find(({ uuid }) => uuid === projectUuid);
  const host = `${made?.name}.localhost:8788`;
  made?.deploymentHostnames.push(host);
  emulator.releaseDeployment();
  expectHttp(await started.finished, emulator, host);
  expect(host).toMatch(/^storefront-[0-9a-f]{8}-pr-7\.localhost:8788$/);
  expect(hrefsOf(onlyComment(emulator).body)).toContain(`http://${host}/`);
});
