/** The connection to the API that is opened while the bundle is packed, observed by a proxy before the platform. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { noise } from '../../scripts/demo-storefront.ts';
import { callsOf, onCleanUp, platform, reach, startDeploy, storefront } from './harness.ts';

/** Takes long enough to pack for the connection to be open long before. */
const ASSETS = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`assets/${n}.js`, noise(n, 3_000_000)]));

interface Door {
  /** What reaches the platform through it. */
  reaching: Record<string, string>;
  connections: Socket[];
}

async function doorTo(emulator: Emulator): Promise<Door> {
  const connections: Socket[] = [];
  const door = createServer((socket) => {
    connections.push(socket);
    const inner = connect(Number(new URL(emulator.origin).port), '127.0.0.1');
    socket.pipe(inner).pipe(socket);
    for (const end of [socket, inner]) end.on('error', () => [socket, inner].forEach((one) => void one.destroy()));
    onCleanUp(() => socket.destroy());
  });
  await once(door.listen(0, '127.0.0.1'), 'listening');
  onCleanUp(() => door.close());
  const origin = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
  return { reaching: { ...reach(emulator), 'api-host': origin }, connections };
}

/** A preload that reports a forced end of the process, and prevents it. */
function naturalEnd(): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'natural-end-'));
  onCleanUp(() => rmSync(folder, { recursive: true, force: true }));
  const preload = join(folder, 'preload.mjs');
  writeFileSync(preload, "process.exit = () => process.stderr.write('forced to exit');\n");
  return { NODE_OPTIONS: `--import=${pathToFileURL(preload)}` };
}

test('the connection is open when the bundle is ready, and all calls of the API go over it', async () => {
  const emulator = await platform();
  const { reaching, connections } = await doorTo(emulator);
  const openWhenPacked: number[] = [];
  const onLine = (line: string) => {
    if (line.includes('SHA-256')) openWhenPacked.push(connections.length);
  };
  const workspace = storefront({ 'worker.js': 'x', ...ASSETS });
  const run = await startDeploy({ emulator, reaching, workspace, onLine, env: naturalEnd() }).finished;
  expect([run.outputs['outcome'], run.stderr]).toEqual(['deployed', '']);
  expect(openWhenPacked[0]).toBe(1);
  expect(connections.length).toBe(1);
  expect(callsOf(emulator).filter((call) => call !== 'events')).toEqual(['sign', 'upload', 'createDeployment']);
});

test('nothing is sent over it if there is nothing to deploy, and the process ends by itself', async () => {
  const emulator = await platform();
  const { reaching, connections } = await doorTo(emulator);
  const token = emulator.accessToken;
  const workspace = storefront({ 'worker.js': `const token = '${token}';`, ...ASSETS });
  const run = await startDeploy({ emulator, reaching, workspace, env: naturalEnd() }).finished;
  expect([run.outputs['outcome'], run.stderr]).toEqual(['error', '']);
  expect(connections.map(({ bytesRead }) => bytesRead)).toEqual([0]);
});

test('a dry run opens no connection', async () => {
  const emulator = await platform();
  const { reaching, connections } = await doorTo(emulator);
  const run = await startDeploy({ emulator, reaching, inputs: { 'dry-run': 'true' } }).finished;
  expect([run.exitCode, connections.length]).toEqual([0, 0]);
});
