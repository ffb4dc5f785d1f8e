import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { buildSample, removeOthers, SampleUnavailable, shopHash } from '../../scripts/sample/build.ts';
import { onCleanUp, temporaryFolder } from '../clean-up.ts';
import { onPosix } from '../systems.ts';

let cache = '';
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'sample-test-'));
});
afterEach(() => rmSync(cache, { recursive: true }));

test('builds of other states of the shop and of killed processes are removed, and nothing else', () => {
  const { pid: ended } = spawnSync(process.execPath, ['-e', '0']);
  const removed = ['0123456789abcdef', `0123456789abcdef.${ended}.partial`];
  const kept = [`0123456789abcdef.${process.pid}.partial`, 'aaaaaaaaaaaaaaaa', 'bench', 'pnpm-10.34.8'];
  for (const name of [...removed, ...kept]) mkdirSync(join(cache, name));
  removeOthers(join(cache, 'aaaaaaaaaaaaaaaa'));
  expect(readdirSync(cache).sort()).toEqual(kept);
});

test('the key of the cache is a digest, the same for the same shop', () => {
  expect(shopHash()).toMatch(/^[0-9a-f]{16}$/);
  expect(shopHash()).toBe(shopHash());
});

test('without time, the build is unavailable, and nothing is left of it', async () => {
  const building = buildSample({ cache, timeoutMs: 0 });
  await expect(building).rejects.toThrow(SampleUnavailable);
  await expect(building).rejects.toThrow(
    /^The sample shop cannot be built: the time for it was over during `npm ci .*`$/,
  );
  expect(readdirSync(cache)).toEqual([]);
});

/** Runs a script in place of npm, in the folder of the build. */
function replaceNpm(script: string): void {
  const bin = temporaryFolder();
  const path = join(bin, 'npm.mjs');
  writeFileSync(path, script);
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\nexec '${process.execPath}' '${path}'\n`, { mode: 0o755 });
  const env = jest.replaceProperty(process, 'env', { ...process.env, PATH: bin });
  onCleanUp(() => env.restore());
}

/** An npm that installs two tools, which make the folders that a build makes. */
function installing({ openNext = '', more = '' } = {}): string {
  const tools = {
    'node_modules/@opennextjs/cloudflare/dist/cli/index.js': `${openNext}; require('fs').mkdirSync('.open-next/assets', { recursive: true })`,
    'node_modules/wrangler/bin/wrangler.js': `require('fs').mkdirSync('.bigcommerce/dist')`,
  };
  return `import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
for (const [path, code] of Object.entries(${JSON.stringify(tools)})) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, code);
}
${more}`;
}

onPosix('a build is made once', async () => {
  replaceNpm(installing());
  const { dist, ...built } = await buildSample({ cache });
  expect(built).toEqual({ workspace: join(cache, shopHash()), reused: false });
  expect(readdirSync(join(dist, 'assets'))).toEqual(['_headers']);
  expect(await buildSample({ cache })).toEqual({ ...built, dist, reused: true });
  expect(readdirSync(cache)).toEqual([shopHash()]);
});

onPosix('the same build of another process, made meanwhile, stays', async () => {
  replaceNpm(installing({ more: `mkdirSync('../${shopHash()}/theirs', { recursive: true });` }));
  const { workspace } = await buildSample({ cache });
  expect(existsSync(join(workspace, 'theirs'))).toBe(true);
  expect(readdirSync(cache)).toEqual([shopHash()]);
});

onPosix.each([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'ERR_SOCKET_TIMEOUT',
  'E404',
  'E503',
])('where npm says %s, the build is unavailable', async (code) => {
  replaceNpm(`console.error('npm error code ${code}\\nnpm error more'); process.exitCode = 1;`);
  const building = buildSample({ cache });
  await expect(building).rejects.toThrow(SampleUnavailable);
  await expect(building).rejects.toThrow(`failed. It needs npm and its registry:\nnpm error code ${code}\n`);
  expect(readdirSync(cache)).toEqual([]);
});

onPosix('without npm, too', async () => {
  replaceNpm('');
  rmSync(join(process.env['PATH'] ?? '', 'npm'));
  await expect(buildSample({ cache })).rejects.toThrow(SampleUnavailable);
});

onPosix.each([
  [
    'its lockfile does not fit',
    "console.error('npm error code EUSAGE'); process.exitCode = 1;",
    'npm error code EUSAGE',
  ],
  [
    'a page does not compile',
    installing({ openNext: "console.log('E503 Type error'); process.exit(1)" }),
    'E503 Type error',
  ],
])('where %s, that is a failure of the shop', async (_, npm, words) => {
  replaceNpm(npm);
  const building = buildSample({ cache });
  await expect(building).rejects.toThrow(words);
  await expect(building).rejects.not.toBeInstanceOf(SampleUnavailable);
  expect(readdirSync(cache)).toEqual([]);
});
