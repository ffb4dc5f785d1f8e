/** Which bundle a rollback takes, what it warns of, and what it offers instead. */
import { describe, expect, test } from '@jest/globals';
import { findSource } from '../../src/actions/rollback/find-source.ts';
import { offerOthers } from '../../src/actions/rollback/offer.ts';
import type { ProjectIdentity } from '../../src/domain/rollback.ts';
import type { BundleOrigin } from '../../src/inputs/rollback.ts';
import { createFakeRun } from '../fake-run.ts';
import { ACTIVE, FAILED, type Made, PROJECT, REPLACED, repository, type Stored } from './repository.ts';

const kept = (artifactId: number, one: Made, payload = {}): Made => ({
  ...one,
  payload: { artifactId, runId: String(artifactId), ...payload },
});

async function find(
  from: BundleOrigin,
  made: readonly Made[],
  stored: Stored,
  { project, environment = 'production' }: { project?: ProjectIdentity; environment?: string } = {},
) {
  const { github, history } = repository(made, stored);
  const run = createFakeRun();
  const { signal } = new AbortController();
  return await run.phase('Find the bundle', async (phase) => {
    const dependencies = { github, history, phase, run, signal, defaultBranch: 'main' };
    const source = await findSource({ from, environment }, project, dependencies);
    return { source, warnings: run.warnings, lines: run.lines };
  });
}

describe('by its run', () => {
  const made = [kept(11, REPLACED), kept(12, FAILED, { runId: '42' }), kept(13, ACTIVE)];
  const stored: Stored = { artifacts: { 11: {}, 12: { builtBy: undefined }, 13: {} } };

  test('a deployment that never succeeded is taken, with a warning that says so', async () => {
    const { source, warnings } = await find(
      { kind: 'run', id: 12 },
      [kept(11, REPLACED), kept(12, FAILED)],
      { artifacts: { 11: {}, 12: {} } },
      { project: PROJECT },
    );
    expect(source).toMatchObject({ deployment: { id: 2, states: [{ state: 'failure' }, {}] }, artifact: { id: 12 } });
    expect(warnings).toEqual([expect.stringContaining('GitHub deployment 2 never succeeded (its state is failure)')]);
  });

  test('one that GitHub does not know the maker of is refused, and others are offered', async () => {
    await expect(find({ kind: 'run', id: 42 }, made, stored, { project: PROJECT })).rejects.toMatchObject({
      title: 'Bundle of unknown origin',
      fix: expect.stringContaining('`from-deployment`: 1 (commit aaaaaaa, production, succeeded'),
    });
  });
});

describe('where nothing is known to be live', () => {
  const from = { kind: 'previous' } as const;
  const message = (ofProject: string, hint: string) =>
    `The environment production has no active GitHub deployment of this action${ofProject}: among the newest 500 there is none, so nobody knows what is live.${hint}`;

  test('the end names those that were, to choose from', async () => {
    await expect(find(from, [kept(11, REPLACED), kept(12, FAILED)], {}, { project: PROJECT })).rejects.toMatchObject({
      title: 'Nothing to roll back to',
      message: message(' of the project shop', ''),
      fix: expect.stringMatching(
        / The last ones that were live: GitHub deployment 1 \(.*, production, succeeded .*\)\.$/,
      ),
    });
    await expect(find(from, [], {})).rejects.toMatchObject({
      message: message('', ''),
      fix: expect.stringMatching(/`from-artifact`\.$/),
    });
  });

  test('a name finds none of the deployments that do not know theirs', async () => {
    const project = { uuid: undefined, name: 'Shop' };
    const named = kept(12, FAILED, { projectName: 'Other' });
    const hint = " 1 of its deployments do not know their project's name: `project-uuid` would find those.";
    await expect(find(from, [kept(11, ACTIVE), named], {}, { project })).rejects.toMatchObject({
      message: message(' of the project Shop', hint),
    });
    await expect(find(from, [named], {}, { project })).rejects.toMatchObject({
      message: message(' of the project Shop', ''),
    });
  });
});

describe('a bundle from elsewhere', () => {
  const preview: Made = { ...kept(11, ACTIVE, { projectName: 'shop-pr-7' }), environment: 'preview' };
  const from = { kind: 'deployment', id: 1 } as const;

  test.each<[string, ProjectIdentity, string]>([
    ['another project', { uuid: 'other', name: undefined }, 'production, project other'],
    ['another project by name', { uuid: 'other', name: 'Other' }, 'production, project Other'],
    ['another environment alone', PROJECT, 'production'],
  ])('for %s: the warning says where it goes', async (_, project, goesTo) => {
    const { source, warnings } = await find(from, [preview], { artifacts: { 11: {} } }, { project });
    expect(source).toMatchObject({ kind: 'promotion', projectName: project.name });
    expect(warnings).toEqual([
      expect.stringContaining(`The bundle was built for preview, project "shop-pr-7" (shop), and goes to ${goesTo}. `),
    ]);
  });

  test('needs a project that is named, and so does an artifact that no deployment names', async () => {
    await expect(find(from, [preview], { artifacts: { 11: {} } })).rejects.toMatchObject({
      title: 'Project not given',
      message: expect.stringContaining(
        'its bundle would be promoted, and not into its own project, "shop-pr-7" (shop)',
      ),
    });
    await expect(find({ kind: 'artifact', id: 12 }, [], { artifacts: { 12: {} } })).rejects.toMatchObject({
      title: 'Project not given',
      message: 'No GitHub deployment names artifact 12, so its project is unknown.',
    });
  });
});

describe('instead of a bundle that is gone', () => {
  async function offer(made: readonly Made[], stored: Stored) {
    const { github, history } = repository(made, stored);
    const run = createFakeRun();
    const request = { environment: 'production', kind: 'rollback', pullRequest: undefined } as const;
    return await run.phase('Find the bundle', async (phase) => {
      const { signal } = new AbortController();
      const text = await offerOthers(undefined, { github, history, signal, request, project: PROJECT, run, phase });
      return { text, debugLines: run.debugLines };
    });
  }

  test('only what is stored and would not be refused is offered', async () => {
    const made = [kept(11, REPLACED), kept(12, REPLACED), kept(13, REPLACED), kept(14, REPLACED), kept(15, ACTIVE)];
    const stored = { artifacts: { 11: {}, 12: {}, 13: { isExpired: true }, 15: {} }, runs: { 12: { isFork: true } } };
    const { text, debugLines } = await offer(made, stored);
    expect(text).toContain('`from-deployment`: 1 (commit aaaaaaa, production, succeeded 1970-01-01 00:00:00 UTC). Or');
    expect(debugLines).toEqual([expect.stringContaining('skipped: ')]);
  });

  test('what an unverified build has replaced is offered, as it is no longer live', async () => {
    const doubtful: Made = kept(12, { states: ['error: Live, but 1 of 1 page fails', 'in_progress'] });
    const { text } = await offer([kept(11, ACTIVE), doubtful], { artifacts: { 11: {}, 12: {} } });
    expect(text).toContain('`from-deployment`: 1 (');
    const live = await offer([kept(11, REPLACED), kept(12, ACTIVE)], { artifacts: { 11: {}, 12: {} } });
    expect(live.text).toContain('`from-deployment`: 1 (');
    expect(live.text).not.toContain('; 2 (');
  });

  test('nothing is, where all are gone', async () => {
    const { text } = await offer([kept(11, REPLACED), kept(12, ACTIVE)], { artifacts: { 12: {} } });
    expect(text).toBe(
      'No other earlier deployment of production has a bundle that is still stored. Build that commit again and deploy it.',
    );
  });
});
