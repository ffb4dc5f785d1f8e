/** The redirects of a store, from a file in the repository. */
import assert from 'node:assert/strict';
import type { Emulator } from '../../../emulator/emulator.ts';
import type { Case } from '../case.ts';
import { expectGreen, expectJobs, stepOf } from '../expect.ts';
import { examplePath, readMarkdownWorkflow } from '../written-workflows.ts';

const HEADER = 'Domain,Old Path,Manual URL/Path,Dynamic Target Type,Dynamic Target ID';
const csvOf = (...rows: readonly string[]) =>
  [HEADER, ...rows.map((row) => `store.example.com,${row},,`), ''].join('\n');
const SITE = 1000;

export const REDIRECTS: readonly Case[] = [
  {
    name: 'the four commands of redirects',
    files: { 'redirects.csv': csvOf('/old-1,/new-1', '/old-2,/new-2', '/old-3,/new-3') },
    play: async (stage) => {
      const run = await stage.runFixture('redirects.yml', stage.events.byHand());
      expectJobs(run, { redirects: 'success' });
      expectGreen(stepOf(run, 'redirects', 'import'), 'complete', { completed: '3', failed: '0', total: '3' });
      expectGreen(stepOf(run, 'redirects', 'export'), 'complete', { file: /\/exported\.csv$/ });
      const changes = { added: '1', changed: '1', removed: '1', unchanged: '1' };
      expectGreen(stepOf(run, 'redirects', 'plan'), 'planned', changes);
      expectGreen(stepOf(run, 'redirects', 'sync'), 'complete', { ...changes, 'backup-file': /./ });
      assert.deepEqual(stored(stage.emulator), ['/old-1 → /newer-1', '/old-3 → /new-3', '/old-9 → /new-9']);
      const backup = stepOf(run, 'redirects', 'Read the backup').lines.join('\n');
      for (const row of ['/old-1,/new-1', '/old-2,/new-2']) assert.ok(backup.includes(row), backup);
    },
  },
  {
    name: "redirects.yml for a fork's pull request: its file is checked",
    covers: ['redirects.yml'],
    files: { 'redirects.csv': csvOf('/old,/new') },
    play: async (stage) => {
      const event = stage.events.pullRequest('opened', 'mona/storefront');
      const run = await stage.run(examplePath('redirects.yml'), event);
      expectGreen(ours(run), 'skipped', { 'skipped-reason': 'fork' });
      assert.deepEqual(stage.emulator.requests, []);
    },
  },
  ...['redirects.yml', 'redirects/README.md'].map(
    (written): Case => ({
      name: `${written}: a plan on a pull request, a sync on main`,
      covers: [written],
      files: { 'redirects.csv': csvOf('/old,/new') },
      play: async (stage) => {
        const { emulator, events } = stage;
        const site = { siteId: SITE, to: { type: 'url' as const, url: '/gone' } };
        emulator.redirects.add({ ...site, fromPath: '/gone-soon' });
        const path = written.endsWith('.yml')
          ? examplePath(written)
          : stage.writeWorkflow('redirects.yml', readMarkdownWorkflow(written));
        const plan = await stage.run(path, events.pullRequest());
        const changes = { added: '1', changed: '0', removed: '1', unchanged: '0' };
        expectGreen(ours(plan), 'planned', changes);
        assert.equal(emulator.github.comments.length, 1);
        assert.deepEqual(stored(emulator), ['/gone-soon → /gone']);

        const sync = await stage.run(path, events.push());
        expectGreen(ours(sync), 'complete', changes);
        assert.deepEqual(stored(emulator), ['/old → /new']);
        assert.deepEqual(
          emulator.artifacts.list.map(({ name }) => name),
          ['redirects-backup'],
        );
        const again = await stage.run(path, events.push());
        expectGreen(ours(again), 'unchanged');
        assert.equal(again.exitCode, 0);
      },
    }),
  ),
];

function ours(run: Parameters<typeof stepOf>[0]) {
  const [job] = run.jobs;
  assert.deepEqual(
    run.jobs.map(({ result }) => result),
    ['success'],
  );
  return stepOf(run, job?.id ?? '', 'redirects@');
}

function stored({ redirects }: Emulator): string[] {
  return redirects.list.map(({ fromPath, to }) => `${fromPath} → ${to.type === 'url' ? to.url : to.entity_id}`).sort();
}
