/** Each pull request deploys into a project of its own, whose name says whose it is. */
import { describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { pushCommit, wordsOf } from './github-comment-reading.ts';
import {
  githubCallsOf,
  githubPlatform,
  onGitHub,
  onPullRequest,
  ownComments,
  PULL_REQUEST,
  pullRequestEvent,
} from './github-harness.ts';
import { callsOf, failureOf, storefront, writeWorkspaceFile } from './harness.ts';

const ISOLATED = { preview: 'isolated', 'project-uuid': '' };
const NAME = /^storefront-[0-9a-f]{8}-pr-7$/;

function projectsOf(emulator: Emulator): string[] {
  return emulator.projects.map(({ name }) => name);
}

test('a pull request gets a project of its own, which its next push uses again', async () => {
  const emulator = await githubPlatform();
  const before = projectsOf(emulator);
  const first = await onPullRequest({ emulator, inputs: ISOLATED });
  expect(first.exitCode).toBe(0);
  const made = emulator.projects.find(({ name }) => !before.includes(name));
  expect(made?.name).toMatch(NAME);
  expect(first.outputs['project-uuid']).toBe(made?.uuid);
  pushCommit(emulator, 'b');
  const second = await onPullRequest({ emulator, inputs: ISOLATED });
  expect(second.outputs['project-uuid']).toBe(made?.uuid);
  expect(callsOf(emulator).filter((call) => call === 'createProject')).toHaveLength(1);
  expect(emulator.deployments.map(({ projectUuid }) => projectUuid)).toEqual([made?.uuid, made?.uuid]);
  expect(emulator.github.deployments.map(({ state }) => state)).toEqual(['inactive', 'success']);
  expect(emulator.github.deployments[1]?.payload).toMatchObject({ preview: 'isolated', project_name: made?.name });
  const [comment, ...others] = ownComments(emulator);
  expect(others).toEqual([]);
  expect(wordsOf(comment?.body ?? '')).toContain('This address is this pull request’s own');
});

test('two pull requests do not share one', async () => {
  const emulator = await githubPlatform();
  emulator.github.addPullRequest({ number: 8 });
  await onPullRequest({ emulator, inputs: ISOLATED });
  await onGitHub({ emulator, inputs: ISOLATED, event: pullRequestEvent(emulator, 'pull_request', 8) });
  expect(new Set(emulator.deployments.map(({ projectUuid }) => projectUuid)).size).toBe(2);
  expect(emulator.github.deployments.map(({ state }) => state)).toEqual(['success', 'success']);
  expect(projectsOf(emulator).filter((name) => /-pr-[78]$/.test(name))).toHaveLength(2);
});

test.each([
  ['100 characters', 'a-very-long-name-'.repeat(6).slice(0, 100), /^a-very-long-name-a-[0-9a-f]{8}-pr-7$/],
  ['1 character', 'x', /^x-[0-9a-f]{8}-pr-7$/],
])('a base name of %s gives a name that the platform takes', async (_, base, name) => {
  const emulator = await githubPlatform();
  const run = await onPullRequest({ emulator, inputs: { ...ISOLATED, 'preview-base-name': base } });
  expect(run.outputs['outcome']).toBe('deployed');
  const made = projectsOf(emulator).filter((one) => name.test(one));
  expect(made).toHaveLength(1);
  expect(made[0]?.length).toBeLessThanOrEqual(32);
});

test('a uuid that only the environment and project.json name is ignored', async () => {
  const emulator = await githubPlatform();
  const [production] = emulator.projects;
  const workspace = storefront();
  writeWorkspaceFile(workspace, '.bigcommerce/project.json', JSON.stringify({ projectUuid: production?.uuid }));
  const env = { CATALYST_PROJECT_UUID: production?.uuid ?? '' };
  const isolated = await onPullRequest({ emulator, workspace, env, inputs: ISOLATED });
  expect(isolated.exitCode).toBe(0);
  expect(emulator.deployments.map(({ projectUuid }) => projectUuid)).not.toContain(production?.uuid);
  const shared = await onPullRequest({ emulator, workspace, env, inputs: { preview: 'shared', 'project-uuid': '' } });
  expect(failureOf(shared).message).toMatch(/preview: It is "shared", and no input names the project/);
  expect(emulator.deployments).toHaveLength(1);
});

describe('refused before anything is sent', () => {
  test.each([
    ['a project beside it', { preview: 'isolated' }, /project-uuid: It is given together with `preview: isolated`/],
    ['a project name beside it', { ...ISOLATED, 'project-name': 'a-shop' }, /project-name: It is given together/],
    ['production as environment', { ...ISOLATED, environment: 'Production' }, /environment: It is "production"/],
    ['an unknown kind', { preview: 'true' }, /preview: "true" is not one of the choices/],
    ['a base of nothing', { ...ISOLATED, 'preview-base-name': '-._' }, /preview-base-name: "-\._" cannot begin/],
    ['a base with a slash', { ...ISOLATED, 'preview-base-name': 'a/b' }, /preview-base-name: "a\/b" cannot begin/],
  ])('%s', async (_, inputs, message) => {
    const emulator = await githubPlatform();
    const run = await onPullRequest({ emulator, inputs });
    expect(failureOf(run).message).toMatch(message);
    expect(callsOf(emulator).filter((call) => !call.startsWith('github.'))).toEqual([]);
  });

  test.each(['isolated', 'shared'])('an event without a pull request (%s)', async (preview) => {
    const emulator = await githubPlatform();
    const run = await onGitHub({ emulator, inputs: preview === 'shared' ? { preview } : ISOLATED });
    expect(failureOf(run).message).toContain(
      `It is "${preview}", and the event that started this run has no pull request.`,
    );
    expect(callsOf(emulator)).toEqual([]);
  });
});

test('a pull request that an input names will do', async () => {
  const emulator = await githubPlatform();
  const run = await onGitHub({ emulator, inputs: { ...ISOLATED, 'pull-request': String(PULL_REQUEST) } });
  expect(run.exitCode).toBe(0);
  expect(projectsOf(emulator).some((name) => NAME.test(name))).toBe(true);
});

test('the message about a store with as many projects as it may have names the cleanup, and nothing is shown as deployed', async () => {
  const emulator = await githubPlatform({ projectLimit: 1 });
  const run = await onPullRequest({ emulator, inputs: ISOLATED });
  expect(run.exitCode).toBe(1);
  const { message } = failureOf(run);
  expect(message).toContain('limit of 1 projects');
  expect(message).toMatch(/What to do: The number of projects .* `preview-cleanup`/);
  expect(emulator.deployments).toEqual([]);
  expect(githubCallsOf(emulator)).not.toContain('github.createDeployment');
});
