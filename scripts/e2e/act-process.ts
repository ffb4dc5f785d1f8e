/** Starts act without containers, with nothing of the machine's own settings. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { type ActLog, parseActLog } from './act-log.ts';
import { endOrphans, killOrphans } from './orphans.ts';

export interface ActOptions {
  /** The program. */
  act: string;
  /** For its caches and settings, and for the workspaces of the jobs. */
  folder: string;
  /** The repository that the workflow is of. */
  repository: string;
  /** Path of the workflow. */
  workflow: string;
  event: { name: string; payload: unknown; actor: string };
  /** Folders in the place of actions, by what a workflow `uses` (without the path in the repository). */
  actions: ReadonlyMap<string, string>;
  variables: Readonly<Record<string, string>>;
  secrets: Readonly<Record<string, string>>;
  /** What a runner would set for the jobs. */
  env: Readonly<Record<string, string>>;
  /** Set for the jobs, too, through act's own environment. */
  processEnv: Readonly<Record<string, string>>;
  /** Folders in front of the `PATH`. */
  tools: readonly string[];
  timeoutMs: number;
  /** One job, instead of all that the event starts. */
  only?: OnlyJob | undefined;
  /** Resolves when the run is to be cancelled, as Ctrl+C does it. */
  cancelAt?: Promise<unknown>;
}

export interface OnlyJob {
  /** Its id. */
  job: string;
  /** Of its matrix: `<key>:<value>`. */
  matrix: string;
}

export interface ActRun extends ActLog {
  /** Null where it was killed. */
  exitCode: number | null;
  durationMs: number;
  /**
   * Names of what the jobs have left in the system's temporary folder, which is the run's own. What is in RUNNER_TEMP goes
   * with the job, as on GitHub: tests of whole processes look there.
   */
  left: string[];
}

/** Runs one event through one workflow. A run that takes too long is killed, with exit code null. */
export async function runAct(options: ActOptions): Promise<ActRun> {
  mkdirSync(options.folder, { recursive: true });
  const folder = mkdtempSync(join(options.folder, 'act-'));
  const begin = performance.now();
  const child = spawn(options.act, renderArguments(options, folder), {
    cwd: folder,
    env: renderEnvironment(options, folder),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs);
  void options.cancelAt?.then(() => child.kill('SIGINT'));
  // Where this process is interrupted. Steps end with the terminals that act has given them; what they have started in the
  // background, as start-platform.sh does, would stay, with its port.
  const stop = () => {
    child.kill('SIGKILL');
    killOrphans(folder);
  };
  process.prependOnceListener('exit', stop);
  const exitCode = await new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  clearTimeout(timer);
  process.off('exit', stop);
  const durationMs = performance.now() - begin;
  await endOrphans(folder);
  const left = readdirSync(temporaryFolderIn(folder));
  return { exitCode, durationMs, left, ...parseActLog(Buffer.concat(chunks).toString()) };
}

function renderArguments(options: ActOptions, folder: string): string[] {
  const event = join(folder, 'event.json');
  writeFileSync(event, JSON.stringify(options.event.payload));
  const pairs = (flag: string, values: Readonly<Record<string, string>>) =>
    Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
  return [
    options.event.name,
    ...['--actor', options.event.actor],
    ...(options.only === undefined ? [] : ['--job', options.only.job, '--matrix', options.only.matrix]),
    ...['--directory', options.repository, '--workflows', options.workflow, '--eventpath', event],
    ...['--platform', 'ubuntu-latest=-self-hosted', '--pull=false', '--no-cache-server', '--json', '--rm'],
    // Its own way is to copy the repository with all that lies in it; a stand-in does what the real checkout does.
    '--no-skip-checkout',
    ...['--action-cache-path', join(folder, 'cache')],
    ...pairs('--local-repository', Object.fromEntries(options.actions)),
    ...pairs('--var', options.variables),
    ...pairs('--secret', options.secrets),
    ...pairs('--env', options.env),
  ];
}

function temporaryFolderIn(folder: string): string {
  return join(folder, 'tmp');
}

/** Whatever is in act's environment gets into that of the jobs. */
function renderEnvironment({ tools, processEnv }: ActOptions, folder: string): Record<string, string> {
  const config = join(folder, 'config');
  mkdirSync(join(config, 'act'), { recursive: true });
  // Without it, act asks on the terminal which images to take.
  writeFileSync(join(config, 'act', 'actrc'), '');
  mkdirSync(temporaryFolderIn(folder));
  const node = dirname(process.execPath);
  return {
    PATH: [...tools, node, process.env['PATH'] ?? ''].join(delimiter),
    HOME: folder,
    TMPDIR: temporaryFolderIn(folder),
    XDG_CONFIG_HOME: config,
    XDG_CACHE_HOME: join(folder, 'xdg'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    ACT_DISABLE_VERSION_CHECK: '1',
    ...processEnv,
  };
}
