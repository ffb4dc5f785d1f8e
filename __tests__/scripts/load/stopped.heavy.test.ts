/** `npm run load` that somebody ends while a run is under way. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { expect } from '@jest/globals';
import { onCleanUp, temporaryFolder } from '../../clean-up.ts';
import { onPosix } from '../../systems.ts';

onPosix.each(['SIGTERM', 'SIGINT'] as const)('%s ends it at once, red, and leaves no file', async (signal) => {
  const folder = temporaryFolder();
  const over = new AbortController();
  const changes = watch(folder, { signal: over.signal });
  const load = spawn(process.execPath, ['scripts/load/load.ts', 'deployments', '--short'], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onCleanUp(() => load.kill('SIGKILL'));
  const ended = once(load, 'close').finally(() => over.abort());
  let errors = '';
  load.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  for await (const { filename } of changes) if (filename?.startsWith('runner-temp-')) break;
  load.kill(signal);
  expect(await ended).toEqual([1, null]);
  expect(errors).toBe(`Stopped by ${signal}.\n`);
  // What Node compiled is kept on purpose, for every run.
  expect(readdirSync(folder).filter((name) => name !== 'catalyst-deploy-action-compiled')).toEqual([]);
});
