/** `npm run demo -- redirects`: an import with a row that the platform refuses, a plan on a pull request, and two syncs. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Emulator } from '../emulator/emulator.ts';
import type { FinishedRun } from './action-runner.ts';
import { createRuns, PULL_REQUEST, pullRequestEvent } from './demo-platform.ts';
import {
  keepSummary,
  printChapter,
  printHeading,
  printLine,
  printLineAnnotations,
  printOutputFile,
  printOutputs,
  printRequests,
  writeDemoFile,
} from './demo-print.ts';

const CHAPTERS = 4;
const FILE = 'redirects.csv';
const HEADER = 'Domain,Old Path,Manual URL/Path,Dynamic Target Type,Dynamic Target ID';

/** A platform without products would refuse every row that leads to one: it has all but this. */
const UNKNOWN_PRODUCT = '4711';
const REFUSED = `store.example.com,/rain-boot,,Product,${UNKNOWN_PRODUCT}`;

const FIRST = [
  'store.example.com,/old-shoes,/shoes,,',
  'store.example.com,/summer-sale,/sale,,',
  'store.example.com,/press,https://press.example.com/,,',
  REFUSED,
  'store.example.com,/shipping-info,/shipping,,',
];

/** What the pull request makes of it: the product is corrected, the sale is over, and a path is new. */
const NEXT = [
  'store.example.com,/old-shoes,/shoes,,',
  'store.example.com,/press,https://newsroom.example.com/,,',
  'store.example.com,/rain-boot,,Product,12',
  'store.example.com,/shipping-info,/shipping,,',
  'store.example.com,/winter-boots,/boots,,',
];

/** @returns whether each of the four jobs ended as it should, the first one red */
export async function showRedirects(emulator: Emulator, workspace: string): Promise<boolean> {
  const run = createRuns(emulator, { action: 'redirects', workspace, inputs: { file: FILE }, onLine: printLine });
  const desired = { delete: 'true' };
  emulator.redirects.rejectRows((_row, cells) =>
    cells[4] === UNKNOWN_PRODUCT ? `There is no product with the id ${UNKNOWN_PRODUCT}.` : undefined,
  );
  console.log('What follows is the log of four jobs as GitHub shows it; the addresses in it are made up.');

  printChapter(1, CHAPTERS, `${FILE} is imported; the platform refuses a row`);
  writeFile(workspace, FIRST);
  const imported = await run({ command: 'import' });
  const failedRows = printImport(imported);

  printChapter(2, CHAPTERS, `Pull request #${PULL_REQUEST} changes ${FILE}: the plan`);
  writeFile(workspace, NEXT);
  const planned = await run({ command: 'plan', ...desired }, { event: pullRequestEvent(emulator) });
  printOutputs(planned);
  const comment = emulator.github.comments.find(({ issueNumber }) => issueNumber === PULL_REQUEST)?.body ?? '';
  writeDemoFile('comment', 'redirects-2-plan-comment', 'Comment on the pull request', comment);
  keepSummary(planned, 'redirects-2-plan-summary');

  printChapter(3, CHAPTERS, 'It is merged: the sync');
  const synced = await run({ command: 'sync', ...desired });
  printOutputs(synced);
  printRedirects(emulator);
  keepSummary(synced, 'redirects-3-sync-summary');

  printChapter(4, CHAPTERS, 'The sync runs again, and has nothing to do');
  const repeated = await run({ command: 'sync', ...desired });
  keepSummary(repeated, 'redirects-4-sync-again-summary');

  printRequests(emulator);
  const runs = [imported, planned, synced, repeated];
  const ends = runs.map(({ exitCode, outputs }) => `${exitCode} ${outputs['outcome']}`).join();
  return (
    ends === '1 partial,0 planned,0 complete,0 unchanged' &&
    failedRows.includes(REFUSED) &&
    comment.replaceAll('&nbsp;', ' ').includes('Redirects of store.example.com: +2 ~1 −1') &&
    emulator.redirects.list.length === NEXT.length
  );
}

function writeFile(workspace: string, rows: readonly string[]): void {
  writeFileSync(join(workspace, FILE), `${[HEADER, ...rows].join('\n')}\n`);
}

/** @returns what the file of rejected rows says */
function printImport(run: FinishedRun): string {
  printHeading(
    'The job is red, as it should be: a row was rejected, and `allow-failed-rows` is 0. The others are in place.',
  );
  printLineAnnotations(run);
  printOutputs(run);
  const failedRows = printOutputFile(run, 'failed-rows-file');
  keepSummary(run, 'redirects-1-import-summary');
  return failedRows;
}

function printRedirects({ redirects }: Emulator): void {
  printHeading("The site's redirects now");
  for (const redirect of redirects.list) console.log(`  ${redirect.fromPath} → ${redirects.toUrlOf(redirect)}`);
}
