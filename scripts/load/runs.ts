/** Runs of an action against the embedded platform, each of which ends in time. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Emulator } from '../../emulator/emulator.ts';
import { type FinishedRun, QUICK_START, type RunOptions, startAction } from '../action-runner.ts';
import { platformOptions } from '../demo-platform.ts';
import type { LoadContext } from './context.ts';

export interface LoadRun extends Omit<RunOptions, 'workspace'> {
  workspace: string;
  /** It is killed after so long (two minutes). */
  boundMs?: number;
}

const BOUND_MS = 120_000;

/** Without verification of pages, which are not served here, and without support bundles. */
export const PLAIN = { verify: 'off', diagnostics: 'never' } as const;

/** @throws the signal's reason, once the run is killed and nothing is left of it */
export async function runInTime(
  emulator: Emulator,
  { boundMs = BOUND_MS, env, ...options }: LoadRun,
  signal: AbortSignal,
): Promise<FinishedRun> {
  signal.throwIfAborted();
  const started = startAction(
    platformOptions(emulator, { ...options, env: { ...QUICK_START, ...env }, measuresMemory: false }),
  );
  const kill = () => started.kill('SIGKILL');
  const timer = setTimeout(kill, boundMs);
  signal.addEventListener('abort', kill, { once: true });
  try {
    const run = await started.finished;
    signal.throwIfAborted();
    return run;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', kill);
    rmSync(started.runnerTemp, { recursive: true, force: true });
  }
}

/** A folder for a workspace, with a build that nobody else has. */
export function createWorkspace(): { path: string; build: (version: string) => void } {
  const path = mkdtempSync(join(tmpdir(), 'load-storefront-'));
  const dist = join(path, '.bigcommerce', 'dist');
  mkdirSync(join(dist, 'assets'), { recursive: true });
  writeFileSync(join(dist, 'assets', 'robots.txt'), 'User-agent: *\nAllow: /\n');
  return {
    path,
    build: (version) => writeFileSync(join(dist, 'worker.js'), `export default { version: '${version}' };\n`),
  };
}

export function removeWorkspace({ path }: { path: string }): void {
  rmSync(path, { recursive: true, force: true });
}

/** What a run that is not as expected said, for the report. */
export function tailOf({ lines, stderr }: FinishedRun, context: Pick<LoadContext, 'say'>): void {
  context.say([...lines.slice(-25), stderr].join('\n'));
}
