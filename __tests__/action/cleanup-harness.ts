/** What the tests of `preview-cleanup` share: a store with previews in it, and runs that are to delete some of them. */
import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import type { Emulator, EmulatorOptions } from '../../emulator/emulator.ts';
import type { Project } from '../../emulator/services/hosting/records.ts';
import type { FinishedRun, StartedRun } from '../../scripts/action-runner.ts';
import { earlierPayload } from './github-fault-helpers.ts';
import { type GitHubRun, githubPlatform, pullRequestEvent, startOnGitHub } from './github-harness.ts';
import { access, storefront } from './harness.ts';

/** As the README gives it: the base, 8 hex digits of SHA-256 over repository and base, the number. */
export function previewName(pullRequest: number, base = 'storefront', repository = 'acme/storefront'): string {
  const hash = createHash('sha256').update(`${repository}\n${base}`).digest('hex').slice(0, 8);
  const ending = `-${hash}-pr-${pullRequest}`;
  return `${base.slice(0, 32 - ending.length).replace(/[-_.]+$/, '')}${ending}`;
}

/** A platform whose pull request 7 is closed and has a preview, beside production's project. */
export async function closedPlatform(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await githubPlatform(options);
  emulator.github.addPullRequest({ number: 7, state: 'closed' });
  emulator.addProject(previewName(7));
  return emulator;
}

export const ON_SCHEDULE = { name: 'schedule', payload: {} } as const;

/** The payload of `pull_request` `closed`; a number that GitHub knows. */
export function closedEvent(emulator: Emulator, number = 7, name = 'pull_request') {
  const { payload } = pullRequestEvent(emulator, name, number);
  return { name, payload: { ...payload, action: 'closed' } };
}

export function startCleanup({ emulator, event, ...rest }: GitHubRun): StartedRun {
  const given = {
    emulator,
    reaching: access(emulator),
    workspace: storefront({}),
    event: event ?? closedEvent(emulator),
  };
  return startOnGitHub({ ...given, action: 'preview-cleanup', ...rest });
}

export async function cleanUp(run: GitHubRun): Promise<FinishedRun> {
  return await startCleanup(run).finished;
}

export async function sweepAll(run: GitHubRun): Promise<FinishedRun> {
  return await cleanUp({ event: ON_SCHEDULE, ...run });
}

export function namesOf(emulator: Emulator): string[] {
  return emulator.projects.map(({ name }) => name);
}

/** Requests that change something. */
export function writesTo(emulator: Emulator): string[] {
  return emulator.requests
    .filter(({ method, call }) => method !== 'GET' && call !== 'github.graphql')
    .map(({ call }) => call);
}

/** The run said how it ended, and what it deleted, everywhere alike. */
export function expectEnd(run: FinishedRun, outcome: string, deleted: readonly string[]): void {
  const isGreen = ['deleted', 'nothing', 'dry-run', 'skipped'].includes(outcome);
  expect({ stderr: run.stderr, exitCode: run.exitCode, outputs: run.outputs }).toEqual({
    stderr: '',
    exitCode: isGreen ? 0 : 1,
    outputs: expect.objectContaining({
      outcome,
      deleted: JSON.stringify(deleted),
      'deleted-count': String(deleted.length),
    }),
  });
  expect(run.lines.join('\n')).toContain(`Outcome: ${outcome}`);
  expect(run.annotations.filter(({ level }) => level === 'error')).toHaveLength(isGreen ? 0 : 1);
}

/** What a deployment of this preview has left on GitHub. */
export function addShown(emulator: Emulator, project: Project, pullRequest = 7) {
  const payload = earlierPayload(emulator, {
    project_uuid: project.uuid,
    project_name: project.name,
    pull_request: pullRequest,
    preview: 'isolated',
  });
  return emulator.github.addDeployment({ environment: 'preview', payload, statuses: ['in_progress', 'success'] });
}

/** The project that the preview of this pull request has in the store. */
export function projectOf(emulator: Emulator, pullRequest = 7): Project {
  const found = emulator.projects.find(({ name }) => name === previewName(pullRequest));
  if (found === undefined) throw new Error(`no preview of pull request ${pullRequest}`);
  return found;
}
