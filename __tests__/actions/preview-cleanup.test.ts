/** The last guards, against a platform that answers otherwise than it is asked: nothing here is reachable by its own faults. */
import { expect, test } from '@jest/globals';
import { cleanUpPreviews } from '../../src/actions/preview-cleanup/cleanup.ts';
import type { HostingClient, Project } from '../../src/bigcommerce/hosting.ts';
import { createPreviewName } from '../../src/domain/preview-name.ts';
import { ActionError } from '../../src/errors.ts';
import type { GitHub } from '../../src/github/github.ts';
import type { CleanupInputs, CleanupTarget } from '../../src/inputs/preview-cleanup.ts';
import type { CleanupEvent } from '../../src/report/cleanup-record.ts';
import { createFakeRun } from '../fake-run.ts';

const NAMING = { base: 'shop', hash: '0a1b2c3d' };
const EVENT = {
  repository: 'acme/shop',
  serverUrl: 'https://github.com',
  name: 'schedule',
  actor: 'mona',
  runId: '1',
  runAttempt: '1',
  sha: '',
  refName: 'main',
  branch: undefined,
  defaultBranch: undefined,
  action: undefined,
  followedRun: undefined,
  commentedPullRequest: undefined,
  isPullRequest: false,
  pullRequest: undefined,
};

interface Store {
  lists: readonly Project[];
  /** What a deletion answers. */
  answers?: HostingClient['deleteProject'];
  dryRun?: boolean;
  /** Filled with those of the log. */
  lines?: string[];
}

/** Runs against a store that lists these projects, whatever it is asked for. */
async function run(
  target: CleanupTarget,
  { lists, answers = async () => 'deleted', dryRun = false, lines = [] }: Store,
) {
  const deleted: string[] = [];
  const hosting = {
    findProjects: async () => [...lists],
    listProjects: async () => [...lists],
    deleteProject: async (uuid: string) => {
      deleted.push(uuid);
      return await answers(uuid);
    },
  } as unknown as HostingClient;
  const github = {
    readPullRequestState: async (number: number) => ({
      ...{ number, state: 'closed', isPullRequest: true },
      createdAt: '2026-01-02T03:04:05Z',
    }),
  } as unknown as GitHub;
  const events = createFakeRun<CleanupEvent>();
  const inputs: CleanupInputs = {
    storeHash: 'abc',
    accessToken: 'token',
    apiOrigin: 'https://api.example',
    naming: NAMING,
    target,
    environment: 'preview',
    dryRun,
    github: { token: 'token', commentGroup: undefined },
  };
  const { signal } = new AbortController();
  const uncertain = new Map();
  const known = { hosting, github, event: EVENT, run: events, uncertain, githubCleanup: undefined, signal };
  const error = await cleanUpPreviews(inputs, known).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  lines.push(...events.lines);
  const previews = new Map(events.eventsOf('preview-updated').map((one) => [one.uuid, one.fate]));
  return { deleted, error, fates: [...previews.values()] };
}

const ONE: CleanupTarget = { kind: 'one', pullRequest: 7 };
const SWEEP: CleanupTarget = { kind: 'sweep' };
const preview = (number: number, uuid = `uuid-${number}`): Project => ({
  uuid,
  name: createPreviewName(NAMING, number),
});

test('a store that gives production for the name of the preview: it stays', async () => {
  for (const name of [
    'production',
    'shop',
    createPreviewName(NAMING, 8),
    createPreviewName({ ...NAMING, hash: 'ffffffff' }, 7),
  ]) {
    const { deleted, error, fates } = await run(ONE, { lists: [{ uuid: 'u', name }] });
    expect(deleted).toEqual([]);
    expect(error).toBeInstanceOf(ActionError);
    expect((error as ActionError).message).toContain('is not the preview of pull request #7: it stays');
    expect(fates).toEqual(['failed']);
  }
});

test('a store that lists everything for the search of a sweep: only previews go', async () => {
  const lists = [{ uuid: 'p', name: 'production' }, preview(7), { uuid: 'q', name: 'shop-pr-7' }, preview(9)];
  expect(await run(SWEEP, { lists })).toEqual({
    deleted: ['uuid-7', 'uuid-9'],
    error: undefined,
    fates: ['gone', 'gone'],
  });
});

test('a dry run of a sweep names what would be deleted, and deletes nothing', async () => {
  const lines: string[] = [];
  const { deleted, fates } = await run(SWEEP, { lists: [preview(7), preview(9)], dryRun: true, lines });
  expect({ deleted, fates }).toEqual({ deleted: [], fates: ['would-go', 'would-go'] });
  for (const number of [7, 9]) {
    const line = `${preview(number).name}: would be deleted, pull request #${number} is closed`;
    expect(lines.filter((one) => one === line)).toEqual([line]);
  }
});

test('the same project on two pages is one, another one of its name is two', async () => {
  const { deleted, error } = await run(SWEEP, { lists: [preview(7), preview(7, 'other'), preview(9)] });
  expect(deleted).toEqual(['uuid-9']);
  expect((error as ActionError).title).toBe('Project name not unique');
});

test('a project of the same name that was made anew is not the one that was deleted', async () => {
  const missing = new ActionError('answered 404.');
  const lists = [preview(7)];
  const answers = async () => {
    lists[0] = preview(7, 'made-anew');
    return { missing };
  };
  const { deleted, error, fates } = await run(ONE, { lists, answers });
  expect({ deleted, error, fates }).toEqual({ deleted: ['uuid-7'], error: undefined, fates: ['gone'] });
});

test.each(['missing', 'uncertain'] as const)(
  '%s, and still listed: not deleted, in the words of the refusal',
  async (kind) => {
    const refusal = new ActionError('It answered so.', { fix: 'Do that.', title: 'Its title', isRequest: true });
    const answers = (async () => ({ [kind]: refusal })) as unknown as HostingClient['deleteProject'];
    const { error, fates } = await run(ONE, { lists: [preview(7)], answers });
    expect(error).toMatchObject({
      title: 'Its title',
      fix: 'Do that.',
      isRequest: true,
      message: expect.stringContaining('It answered so.'),
    });
    expect(fates).toEqual(['failed']);
  },
);
