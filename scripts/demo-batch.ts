/** `npm run demo -- batch`: a dry run, an upload with a record that Sitecore CDP rejects, and the same with it corrected. */
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
} from './demo-print.ts';

const CHAPTERS = 3;
const GUESTS = 'guests.jsonl';
const ORDERS = 'orders.jsonl';

const WRONG_EMAIL = 'grace.example.com';
const RIGHT_EMAIL = 'grace@example.com';

/** @returns whether each of the three jobs ended as it should, the second one red */
export async function showBatch(emulator: Emulator, workspace: string): Promise<boolean> {
  const inputs = { files: `${GUESTS}\n${ORDERS}`, 'poll-interval-seconds': '0.5' };
  const run = createRuns(emulator, { action: 'batch-upload', workspace, inputs, onLine: printLine });
  emulator.batches.refuseRecords(({ value }) =>
    value['email'] === WRONG_EMAIL ? { code: 400, message: `The email ${WRONG_EMAIL} is not valid.` } : undefined,
  );
  console.log('What follows is the log of three jobs as GitHub shows it; the people in it are made up.');

  printChapter(1, CHAPTERS, `Pull request #${PULL_REQUEST}: a dry run, without credentials`);
  writeFiles(workspace, WRONG_EMAIL);
  const noCredentials = { 'base-url': '', 'client-key': '', 'api-token': '' };
  const planned = await run({ 'dry-run': 'true', ...noCredentials }, { event: pullRequestEvent(emulator) });
  printOutputs(planned);
  keepSummary(planned, 'batch-1-dry-run-summary');

  printChapter(2, CHAPTERS, 'The upload; Sitecore CDP rejects a guest');
  const rejected = await run();
  const errors = printRejected(rejected);

  printChapter(3, CHAPTERS, `${GUESTS} is corrected: the same upload again`);
  writeFiles(workspace, RIGHT_EMAIL);
  const corrected = await run();
  printOutputs(corrected);
  keepSummary(corrected, 'batch-3-corrected-summary');

  printRequests(emulator);
  const ends = [planned, rejected, corrected]
    .map(({ exitCode, outputs }) => `${exitCode} ${outputs['outcome']}`)
    .join();
  const stored = emulator.batches.list.map(({ records }) => records.length).join();
  return (
    ends === '0 dry-run,1 partial,0 success' &&
    stored === '3,2,3,2' &&
    errors.includes(refOf(GUESTS, 2)) &&
    ![planned, rejected, corrected].some(({ everything }) => everything.includes('example.com')) &&
    !errors.includes(WRONG_EMAIL)
  );
}

/** @returns the content of the file of rejected records */
function printRejected(run: FinishedRun): string {
  printHeading(
    'The job is red, as it should be: a record was rejected, and `allow-failed-records` is 0. The others were accepted. ' +
      `What Sitecore CDP said is "The email ${WRONG_EMAIL} is not valid."; a log must not show that.`,
  );
  printLineAnnotations(run);
  printOutputs(run);
  const errors = printOutputFile(run, 'errors-file');
  keepSummary(run, 'batch-2-rejected-summary');
  return errors;
}

function writeFiles(workspace: string, graceEmail: string): void {
  const guests = [
    ['Ada', 'ada@example.com'],
    ['Grace', graceEmail],
    ['Edsger', 'edsger@example.com'],
  ].map(([firstName, email], index) => ({
    guestType: 'customer',
    firstName,
    email,
    identifiers: [{ provider: 'SHOP', id: `${1001 + index}` }],
  }));
  const orders = [42.5, 19.95].map((price, index) => ({
    referenceId: `${70_001 + index}`,
    orderedAt: '2026-03-01T12:00:00.000Z',
    price,
    currencyCode: 'EUR',
    contact: { email: 'ada@example.com' },
  }));
  writeFile(workspace, GUESTS, 'guest', guests);
  writeFile(workspace, ORDERS, 'order', orders);
}

function writeFile(workspace: string, name: string, schema: string, values: readonly object[]): void {
  const lines = values.map((value, index) =>
    JSON.stringify({ ref: refOf(name, index + 1), schema, mode: 'upsert', value }),
  );
  writeFileSync(join(workspace, name), `${lines.join('\n')}\n`);
}

/** A record always has the same ref, so a corrected one replaces what was sent before. */
function refOf(file: string, number: number): string {
  const digit = file === GUESTS ? '1' : '2';
  return `6f1c2f0a-93d5-4b7e-8c8e-${digit}${String(number).padStart(11, '0')}`;
}
