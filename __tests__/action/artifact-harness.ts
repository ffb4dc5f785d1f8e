/** Shared by the tests of stored bundles. */
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { callsOf, onCleanUp } from './harness.ts';

export function warningList(run: FinishedRun): string[] {
  return run.annotations.filter(({ level }) => level === 'warning').map(({ message }) => message);
}

export function artifactCallsOf(emulator: Emulator): string[] {
  return callsOf(emulator).filter((call) => call.startsWith('artifacts.'));
}

export function payloadOf(emulator: Emulator, index = 0) {
  return emulator.github.deployments[index]?.payload as Record<string, unknown>;
}

const DOWNLOAD = `
import { DefaultArtifactClient } from '@actions/artifact';
const [id, path] = process.argv.slice(1);
await new DefaultArtifactClient().downloadArtifact(Number(id), { path, skipDecompress: true });
`;

/** The artifact as a later job of the run gets it: through GitHub's own package, in a process of its own. */
export async function download(emulator: Emulator, id: string | undefined): Promise<{ name: string; path: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'download-'));
  onCleanUp(() => rmSync(folder, { recursive: true, force: true }));
  const args = ['--input-type=module', '--eval', DOWNLOAD, String(id), folder];
  await promisify(execFile)(process.execPath, args, {
    env: {
      PATH: process.env['PATH'],
      GITHUB_SERVER_URL: 'https://github.com',
      ACTIONS_RESULTS_URL: emulator.artifacts.resultsUrl,
      ACTIONS_RUNTIME_TOKEN: emulator.artifacts.runtimeToken,
    },
  });
  const names = readdirSync(folder);
  if (names.length !== 1) throw new Error(`expected one file, got ${names.join(', ')}`);
  return { name: `${names[0]}`, path: join(folder, `${names[0]}`) };
}

export function sha256Of(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

const hasUnzip = spawnSync('unzip', ['-v']).error === undefined;
if (!hasUnzip) console.warn('Downloaded zips are not tested with unzip: it is not installed.');

/** What `unzip -t` says; undefined where there is no unzip. */
export function unzipTest(path: string): string | undefined {
  if (!hasUnzip) return undefined;
  const { status, stdout, stderr } = spawnSync('unzip', ['-t', path], { encoding: 'utf8' });
  return status === 0 ? stdout : `status ${status}: ${stdout}${stderr}`;
}
