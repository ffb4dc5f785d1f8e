/** Runs the measured processes: wall time, and the peak of their memory as counted by the kernel. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PROBE = fileURLToPath(new URL('peers/peak-memory.cjs', import.meta.url));
const POLL_MS = 4;
const MAX_MS = 10 * 60 * 1000;

export interface Command {
  file: string;
  args: readonly string[];
  cwd?: string;
  /** The whole environment; unless given, this process's own without Node's tuning variables. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Processors that it may use, in the format of `taskset`: `0` or `0-3`. */
  cpus?: string;
}

export interface FinishedProcess {
  /** From just before the start to the end. */
  ms: number;
  peakBytes: number;
  stdout: string;
}

/** A Node process of this version. */
export function nodeCommand(args: readonly string[], rest: Omit<Command, 'file' | 'args'> = {}): Command {
  return { file: process.execPath, args, ...rest };
}

/**
 * Runs a process to its end. Node processes report the peak of their memory (VmHWM) themselves when they end; for
 * others and their children it is read every few milliseconds, and the peaks of all processes are added up.
 * @throws when it does not end with 0
 */
export async function runProcess(command: Command, { measuresMemory = true } = {}): Promise<FinishedProcess> {
  const isNode = measuresMemory && command.file === process.execPath;
  const own = isNode ? ['--require', PROBE, ...command.args] : [...command.args];
  const [file, args] =
    command.cpus === undefined ? [command.file, own] : ['taskset', ['-c', command.cpus, command.file, ...own]];
  const startedMs = performance.now();
  const child = spawn(file, args, {
    cwd: command.cwd,
    env: command.env ?? plainEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    timeout: MAX_MS,
  });
  const texts = [1, 2, 3].map((index) => collect(child, index));
  const watched = isNode || !measuresMemory ? undefined : watchMemory(child.pid ?? 0);
  const code = await new Promise<number | string | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve(status ?? signal));
  });
  const ms = performance.now() - startedMs;
  const polled = watched?.() ?? 0;
  const [stdout = '', stderr = '', reported = ''] = texts.map((text) => text());
  if (code !== 0)
    throw new Error(`${file} ${args.join(' ')} ended with ${code}:\n${tailOf(stdout)}\n${tailOf(stderr)}`);
  return { ms, peakBytes: isNode ? Math.max(0, ...reported.split('\n').map(Number)) * 1024 : polled, stdout };
}

/** The end has the reason; the beginning may be a line of a minified bundle. */
function tailOf(text: string): string {
  return text.slice(-1500);
}

/** Whether a command is installed. */
export function isInstalled(name: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$0"', name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Variables of npm and a developer's shell that would tune the measured processes. */
export function plainEnvironment(): Record<string, string | undefined> {
  const tuned = /^(?:npm_|NODE_|UV_|CATALYST_|INPUT_|GITHUB_|RUNNER_|ACTIONS_|(?:https?|all|no)_proxy$)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !tuned.test(name)));
}

function collect(child: ChildProcess, index: number): () => string {
  const chunks: Buffer[] = [];
  const stream = child.stdio[index];
  if (stream != null && 'on' in stream) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

/** Follows a process and its descendants; the returned function stops that and returns the sum of their peaks. */
function watchMemory(pid: number): () => number {
  const peaks = new Map<number, number>();
  const look = () => {
    for (const one of withDescendants(pid)) {
      const kilobytes = Number(/VmHWM:\s*(\d+)/.exec(readText(`/proc/${one}/status`))?.[1] ?? 0);
      peaks.set(one, Math.max(peaks.get(one) ?? 0, kilobytes * 1024));
    }
  };
  const timer = setInterval(look, POLL_MS);
  return () => {
    clearInterval(timer);
    return [...peaks.values()].reduce((sum, peak) => sum + peak, 0);
  };
}

function withDescendants(pid: number): number[] {
  const children = listTasks(pid).flatMap((task) => readText(`/proc/${pid}/task/${task}/children`).split(' '));
  return [pid, ...children.filter((text) => text.trim() !== '').flatMap((text) => withDescendants(Number(text)))];
}

function listTasks(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** '' for a process that has exited. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
