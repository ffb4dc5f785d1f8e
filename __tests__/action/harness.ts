/** What the whole-process tests share: a platform, a storefront, and a run of the committed action between the two. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Emulator, EmulatorOptions } from '../../emulator/emulator.ts';
import { startEmulator } from '../../emulator/server.ts';
import {
  type Annotation,
  type FinishedRun,
  QUICK_START,
  type RunOptions,
  type StartedRun,
  startAction,
} from '../../scripts/action-runner.ts';
import { onCleanUp, temporaryFolder } from '../clean-up.ts';

export { onCleanUp } from '../clean-up.ts';

/** A fast platform, closed after the test. */
export async function platform(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator({ stepMs: 10, ...options });
  onCleanUp(() => emulator.close());
  return emulator;
}

/** What each deployment has unless it is given. */
export const HOSTING = { type: 'plain_text', key: 'CATALYST_HOSTING', value: 'native' } as const;

export const SMALL_BUILD: Readonly<Record<string, string | Uint8Array>> = {
  'worker.js': 'export default { fetch: () => new Response("hello") };\n',
  'assets/robots.txt': 'User-agent: *\nAllow: /\n',
  'assets/logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
};

/** A workspace whose build output holds these files. */
export function storefront(files: Readonly<Record<string, string | Uint8Array>> = SMALL_BUILD): string {
  return workspaceWith(
    Object.fromEntries(Object.entries(files).map(([name, content]) => [`.bigcommerce/dist/${name}`, content])),
  );
}

/** A workspace with only these files. */
export function workspaceWith(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const workspace = temporaryFolder();
  for (const [name, content] of Object.entries(files)) writeWorkspaceFile(workspace, name, content);
  return workspace;
}

export function writeWorkspaceFile(workspace: string, name: string, content: string | Uint8Array): void {
  const path = join(workspace, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Inputs that reach this platform. */
export function access(emulator: Emulator): Record<string, string> {
  return {
    'api-host': emulator.origin,
    'store-hash': emulator.storeHash,
    'access-token': emulator.accessToken,
  };
}

/**
 * Inputs that deploy to its first project. Unless a test says otherwise, what is live then is not verified, and no support
 * bundle is made of a failure.
 */
export function reach(emulator: Emulator): Record<string, string> {
  return { ...access(emulator), 'project-uuid': emulator.projects[0]?.uuid ?? '', verify: 'off', diagnostics: 'never' };
}

export interface DeployRun extends Partial<RunOptions> {
  emulator: Emulator;
  /** The inputs that reach the platform, for an action other than deploy. */
  reaching?: Record<string, string>;
}

/** Starts an action in a separate process; both the process and its files are removed after the test. */
export function startRun({ env, workspace = storefront(), ...rest }: Partial<RunOptions>): StartedRun {
  const started = startAction({ workspace, env: { ...QUICK_START, ...env }, ...rest });
  onCleanUp(() => started.kill('SIGKILL'));
  void started.finished.then((run) => onCleanUp(() => rmSync(run.runnerTemp, { recursive: true, force: true })));
  return started;
}

/** Starts the deploy action against the platform; `inputs` extend those that reach it. */
export function startDeploy({ emulator, reaching = reach(emulator), inputs, ...rest }: DeployRun): StartedRun {
  return startRun({ inputs: { ...reaching, ...inputs }, ...rest });
}

export async function deploy(options: DeployRun): Promise<FinishedRun> {
  return await startDeploy(options).finished;
}

/** Runs against a platform that holds its deployments, and releases them after this many event streams were opened. */
export async function deployReleasedAtStream(emulator: Emulator, count: number): Promise<FinishedRun> {
  const started = startDeploy({ emulator });
  await emulator.waitForRequest('events', { count });
  emulator.releaseDeployment();
  return await started.finished;
}

/** What the lines of the log with a time say of the deployment's steps. */
export function stepLines(lines: readonly string[]): (string | undefined)[] {
  return lines.filter((line) => /^ *(< )?\d+\.\d s {2}/.test(line)).map((line) => line.trim().split(/ {2}/)[1]);
}

export function callsOf(emulator: Emulator): string[] {
  return emulator.requests.map(({ call }) => call);
}

/** The one error annotation of a failed run, besides those of what its worker logged. */
export function failureOf(run: FinishedRun): { title: string; message: string } {
  const errors = run.annotations.filter(({ level }) => level === 'error').filter((one) => !isWorkerLog(one));
  if (errors.length !== 1 || errors[0] === undefined) {
    throw new Error(`expected one error annotation, got ${errors.length}:\n${run.lines.join('\n')}\n${run.stderr}`);
  }
  return { title: errors[0].title ?? '', message: errors[0].message };
}

/** The annotations of what its worker logged. */
export function workerLogsOf(run: FinishedRun): Annotation[] {
  return run.annotations.filter(isWorkerLog);
}

function isWorkerLog({ title }: Annotation): boolean {
  return title?.startsWith('Worker log: ') === true;
}

export function warningsOf(run: FinishedRun): string {
  return run.annotations
    .filter(({ level }) => level === 'warning')
    .map(({ message }) => message)
    .join('\n');
}
