import { pullRequestEvent } from '../../demo-platform.ts';
import type { Scenario, Stage } from '../scenario.ts';
import { writeFiles } from './files.ts';
import { CHANGES_SITE, ESSENTIAL, JOB_EVENTS, MADE_ON_GITHUB, ON_GITHUB, STARTS_JOB, UNTIL_VERDICT } from './rules.ts';

const HEADER = 'Domain,Old Path,Manual URL/Path,Dynamic Target Type,Dynamic Target ID';
const FILE = 'redirects.csv';
const SITE_ID = 1000;

function writeRows(workspace: string): void {
  const rows = [1, 2, 3].map((number) => `store.example.com,/old-${number},/new-${number},,`);
  writeFiles(workspace, { [FILE]: `${[HEADER, ...rows].join('\n')}\n` });
}

/** One to change, one to remove; two of the file's are to be added. */
function addRedirects({ emulator }: Stage): void {
  emulator.redirects.add(
    { fromPath: '/old-1', to: '/elsewhere', siteId: SITE_ID },
    { fromPath: '/gone', to: '/new-9', siteId: SITE_ID },
  );
}

const INPUTS = { file: FILE, 'timeout-minutes': '1' };

export const REDIRECTS_SCENARIOS: readonly Scenario[] = [
  {
    name: 'redirects import',
    outcome: 'complete',
    prepare: async ({ workspace }) => {
      writeRows(workspace);
      return { action: 'redirects', inputs: { ...INPUTS, command: 'import' } };
    },
    calls: {
      importRedirects: STARTS_JOB,
      importEvents: JOB_EVENTS,
    },
  },
  {
    name: 'redirects import without events',
    outcome: 'complete',
    prepare: async ({ emulator, workspace }) => {
      writeRows(workspace);
      emulator.addFault({ call: 'importEvents', effect: 'status', status: 501, times: 'always' });
      return { action: 'redirects', inputs: { ...INPUTS, command: 'import' } };
    },
    calls: {
      listRedirectJobs: UNTIL_VERDICT,
    },
  },
  {
    name: 'redirects export',
    outcome: 'complete',
    prepare: async (stage) => {
      addRedirects(stage);
      return { action: 'redirects', inputs: { ...INPUTS, command: 'export' } };
    },
    calls: {
      exportRedirects: STARTS_JOB,
      exportEvents: JOB_EVENTS,
      // Its bytes come one a second: the file may not be whole when the minute is over.
      downloadExport: { ...ESSENTIAL, waited: ['red: error'] },
    },
  },
  {
    name: 'redirects plan',
    outcome: 'planned',
    prepare: async (stage) => {
      writeRows(stage.workspace);
      addRedirects(stage);
      const inputs = { ...INPUTS, command: 'plan', 'site-id': `${SITE_ID}`, delete: 'true' };
      return { action: 'redirects', event: pullRequestEvent(stage.emulator), inputs };
    },
    calls: {
      listRedirects: ESSENTIAL,
      'github.listComments': ON_GITHUB,
      'github.createComment': MADE_ON_GITHUB,
    },
  },
  {
    name: 'redirects sync',
    outcome: 'complete',
    prepare: async (stage) => {
      writeRows(stage.workspace);
      addRedirects(stage);
      // Without `site-id`: the redirects that are there show the site.
      return { action: 'redirects', inputs: { ...INPUTS, command: 'sync', delete: 'true' } };
    },
    calls: {
      // A redirect that names no site leaves open whose they are: then nothing is changed, and `site-id` is asked for.
      listRedirects: { ...ESSENTIAL, unreadable: { 'wrong-types': ['same', 'red: error'] } },
      upsertRedirects: CHANGES_SITE,
      deleteRedirects: CHANGES_SITE,
    },
  },
];
