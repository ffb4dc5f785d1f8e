/** Slow tests: a large zip in little memory, and all the tries that the package makes by itself. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { failureOf, NEVER, platform, useStore, writeZip } from './artifact-harness.ts';

const MB = 1024 * 1024;
/** Five blocks of 8 MB are on their way at a time, and the package's streams hold some more. */
const MAX_ADDED_BYTES = 300 * MB;

/** A process of its own that uploads and does nothing else: what it prints is what it took. */
function writeScript(path: string): string {
  const store = new URL('../../src/github/artifact-store.ts', import.meta.url).href;
  const script = join(path, '..', 'upload.mjs');
  writeFileSync(
    script,
    `import { createArtifactStore } from ${JSON.stringify(store)};
    const none = () => {};
    const store = createArtifactStore({ serverUrl: 'https://github.com', repository: 'a/b', runId: '1', maskSecret: none, debug: none });
    const before = process.memoryUsage().rss;
    const { sizeBytes } = await store.upload({ path: ${JSON.stringify(path)}, name: 'large.zip' }, new AbortController().signal);
    const added = process.resourceUsage().maxRSS * 1024 - before;
    const endedAtMs = performance.now();
    process.on('exit', () => console.log(JSON.stringify({ sizeBytes, added, lingeredMs: performance.now() - endedAtMs })));`,
  );
  return script;
}

interface Upload {
  sizeBytes: number;
  /** Peak of the process above what it had before. */
  added: number;
  lingeredMs: number;
}

async function uploadAlone(path: string): Promise<Upload> {
  const child = spawn(process.execPath, [writeScript(path)], {
    env: process.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  expect((await once(child, 'close'))[0]).toBe(0);
  return JSON.parse(printed);
}

test('a zip of 60 MB goes up in bounded memory, and the process ends by itself', async () => {
  const emulator = await platform();
  useStore(emulator);
  const zip = writeZip(60 * MB);
  const uploads = [await uploadAlone(zip.path)];
  // The peak depends on when V8 collects what was sent, which it does late where other work has the cores: the best counts.
  const leastAdded = () => Math.min(...uploads.map(({ added }) => added));
  while (leastAdded() >= MAX_ADDED_BYTES && uploads.length < 3) uploads.push(await uploadAlone(zip.path));
  expect(leastAdded()).toBeLessThan(MAX_ADDED_BYTES);
  for (const { sizeBytes, lingeredMs } of uploads) {
    expect(sizeBytes).toBe(60 * MB);
    expect(lingeredMs).toBeLessThan(500);
  }
  expect(emulator.artifacts.list[0]).toMatchObject({ sha256: zip.sha256, finalized: true });
});

test('a store that always breaks connections is one as well', async () => {
  const emulator = await platform();
  const { store } = useStore(emulator);
  emulator.addFault({ call: 'artifacts.putBlock', effect: 'reset-mid-request', times: 'always' });
  const error = await failureOf(store.upload({ path: writeZip().path, name: 'a.zip' }, NEVER));
  expect(error.message).toMatch(/the connection to GitHub's artifact service failed \(\w+\)/);
});
