/** What a test leaves behind (servers, processes, folders) goes when it ends: the last one first, whatever fails. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, jest } from '@jest/globals';

const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  const faults: unknown[] = [];
  // A server that is left open would keep the test process from ending, and hide what went wrong.
  for (const cleanUp of cleanUps.splice(0).reverse()) {
    try {
      await cleanUp();
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 0) throw faults[0];
});

export function onCleanUp(cleanUp: () => unknown): void {
  cleanUps.push(cleanUp);
}

/** A folder that is gone after the test; its path has no links and no short names in it. */
export function temporaryFolder(): string {
  const folder = realpathSync.native(mkdtempSync(join(tmpdir(), 'test-')));
  onCleanUp(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The same folder as RUNNER_TEMP, in which actions leave what later steps read. */
export function useRunnerTemp(): string {
  const folder = temporaryFolder();
  const env = jest.replaceProperty(process, 'env', { ...process.env, RUNNER_TEMP: folder });
  onCleanUp(() => env.restore());
  return folder;
}
