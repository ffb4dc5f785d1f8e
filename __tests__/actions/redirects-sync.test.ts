import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DeadlineError } from '../../src/actions/deadline.ts';
import { planSite } from '../../src/actions/redirects/plan.ts';
import { syncSite } from '../../src/actions/redirects/sync.ts';
import type { RedirectRow } from '../../src/domain/redirects/redirect.ts';
import { httpError } from '../http-error.ts';
import { endOf } from './end-of.ts';
import { createWorld, FILE, makeRow } from './redirects-helpers.ts';
import { createStore, type Fault, type StoreOptions } from './redirects-store.ts';

const SITE = 7;
const OTHER_SITE = 8;

type Store = ReturnType<typeof createStore>;
type Targets = Readonly<Record<string, string>>;

interface Given {
  before: Targets;
  desired: Targets;
  deletes?: boolean;
  maxDeletes?: number;
  options?: StoreOptions;
}

function rowsOf(desired: Targets): RedirectRow[] {
  return Object.entries(desired).map(([path, url], index) => makeRow(path, url, index + 2));
}

function fill({ before, options = {} }: Pick<Given, 'before' | 'options'>): Store {
  const store = createStore(options);
  for (const [path, url] of Object.entries(before)) {
    store.put(SITE, { fromPath: path, target: { kind: 'manual', url } });
    store.put(OTHER_SITE, { fromPath: path, target: { kind: 'manual', url: `${url}/other` } });
  }
  return store;
}

async function run(
  store: Store,
  { desired, deletes = true, maxDeletes = 100 }: Omit<Given, 'before'>,
  command: 'plan' | 'sync' = 'sync',
) {
  const { dependencies, report } = createWorld({ client: store.client, rows: rowsOf(desired) });
  const task = { command, siteId: SITE, delete: deletes, maxDeletes } as const;
  const work = command === 'plan' ? planSite : syncSite;
  const error = await endOf(work({ file: FILE, timeoutMs: 60_000, task }, dependencies));
  return { error, report, applied: report.record().applied };
}

async function sync({ before, options = {}, ...given }: Given) {
  const store = fill({ before, options });
  return { store, ...(await run(store, given)) };
}

const paths = ['/a', '/b', '/c', '/d', '/e', '/f', '/g', '/h', '/i', '/j'];
const targets = fc.dictionary(fc.constantFrom(...paths), fc.constantFrom('/1', '/2', 'https://else.example/3'), {
  maxKeys: paths.length,
});
const faults = fc.array(fc.constantFrom<Fault>('none', 'lost-before', 'lost-after', 'half', 'rejected', 'too-large'), {
  maxLength: 8,
});

/** What a run with these arguments has to leave. */
function expected({ before, desired, deletes }: Required<Pick<Given, 'before' | 'desired' | 'deletes'>>): Targets {
  return deletes ? desired : { ...before, ...desired };
}

function countDone(before: Targets, desired: Targets, now: Targets, deletes: boolean): number {
  const upserts = Object.entries(desired).filter(([path, url]) => before[path] !== url && now[path] === url);
  const gone = Object.keys(before).filter((path) => deletes && !(path in desired) && !(path in now));
  return upserts.length + gone.length;
}

test('from any state to any desired state, whatever goes wrong on the way: a rerun finishes it, a third run does nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      targets,
      targets,
      fc.boolean(),
      faults,
      fc.array(fc.boolean(), { maxLength: 4 }),
      async (before, desired, deletes, given, listFaults) => {
        let look: () => void = () => {};
        const options = { faults: given, listFaults: [false, ...listFaults], afterWrite: () => look() };
        const store = fill({ before, options });
        const seen = new Set(Object.keys(before));
        look = () => {
          const now = store.targetsOf(SITE);
          for (const path of Object.keys(now)) seen.add(path);
          // No moment has a desired path without its redirect, once it had one.
          for (const path of Object.keys(desired)) if (seen.has(path)) expect(now).toHaveProperty([path]);
        };
        const first = await run(store, { desired, deletes });
        const now = store.targetsOf(SITE);
        const done = countDone(before, desired, now, deletes);
        const { added = 0, changed = 0, removed = 0, uncertain = 0, toDo = 0 } = first.applied ?? {};
        const report = added + changed + removed;
        expect(done).toBeGreaterThanOrEqual(report);
        expect(done).toBeLessThanOrEqual(report + uncertain);
        if (first.error === undefined) expect(report).toBe(toDo);
        else expect(first.error.outcome).toBe(report + uncertain > 0 ? 'partial' : 'error');

        const clean = fill({ before: {} });
        for (const [path, url] of Object.entries(now)) clean.put(SITE, makeRow(path, url));
        expect((await run(clean, { desired, deletes })).error).toBeUndefined();
        expect(clean.targetsOf(SITE)).toEqual(expected({ before, desired, deletes }));
        const writes = clean.writes;
        const again = await run(clean, { desired, deletes });
        expect({ error: again.error, writes: clean.writes }).toEqual({ error: undefined, writes });
        expect(again.report.notes()).toHaveLength(1);
        for (const [path, url] of Object.entries(before)) {
          expect(store.targetsOf(OTHER_SITE)).toHaveProperty([path], `${url}/other`);
        }
      },
    ),
    { numRuns: 300 },
  );
});

const spellings = fc.uniqueArray(fc.constantFrom('/a', '/A', '/b', '/B', '/c/', '/c', '/d', '/é', '/%C3%A9'), {
  selector: (path) => foldCase(path),
});
const foldCase = (path: string) => decodeURI(path).toLowerCase().replace(/\/$/, '');

test('a platform that takes several spellings for one path never loses a desired redirect, at no moment', async () => {
  await fc.assert(
    fc.asyncProperty(
      spellings,
      spellings,
      fc.boolean(),
      fc.boolean(),
      faults,
      async (old, wanted, keepsSpelling, answers, given) => {
        const before = Object.fromEntries(old.map((path, index) => [path, `/${index % 3}`]));
        const desired = Object.fromEntries(wanted.map((path, index) => [path, `/${index % 2}`]));
        let look: () => void = () => {};
        const options = { fold: foldCase, keepsSpelling, answers, faults: given, afterWrite: () => look() };
        const store = fill({ before, options });
        const there = new Set<string>();
        look = () => {
          for (const path of wanted) {
            if (store.find(SITE, path) !== undefined) there.add(path);
            else expect(there).not.toContain(path);
          }
        };
        look();
        for (let rerun = 0; rerun < 2 + given.length; rerun += 1) await run(store, { desired });
        for (const [path, url] of Object.entries(desired)) {
          expect(store.find(SITE, path)?.target).toEqual({ kind: 'manual', url });
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('a second sync changes nothing, and says so', async () => {
  const { store } = await sync({ before: { '/old': '/x' }, desired: { '/a': '/1' } });
  expect(store.targetsOf(SITE)).toEqual({ '/a': '/1' });
  const writes = store.writes;
  const { report } = await run(store, { desired: { '/a': '/1' } });
  expect(store.writes).toBe(writes);
  expect(report.notes()).toEqual(['The redirects of shop.example already match the file: nothing was changed.']);
  expect(report.backups).toEqual([]);
});

test('without `delete` nothing is deleted; with it, no more than `max-deletes`, and then nothing is written at all', async () => {
  const before = { '/a': '/1', '/b': '/1', '/c': '/1' };
  const kept = await sync({ before, desired: { '/d': '/1' }, deletes: false });
  expect(kept.store.targetsOf(SITE)).toEqual({ ...before, '/d': '/1' });
  const guarded = await sync({ before, desired: { '/d': '/1' }, maxDeletes: 2 });
  expect(guarded.error).toMatchObject({ title: 'More deletions than allowed', outcome: 'error' });
  expect(guarded.store.writes).toBe(0);
  const allowed = await sync({ before, desired: { '/d': '/1' }, maxDeletes: 3 });
  expect(allowed.store.targetsOf(SITE)).toEqual({ '/d': '/1' });
});

test('the backup has all that the site had, and is there before the first write', async () => {
  const { report, store } = await sync({
    before: { '/a': '/1', '/b': '/1' },
    desired: { '/a': '/2' },
    options: { faults: ['rejected'] },
  });
  expect(store.targetsOf(SITE)).toEqual({ '/a': '/1', '/b': '/1' });
  expect(report.backups).toMatchObject([
    { domain: 'shop.example', redirects: [{ fromPath: '/a' }, { fromPath: '/b' }] },
  ]);
});

test('too large is halved; a single one that is too large is reported', async () => {
  const desired = Object.fromEntries(paths.map((path) => [path, '/1']));
  const { store, error } = await sync({ before: {}, desired, options: { maxUpserts: 1 } });
  expect(error).toBeUndefined();
  expect(store.writes).toBe(paths.length);
  const never = await sync({ before: {}, desired, options: { maxUpserts: 0 } });
  expect(never.error?.message).toContain('It concerns line 2 (/a). None of 10 changes was made.');
});

test('one redirect that is rejected is found among those of its batch, by its line', async () => {
  const desired = Object.fromEntries(paths.map((path) => [path, '/1']));
  const store = fill({ before: {}, options: { maxUpserts: 100 } });
  const { upsertRedirects } = store.client;
  const error = httpError(422, 'Rejected.');
  store.client.upsertRedirects = async (siteId, rows) =>
    rows.some(({ fromPath }) => fromPath === '/g') || upsertRedirects === undefined
      ? { kind: 'rejected', error }
      : await upsertRedirects(siteId, rows);
  const rejected = await run(store, { desired });
  expect(rejected.error?.message).toMatch(/^Rejected\. It concerns line 8 \(\/g\)\. 6 of 10 changes were made/);
});

test('a rejection that is about no redirect blames none, and its end follows from what to do about it', async () => {
  const store = fill({ before: {}, options: { maxUpserts: 100 } });
  const error = httpError(403, 'No.', { fix: 'Add the scope.' });
  const { upsertRedirects } = store.client;
  store.client.upsertRedirects = async (siteId, rows) =>
    store.writes > 0 || upsertRedirects === undefined
      ? { kind: 'rejected', error }
      : await upsertRedirects(siteId, rows);
  const desired = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`/${index}`, '/to']));
  const rejected = await run(store, { desired });
  expect(rejected.error?.message).toBe(
    'No. 50 of 51 changes were made: 50 added, 0 changed, 0 deleted. 1 was not made.',
  );
  expect(rejected.error?.fix).toBe('Add the scope. The next run reads the site again and does the rest.');
});

test('a batch whose answer was lost, and a list that cannot be read: what may have been done is said to be unknown', async () => {
  const { error, applied } = await sync({
    before: {},
    desired: { '/a': '/1', '/b': '/1' },
    options: { faults: ['lost-after'], listFaults: [false, true] },
  });
  expect(error?.outcome).toBe('partial');
  expect(error?.message).toContain('0 of 2 changes were made');
  expect(error?.message).toContain('It is not known whether 2 more were made.');
  expect(applied).toEqual({ added: 0, changed: 0, removed: 0, toDo: 2, uncertain: 2 });
});

test('what the platform took and does not list keeps everything from being deleted', async () => {
  const store = fill({ before: { '/old': '/x' }, options: { answers: false } });
  const { upsertRedirects } = store.client;
  // Takes it, and drops it.
  store.client.upsertRedirects = async () => ({ kind: 'done', redirects: [] });
  const { error } = await run(store, { desired: { '/a': '/1' } });
  expect(upsertRedirects).toBeDefined();
  expect(error).toMatchObject({ title: 'Redirects are missing after the write', outcome: 'partial' });
  expect(store.deleted).toEqual([]);
});

test('a target that the platform keeps otherwise than it was sent is warned of', async () => {
  const store = fill({ before: {} });
  store.client.upsertRedirects = async (siteId, rows) => ({
    kind: 'done',
    redirects: rows.map(({ fromPath }) => store.put(siteId, makeRow(fromPath, '/else'))),
  });
  const { report } = await run(store, { desired: { '/a': '/1' } });
  expect(report.warnings.join()).toContain('a different target for /a than was sent');
});

test('plan warns where sync would not start, and writes nothing', async () => {
  const store = fill({ before: { '/a': '/1', '/b': '/1' } });
  const { error, report } = await run(store, { desired: { '/c': '/1' }, maxDeletes: 1 }, 'plan');
  expect(error).toBeUndefined();
  expect(report.warnings).toEqual([
    expect.stringContaining('The redirects of site 7 do not show its domain'),
    '`sync` would not start: 2 redirects of shop.example would be deleted, but `max-deletes` allows 1.',
  ]);
  expect(report.results.at(-1)).toBe('1 to add, 0 to change, 2 to remove, 0 unchanged');
  expect(store.writes).toBe(0);
});

test('a loop of a row with a redirect that stays is rejected, unless that redirect is deleted', async () => {
  const given = { before: { '/a': '/b' }, desired: { '/b': '/a' } };
  for (const command of ['plan', 'sync'] as const) {
    const store = fill(given);
    const { error } = await run(store, { ...given, deletes: false }, command);
    expect(error?.title).toBe('The site would have loops');
    expect(store.writes).toBe(0);
  }
  expect((await sync(given)).error).toBeUndefined();
});

test('a path that the platform keeps in another spelling is reported, also where nothing is deleted', async () => {
  const options = { fold: foldCase, keepsSpelling: true };
  const { error, report } = await sync({ before: { '/a': '/1' }, desired: { '/a/': '/2' }, deletes: false, options });
  expect(error).toBeUndefined();
  expect(report.warnings).toEqual([expect.stringContaining('stores 1 redirect (/a/) under another spelling')]);
});

test.each([
  ['plan', true, 1],
  ['sync', true, 1],
  ['sync', false, 0],
] as const)(
  'an empty file that takes all redirects of the site away is warned of: %s, delete %s',
  async (command, deletes, warnings) => {
    const store = fill({ before: { '/a': '/1', '/b': '/2' } });
    const { report } = await run(store, { desired: {}, deletes }, command);
    expect(report.warnings.filter((text) => text.includes('all 2 of site 7 are deleted'))).toHaveLength(warnings);
  },
);

test('a site that cannot be read in time: the end says that nothing was changed, and what to do', async () => {
  const store = fill({ before: { '/a': '/b' } });
  store.client.listRedirects = async () => Promise.reject(new DeadlineError(60_000));
  for (const command of ['plan', 'sync'] as const) {
    expect((await run(store, { desired: { '/a': '/c' } }, command)).error).toMatchObject({
      title: 'Time is up',
      message:
        'The time of this run is up: 1 min (`timeout-minutes`). Not all redirects of site 7 were read by then, and nothing was changed.',
      fix: 'Run the job again; if it always takes this long, raise `timeout-minutes`.',
    });
  }
});

test.each([
  ['too-large', 413, '4 redirects are too many for one request (413): sending 2 at a time from now on.'],
  ['rejected', 422, '4 redirects were rejected together: sending 2 at a time from now on.'],
] as const)('what is %s is sent in halves, and the log says why', async (kind, status, line) => {
  const store = fill({ before: {} });
  const { upsertRedirects } = store.client;
  store.client.upsertRedirects = async (siteId, all) =>
    all.length > 2 ? { kind, error: httpError(status, 'No.') } : ((await upsertRedirects?.(siteId, all)) as never);
  const desired = { '/a': '/1', '/b': '/2', '/c': '/3', '/d': '/4' };
  const { error, report, applied } = await run(store, { desired });
  expect({ error, added: applied?.added }).toEqual({ error: undefined, added: 4 });
  expect(report.lines).toContain(line);
});
