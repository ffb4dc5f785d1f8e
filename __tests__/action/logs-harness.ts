/** What the tests of `logs` share: a platform whose worker has logged something, and runs that read it. */
import { existsSync, readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { WorkerLog } from '../../emulator/services/worker-logs/records.ts';
import type { FinishedRun, StartedRun } from '../../scripts/action-runner.ts';
import { access, type DeployRun, startDeploy, workspaceWith } from './harness.ts';
import { expectNoSecret } from './run-reading.ts';

const GREEN = ['complete', 'truncated', 'skipped'];

export function uuidOf(emulator: Emulator): string {
  return emulator.projects[0]?.uuid ?? '';
}

export function startLogs({ emulator, ...rest }: DeployRun): StartedRun {
  const reaching = { ...access(emulator), 'project-uuid': uuidOf(emulator) };
  return startDeploy({ emulator, action: 'logs', workspace: workspaceWith(), reaching, ...rest });
}

export async function readLogs(run: DeployRun): Promise<FinishedRun> {
  return await startLogs(run).finished;
}

/** An entry of a level, logged during a request. */
export function logged(level: WorkerLog['logs'][number]['level'], message: unknown, url = '/products') {
  const timestamp = new Date().toISOString();
  return {
    timestamp,
    request: { method: 'GET', url: `https://shop.example${url}`, status_code: 200 },
    logs: [{ timestamp, level, messages: [message] }],
  } satisfies Partial<WorkerLog>;
}

export function thrown(name: string, message: string, url = '/products') {
  const timestamp = new Date().toISOString();
  return {
    timestamp,
    request: { method: 'GET', url: `https://shop.example${url}`, status_code: 500 },
    logs: [],
    exceptions: [{ timestamp, name, message }],
  } satisfies Partial<WorkerLog>;
}

export function add(emulator: Emulator, ...logs: Partial<WorkerLog>[]): void {
  for (const log of logs) emulator.addWorkerLog(uuidOf(emulator), log);
}

/** Lines of the file that the run has written; undefined without one. */
export function fileLines(run: FinishedRun): string[] | undefined {
  const path = run.outputs['file'];
  if (path === undefined || !existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text.split('\n').slice(0, -1);
}

/** The run said how it ended, and what it found, everywhere alike; and no secret. */
export function expectEnd(run: FinishedRun, outcome: string, counts: Readonly<Record<string, number>> = {}): void {
  const isGreen = GREEN.includes(outcome);
  const expected = Object.fromEntries(Object.entries(counts).map(([name, value]) => [name, String(value)]));
  expect({ stderr: run.stderr, exitCode: run.exitCode, outputs: run.outputs }).toEqual({
    stderr: '',
    exitCode: isGreen ? 0 : 1,
    outputs: expect.objectContaining({ outcome, ...expected }),
  });
  expect(run.lines.join('\n')).toContain(`Outcome: ${outcome}`);
  expect(run.summary).toContain(
    outcome === 'skipped' ? '## ⏭️ Skipped: log not read\n' : `**Outcome:** <code>${outcome}</code>`,
  );
  expect(run.annotations.filter(({ level }) => level === 'error')).toHaveLength(isGreen ? 0 : 1);
  expectNoSecret(run);
}
