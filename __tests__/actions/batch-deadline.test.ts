/** `timeout-minutes` ends what takes long after the verdict, too: the real disk, the real clock, a client that is none. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, expect, test } from '@jest/globals';
import { startDeadline } from '../../src/actions/deadline.ts';
import { createBatchDisk } from '../../src/compose/batch-disk.ts';
import { useRunnerTemp } from '../clean-up.ts';
import { createWorld, polled, runUpload, URL_A } from './batch-helpers.ts';

let folder = '';

beforeEach(() => {
  folder = useRunnerTemp();
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
    message: expect.stringMatching(/Its error log could not be had\. The time of this run is up/),
    fix: expect.stringMatching(/it sends nothing, and reads the log\.$/),
  });
});
