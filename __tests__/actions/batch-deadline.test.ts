/** `timeout-minutes` ends what takes long after the verdict, too: the real disk, the real clock, a client that is none. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { startDeadline } from '../../src/actions/deadline.ts';
import { createBatchDisk } from '../../src/compose/batch-disk.ts';
import { createWorld, polled, runUpload, URL_A } from './batch-helpers.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'batch-deadline-'));
  jest.replaceProperty(process, 'env', { ...process.env, RUNNER_TEMP: folder });
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

test('an error log of gigabytes of newlines', async () => {
  const path = join(folder, 'guests.jsonl');
  const record = { ref: '3f2504e0-4f89-11d3-9a0c-0305e82c3301', schema: 'guest', mode: 'upsert', value: {} };
  writeFileSync(path, `${JSON.stringify(record)}\n`);
  const newlines = gzipSync(Buffer.alloc(16 * 2 ** 20, '\n'));
  const world = createWorld({ answers: { poll: [polled('error', { logUrl: URL_A })] } });
  const { dependencies } = world;
  const signal = new AbortController().signal;
  const disk = createBatchDisk({ signal, redact: (text) => text, shownPathOf: (one) => one });
  const { connect } = dependencies;
  Object.assign(dependencies, {
    disk,
    startDeadline,
    connect: (ends: AbortSignal, timeLeftMs: () => number) => ({
      ...connect(ends, timeLeftMs),
      downloadLog: async (_: URL, to: string) => {
        writeFileSync(to, Buffer.concat(Array.from({ length: 220 }, () => newlines)));
        return { kind: 'file', sizeBytes: 1 };
      },
    }),
  });
  const startMs = performance.now();
  const error = await runUpload(world, { files: [path], timeoutMs: 1500, pollIntervalMs: 1 });
  expect(performance.now() - startMs).toBeLessThan(3500);
  expect(error).toMatchObject({
    message: expect.stringMatching(/Its error log is not available\. The time of this run is up/),
    fix: expect.stringMatching(/it then sends nothing and reads the log\.$/),
  });
});
