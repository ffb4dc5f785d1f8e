/** Batches for Sitecore CDP, and the log of a worker. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import type { Emulator } from '../../../emulator/emulator.ts';
import type { Case } from '../case.ts';
import { expectGreen, expectJobs, expectNoStep, expectRed, stepOf } from '../expect.ts';
import { examplePath, readMarkdownWorkflow } from '../written-workflows.ts';

const refOf = (number: number) => `0000000${number}-aaaa-4bbb-8ccc-dddddddddddd`;
const recordOf = (number: number) =>
  JSON.stringify({ ref: refOf(number), schema: 'guest', mode: 'upsert', value: { guestType: 'visitor' } });
const GUESTS = [1, 2, 3].map((number) => `${recordOf(number)}\n`).join('');

/** What the step that makes the files is in these repositories. */
const MAKE_FILES = `const { mkdirSync, writeFileSync } = require('node:fs');
const folder = process.argv.at(-1);
mkdirSync(folder, { recursive: true });
writeFileSync(folder + '/guests-1.jsonl', ${JSON.stringify(GUESTS)});
writeFileSync(folder + '/orders-1.jsonl', ${JSON.stringify(`${recordOf(4)}\n`)});
`;
const FILES = { 'cdp/make-files.js': MAKE_FILES, 'cdp/guests.jsonl': GUESTS };

/** The second guest is rejected. */
function rejectOne({ sitecore }: Emulator): void {
  sitecore.rejectRecords(({ ref }) => (ref === refOf(2) ? { code: 400, message: 'no such country' } : undefined));
}

export const UPLOADS: readonly Case[] = [
  {
    name: 'batch-upload.yml: a check on a pull request, then an upload',
    covers: ['batch-upload.yml'],
    files: FILES,
    play: async (stage) => {
      const { emulator, events } = stage;
      const path = examplePath('batch-upload.yml');
      const check = await stage.run(path, events.pullRequest());
      expectJobs(check, { check: 'success' });
      expectGreen(stepOf(check, 'check', 'batch-upload@'), 'dry-run', { records: '4' });
      assert.deepEqual(emulator.requests, []);

      const upload = await stage.run(path, events.schedule());
      expectJobs(upload, { upload: 'success' });
      expectGreen(stepOf(upload, 'upload', 'upload'), 'success', { records: '4', succeeded: '4', failed: '0' });
      expectNoStep(upload, 'upload', 'actions/upload-artifact');

      rejectOne(emulator);
      const partial = await stage.run(path, events.push());
      expectJobs(partial, { upload: 'failure' });
      expectRed(stepOf(partial, 'upload', 'upload'), 'partial', /^1 record rejected$/, { succeeded: '3', failed: '1' });
      assert.deepEqual(
        emulator.artifacts.list.map(({ name }) => name),
        ['rejected-records'],
      );
    },
  },
  {
    name: 'batch-upload/README.md',
    covers: ['batch-upload/README.md'],
    files: FILES,
    play: async (stage) => {
      const written = readMarkdownWorkflow('batch-upload/README.md');
      const run = await stage.runText('batch.yml', written, stage.events.schedule());
      expectJobs(run, { upload: 'success' });
      expectGreen(stepOf(run, 'upload', 'upload'), 'success', { succeeded: '4' });
    },
  },
  ...(['0', '1'] as const).map(
    (allowed): Case => ({
      name: `a batch with a rejected record, where ${allowed} are allowed`,
      files: FILES,
      play: async (stage) => {
        rejectOne(stage.emulator);
        const variables = { ALLOWED: allowed };
        const run = await stage.runFixture('batch.yml', stage.events.byHand(), { variables });
        expectJobs(run, { upload: allowed === '0' ? 'failure' : 'success' });
        const step = stepOf(run, 'upload', 'upload');
        assert.equal(step.outputs['failed'], '1');
        if (allowed === '0') expectRed(step, 'partial', /^1 record rejected$/);
        const errors = stepOf(run, 'upload', 'Read the errors').lines.join('\n');
        assert.match(errors, new RegExp(`2.*${refOf(2)}.*no such country`));
        assert.ok(!run.shown.includes('visitor'), 'the log shows a value of a record');
      },
    }),
  ),
  {
    name: 'worker-errors.yml: no issue, one that is opened, and updated',
    covers: ['worker-errors.yml', 'logs/README.md'],
    needs: 'jq',
    play: async (stage) => {
      const { emulator, events } = stage;
      const path = examplePath('worker-errors.yml');
      const quiet = await stage.run(path, events.schedule());
      expectJobs(quiet, { look: 'success' });
      expectNoStep(quiet, 'look', 'label=worker-errors');
      assert.equal(existsSync(stage.ghState), false);
      for (const found of [1, 2]) {
        logError(emulator);
        const run = await stage.run(path, events.schedule());
        expectJobs(run, { look: 'success' });
        expectGreen(stepOf(run, 'look', 'logs'), 'complete', { errors: String(found), exceptions: '0' });
        const { issues } = JSON.parse(readFileSync(stage.ghState, 'utf8')) as { issues: { body: string }[] };
        assert.equal(issues.length, 1);
        assert.match(issues[0]?.body ?? '', new RegExp(`logged errors \\(${found}\\) or exceptions \\(0\\): https:`));
        assert.ok(!issues[0]?.body.includes('ada@example.com'), 'the issue has what was logged');
      }
      const written = readMarkdownWorkflow('logs/README.md');
      const log = await stage.runText('log.yml', written, events.byHand({ since: '24h' }));
      expectGreen(stepOf(log, 'logs', 'logs'), 'complete', { errors: '2' });
    },
  },
];

function logError(emulator: Emulator): void {
  const timestamp = new Date().toISOString();
  emulator.addWorkerLog(emulator.projects[0]?.uuid ?? '', {
    timestamp,
    request: { method: 'GET', url: 'https://shop.example/products', status_code: 200 },
    logs: [{ timestamp, level: 'error', messages: ['no price for ada@example.com'] }],
  });
}
