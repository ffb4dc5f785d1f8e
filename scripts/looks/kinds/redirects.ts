import type { FinishedRun } from '../../action-runner.ts';
import { pullRequestEvent } from '../../demo-platform.ts';
import { writeFiles } from '../../faults/scenarios/files.ts';
import type { Kind, Stage, StageRun } from '../kind.ts';
import { cancelAt } from './deploying.ts';

const FILE = 'redirects.csv';
const HEADER = 'Domain,Old Path,Manual URL/Path,Dynamic Target Type,Dynamic Target ID';
const SITE_ID = 1000;

/** What the store has; the file's rows make of it +2 ~1 −1. */
const BEFORE = {
  '/old-shoes': '/shoes',
  '/press': 'https://press.example.com/',
  '/summer-sale': '/sale',
  '/shipping-info': '/shipping',
};
const ROWS = [
  '/old-shoes,/shoes,,',
  '/press,https://newsroom.example.com/,,',
  '/rain-boot,,Product,12',
  '/shipping-info,/shipping,,',
  '/winter-boots,/boots,,',
];

/** So many rows: `/old-1` leads to `/new-1`. */
function manyRows(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `/old-${index + 1},/new-${index + 1},,`);
}

function start(stage: Stage, command: string, rows: readonly string[], { inputs, ...rest }: StageRun = {}) {
  const lines = rows.map((row) => `store.example.com,${row}`);
  writeFiles(stage.workspace, { [FILE]: `${[HEADER, ...lines].join('\n')}\n` });
  return stage.start({ action: 'redirects', ...rest, inputs: { command, file: FILE, ...inputs } });
}

async function play(stage: Stage, command: string, rows: readonly string[], options?: StageRun): Promise<FinishedRun> {
  return await start(stage, command, rows, options).finished;
}

const SITE = { 'site-id': `${SITE_ID}`, delete: 'true' };

function addRedirects({ emulator }: Stage, before: Readonly<Record<string, string>> = BEFORE): void {
  emulator.redirects.add(...Object.entries(before).map(([fromPath, to]) => ({ fromPath, to, siteId: SITE_ID })));
}

async function plan(stage: Stage, rows: readonly string[], inputs: Record<string, string> = SITE) {
  return await play(stage, 'plan', rows, { event: pullRequestEvent(stage.emulator), inputs });
}

async function sync(stage: Stage, rows: readonly string[], inputs: Record<string, string> = SITE) {
  return await play(stage, 'sync', rows, { inputs });
}

/** Of all sorts, and more than are listed. */
const BAD_ROWS = [
  'old,/b,,',
  '/a,/b,Product,12',
  '/c,,Video,12',
  '/d,/d,,',
  '/e,/f,,',
  '/f,/e,,',
  '/g,,,',
  ...Array.from({ length: 60 }, (_, index) => `old-${index},/new,,`),
];

const LONG_PATH = `/a-category/of-products/${'with-a-long-name-'.repeat(12)}`;

export const REDIRECTS_KINDS: readonly Kind[] = [
  {
    name: 'redirects/import',
    outcome: 'complete',
    play: async (stage) => await play(stage, 'import', ROWS),
  },
  {
    name: 'redirects/import, rows rejected',
    outcome: 'partial',
    play: async (stage) => {
      stage.emulator.redirects.rejectRows((_row, cells) =>
        cells[4] === '12' ? 'There is no product with the id 12.' : undefined,
      );
      return await play(stage, 'import', [...ROWS, '/rubber-boot,,Product,12']);
    },
  },
  {
    name: 'redirects/import, 300 rows rejected',
    outcome: 'partial',
    play: async (stage) => {
      stage.emulator.redirects.rejectRows((row) =>
        row > 10 ? 'The target of this row is not known to the store.' : undefined,
      );
      return await play(stage, 'import', manyRows(310));
    },
  },
  {
    name: 'redirects/import, chains',
    outcome: 'complete',
    isLong: 'it has warnings',
    play: async (stage) => await play(stage, 'import', ['/a,/b,,', '/b,/c,,', '/c,/d,,', '/x,/y,,']),
  },
  {
    name: 'redirects/bad CSV',
    outcome: 'error',
    play: async (stage) => await play(stage, 'import', BAD_ROWS),
  },
  {
    name: 'redirects/bad CSV on a pull request',
    outcome: 'error',
    play: async (stage) => await plan(stage, BAD_ROWS),
  },
  {
    name: 'redirects/export',
    outcome: 'complete',
    play: async (stage) => {
      addRedirects(stage);
      return await stage.run({ action: 'redirects', inputs: { command: 'export', file: 'exported.csv' } });
    },
  },
  {
    name: 'redirects/plan',
    outcome: 'planned',
    isLong: 'it shows each change',
    play: async (stage) => {
      addRedirects(stage);
      return await plan(stage, ROWS);
    },
  },
  {
    name: 'redirects/plan without changes',
    outcome: 'unchanged',
    play: async (stage) => {
      addRedirects(stage, { '/old-shoes': '/shoes' });
      return await plan(stage, ['/old-shoes,/shoes,,']);
    },
  },
  {
    name: 'redirects/plan that keeps what the file lacks',
    outcome: 'planned',
    isLong: 'it shows each change',
    play: async (stage) => {
      addRedirects(stage);
      return await plan(stage, ROWS, { 'site-id': `${SITE_ID}` });
    },
  },
  {
    name: 'redirects/plan of 1,000 changes',
    outcome: 'planned',
    isLong: 'the plan has many lines',
    play: async (stage) => {
      addRedirects(stage);
      return await plan(stage, [...ROWS, ...manyRows(1000)]);
    },
  },
  {
    name: 'redirects/plan of long paths',
    outcome: 'planned',
    isLong: 'its lines are long',
    play: async (stage) => {
      addRedirects(stage, { [`${LONG_PATH}1`]: `${LONG_PATH}2`, '/größe/日本語のページ': '/サイズ' });
      return await plan(stage, [`${LONG_PATH}1,${LONG_PATH}3,,`, '/größe/日本語のページ,/größen,,', '/short,/path,,']);
    },
  },
  {
    name: 'redirects/plan that a sync would refuse',
    outcome: 'planned',
    isLong: 'it has a warning',
    play: async (stage) => {
      addRedirects(stage);
      return await plan(stage, ROWS, { ...SITE, 'max-deletes': '0' });
    },
  },
  {
    name: 'redirects/sync',
    outcome: 'complete',
    isLong: 'it shows each change',
    play: async (stage) => {
      addRedirects(stage);
      return await sync(stage, ROWS);
    },
  },
  {
    name: 'redirects/sync with nothing to do',
    outcome: 'unchanged',
    play: async (stage) => {
      addRedirects(stage, { '/old-shoes': '/shoes' });
      return await sync(stage, ['/old-shoes,/shoes,,']);
    },
  },
  {
    name: 'redirects/sync, too many to remove',
    outcome: 'error',
    play: async (stage) => {
      addRedirects(stage);
      return await sync(stage, ROWS, { ...SITE, 'max-deletes': '0' });
    },
  },
  {
    name: 'redirects/sync, some of it refused',
    outcome: 'partial',
    play: async (stage) => {
      addRedirects(stage);
      stage.emulator.addFault({ call: 'deleteRedirects', effect: 'status', status: 422, times: 'always' });
      return await sync(stage, ROWS);
    },
  },
  ...([401, 403] as const).map(
    (status): Kind => ({
      name: `redirects/${status}`,
      outcome: 'error',
      play: async (stage) => {
        stage.emulator.addFault({ call: 'listRedirects', effect: 'status', status, times: 'always' });
        return await sync(stage, ROWS);
      },
    }),
  ),
  {
    name: 'redirects/bad inputs',
    outcome: 'error',
    play: async (stage) =>
      await play(stage, 'merge', ROWS, { inputs: { 'site-id': 'shop', 'timeout-minutes': 'ten' } }),
  },
  {
    name: 'redirects/cancelled',
    outcome: 'cancelled',
    play: async (stage) => {
      addRedirects(stage);
      stage.emulator.addFault({ call: 'upsertRedirects', effect: 'hang', times: 'always' });
      return await cancelAt(stage, start(stage, 'sync', ROWS, { inputs: SITE }), 'upsertRedirects');
    },
  },
  {
    name: 'redirects/skipped, of a fork',
    outcome: 'skipped',
    play: async (stage) => {
      stage.emulator.github.addPullRequest({ number: 7, headRepository: 'mona/storefront' });
      return await plan(stage, ROWS, { ...SITE, 'access-token': '' });
    },
  },
];
