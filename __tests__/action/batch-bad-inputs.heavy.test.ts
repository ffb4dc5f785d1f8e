/** Inputs of `batch-upload` that are not right: all is reported in one go, nothing is sent, and no credential is shown. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import {
  batchCallsOf,
  batchPlatform,
  expectEnd,
  FILE,
  guest,
  guests,
  runBatch,
  verdictOf,
  workspaceWith,
} from './batch-harness.ts';

const FILES = { 'a.jsonl': guests(1), 'b.jsonl': guests(2), '[ab].jsonl': guests(3), '#c.jsonl': guests(4) };
const TOKEN = 'token-of-nobody-5512';

async function runRefused(inputs: Record<string, string>, workspace?: string): Promise<FinishedRun> {
  const emulator = await batchPlatform();
  const run = await runBatch({
    emulator,
    files: FILES,
    ...(workspace === undefined ? {} : { workspace }),
    inputs: { files: 'a.jsonl', ...inputs },
  });
  expectEnd(run, 'error', { 'batch-refs': '[]' });
  expect(emulator.requests).toEqual([]);
  return run;
}

test.each<[files: string, problem: string]>([
  ['no.jsonl', 'files: "no.jsonl" matches no file in '],
  ['*.json', 'files: "*.json" matches no file in '],
  ['a.jsonl\n!*.json', 'files: "!*.json" matches no file in '],
  ['a.jsonl\n!b.jsonl', 'files: "!b.jsonl" takes out none of the files'],
  ['?.jsonl\n!*.jsonl', 'files: No file is left'],
  ['!a.jsonl', 'files: "!a.jsonl" takes out none of the files'],
  ['', 'files: It is missing.'],
  ['.', 'files: "." is not a regular file.'],
  ['# a comment\na.jsonl', 'files: "# a comment" matches no file in '],
  ['/dev/null', 'files: "/dev/null" is not a regular file.'],
])('files: %j', async (files, problem) => {
  const run = await runRefused({ files });
  expect(verdictOf(run)).toMatchObject({ message: expect.stringContaining(problem) });
});

test.each<[what: string, inputs: Record<string, string>, problem: string]>([
  ['http to a host that is not this machine', { 'base-url': 'http://cdp.example' }, 'plain http to a host that is not'],
  ['a path', { 'base-url': 'https://cdp.example/v2/batches' }, 'base-url: .* holds a path'],
  ['credentials', { 'base-url': `https://key:${TOKEN}@cdp.example` }, 'base-url: .*holds credentials'],
  ['a query', { 'base-url': `https://cdp.example?token=${TOKEN}` }, 'base-url: .*holds a query'],
  ['another scheme', { 'base-url': 'ftp://cdp.example' }, 'base-url: .*is neither https nor http'],
  ['a ref that is none', { 'batch-ref': 'my-batch' }, 'batch-ref: '],
  ['a ref for two files', { 'batch-ref': crypto.randomUUID(), files: '?.jsonl' }, 'names 2 files'],
  ['no base URL', { 'base-url': '' }, 'base-url: It is empty'],
  ['no client key', { 'client-key': '' }, 'client-key: It is empty'],
  ['no token', { 'api-token': ' ' }, 'api-token: It is empty'],
  ['a colon in the key', { 'client-key': `key:${TOKEN}` }, 'client-key: '],
  ['a pause of nothing', { 'poll-interval-seconds': '0' }, 'poll-interval-seconds: '],
  ['too long a pause', { 'poll-interval-seconds': '3601' }, 'poll-interval-seconds: '],
  ['no time', { 'timeout-minutes': '0' }, 'timeout-minutes: '],
  ['too much time', { 'timeout-minutes': '1441' }, 'timeout-minutes: '],
  ['a part of a record', { 'allow-failed-records': '1.5' }, 'allow-failed-records: '],
  ['less than no record', { 'allow-failed-records': '-1' }, 'allow-failed-records: '],
  ['half a wish to split', { split: 'maybe' }, 'split: '],
  ['half a dry run', { 'dry-run': 'yes' }, 'dry-run: '],
])('inputs with %s', async (_, inputs, problem) => {
  const run = await runRefused({ 'api-token': TOKEN, ...inputs });
  expect(verdictOf(run).message).toMatch(new RegExp(problem));
  expect(run.everything).not.toContain(TOKEN);
});

test('all that is wrong is reported at once', async () => {
  const run = await runRefused({ 'base-url': '', 'api-token': '', files: 'no.jsonl', split: 'x', 'dry-run': 'x' });
  for (const name of ['base-url', 'api-token', 'files', 'split', 'dry-run']) {
    expect(verdictOf(run).message).toContain(`${name}: `);
  }
});

test('files go in the order of the lines and their names, each once, wherever they are', async () => {
  const elsewhere = workspaceWith({ 'out.jsonl': guest(5) });
  const workspace = workspaceWith({ ...FILES, 'inner/out.jsonl': guest(5) });
  mkdirSync(join(workspace, 'folder.jsonl'));
  symlinkSync(join(workspace, 'inner/out.jsonl'), join(workspace, 'link.jsonl'));
  symlinkSync(join(elsewhere, 'nothing'), join(workspace, 'broken.jsonl'));
  const files = ['#c.jsonl', '[ab].jsonl', '*.jsonl', '!b.jsonl', join(elsewhere, 'o*.jsonl')].join('\n');
  const emulator = await batchPlatform();
  const run = await runBatch({ emulator, workspace, inputs: { files } });
  const { list } = emulator.batches;
  // #c, [ab], a, the link, and the file that the workflow names elsewhere.
  expectEnd(run, 'success', {
    records: '10',
    succeeded: '10',
    'batch-refs': JSON.stringify(list.map(({ ref }) => ref)),
  });
  expect(list.map(({ recordCount }) => recordCount)).toEqual([4, 3, 1, 1, 1]);
  expect(run.summary).toContain(join(elsewhere, 'out.jsonl'));
});

test('a dry run says what would be sent, with and without credentials, and sends nothing', async () => {
  const emulator = await batchPlatform();
  const inputs = { files: '*.jsonl', 'dry-run': 'true' };
  const [given, none] = [await runBatch({ emulator, files: FILES, inputs }), await runBatch({ files: FILES, inputs })];
  for (const run of [given, none]) {
    expectEnd(run, 'dry-run', { records: '10', 'batch-refs': '[]' });
    expect(run.outputs).not.toHaveProperty('succeeded');
    expect(run.summary).toContain('Dry run: 10 records in 4 batches would be uploaded');
    expect(run.summary).toMatch(/\b[\da-f]{32}\b/);
  }
  expect(emulator.requests).toEqual([]);
});

test('a dry run finds what is wrong with a file, and with what is given of the credentials', async () => {
  const run = await runBatch({ files: { [FILE]: `${guest(1)}\n${guest(2)}}` }, inputs: { 'dry-run': 'true' } });
  expectEnd(run, 'error');
  expect(verdictOf(run).message).toContain(`${FILE} has 1 problem.`);
  const wrong = await runBatch({ inputs: { 'dry-run': 'true', 'base-url': 'http://cdp.example' } });
  expectEnd(wrong, 'error');
  expect(verdictOf(wrong).message).toContain('plain http');
});

test('a file that cannot be read is reported, and nothing of the others is sent', async () => {
  const emulator = await batchPlatform();
  const run = await runBatch({
    emulator,
    files: { 'a.jsonl': guests(1), 'b.jsonl': guests(1) },
    inputs: { files: 'a.jsonl\nb.jsonl', 'batch-ref': '' },
    env: { RUNNER_TEMP: join(workspaceWith({ taken: '' }), 'taken') },
  });
  expectEnd(run, 'error');
  expect(verdictOf(run).message).toContain('taken');
  expect(batchCallsOf(emulator)).toEqual([]);
});
