/**
 * Runs an action of this repository the way a GitHub runner does: reads its action.yml, hands the inputs over as
 * INPUT_* with their defaults, gives it fresh command files, starts the committed `main` as a separate process, and
 * reads its output. For the whole-process tests and the demo.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { requireCurrentDist } from './dist-sources.ts';
import { parseCommand, parseKeyValueFile } from './runner-commands.ts';

const REPOSITORY = resolve(dirname(fileURLToPath(import.meta.url)), '..');

export interface RunOptions {
  /** Folder of the action in the repository; `.` is the deploy action. */
  action?: string;
  /** Folder of the repository: this one unless given. */
  repository?: string;
  inputs?: Readonly<Record<string, string>>;
  env?: Readonly<Record<string, string>>;
  /** The value of `${{ github.token }}`; '' unless given. */
  githubToken?: string;
  /** The event that started the workflow: a push unless given. */
  event?: { name: string; payload: unknown };
  /** Runs the action's `post` step instead, with the state that its main step has saved. */
  postOf?: Readonly<Record<string, string>>;
  workspace: string;
  /** False skips measuring the memory, which takes some time at the start. */
  measuresMemory?: boolean;
  /** Variables that a runner never sets. */
  args?: readonly string[];
  /** The Node that starts it; this one unless given. */
  nodePath?: string;
  /** Called with each line of the log, commands included. */
  onLine?: (line: string, run: StartedRun) => void;
}

export interface StartedRun {
  /** Just before the process was started, by `performance.now()`. */
  startedMs: number;
  kill: (signal: NodeJS.Signals) => void;
  runnerTemp: string;
  finished: Promise<FinishedRun>;
}

export interface Annotation {
  level: 'error' | 'warning' | 'notice';
  title: string | undefined;
  message: string;
  /** As given in the command: relative to the workspace. */
  file?: string;
  line?: number;
}

export interface FinishedRun {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** From the process's start to its end. */
  durationMs: number;
  /** Lines as the process printed them, without the add-mask commands (a runner never shows those). */
  lines: string[];
  stderr: string;
  outputs: Record<string, string>;
  /** The state saved for its `post` step. */
  state: Record<string, string>;
  summary: string;
  masks: string[];
  annotations: Annotation[];
  /** Everything that is readable afterwards, before the runner's own masking. */
  everything: string;
  runnerTemp: string;
  /** Highest resident memory of the process, in bytes. */
  peakMemoryBytes: number;
}

/** Compiling the bundle anew takes a quarter of a short run. Node keeps what it compiled by the file's own hash. */
export const QUICK_START = { NODE_COMPILE_CACHE: join(tmpdir(), 'catalyst-deploy-action-compiled') };

/**
 * Starts the action; `finished` resolves when the process is gone.
 * @throws Error when dist/ was built from other sources than those in src/
 */
export function startAction(options: RunOptions): StartedRun {
  const repository = options.repository ?? REPOSITORY;
  if (repository === REPOSITORY) requireCurrentDist();
  const action = readAction(join(repository, options.action ?? '.'));
  const files = createCommandFiles();
  const main = options.postOf === undefined ? action.main : action.post;
  const probe = options.measuresMemory === false ? [] : ['--import', files.memoryProbe];
  const startedMs = performance.now();
  const child = spawn(options.nodePath ?? process.execPath, [...probe, main, ...(options.args ?? [])], {
    cwd: options.workspace,
    env: {
      ...baseEnvironment(options.workspace, files),
      ...eventEnvironment(options.event, files),
      ...inputEnvironment(action.defaults, options.inputs, options.githubToken),
      ...prefixed('STATE_', options.postOf ?? {}),
      ...options.env,
    },
  });
  let started: StartedRun | undefined;
  const output = collectOutput(child, (line) => started !== undefined && options.onLine?.(line, started));
  const finished = new Promise<FinishedRun>((done) => {
    child.on('close', (exitCode, signal) => {
      const durationMs = performance.now() - startedMs;
      done({ exitCode, signal, durationMs, ...readResult(output, files) });
      rmSync(files.folder, { recursive: true, force: true });
    });
  });
  started = { startedMs, kill: (signal) => child.kill(signal), runnerTemp: files.runnerTemp, finished };
  return started;
}

/** Runs the action to its end. */
export async function runAction(options: RunOptions): Promise<FinishedRun> {
  return await startAction(options).finished;
}

interface ActionFile {
  main: string;
  /** '' where it has none. */
  post: string;
  defaults: Record<string, string>;
}

function readAction(folder: string): ActionFile {
  const path = join(folder, 'action.yml');
  const action = parse(readFileSync(path, 'utf8')) as {
    inputs?: Record<string, { default?: string }>;
    runs: { main: string; post?: string };
  };
  const defaults: Record<string, string> = {};
  for (const [name, input] of Object.entries(action.inputs ?? {})) defaults[name] = String(input.default ?? '');
  const at = (name: string | undefined) => (name === undefined ? '' : join(dirname(path), name));
  return { main: at(action.runs.main), post: at(action.runs.post), defaults };
}

function inputEnvironment(
  defaults: Record<string, string>,
  inputs: RunOptions['inputs'] = {},
  githubToken = '',
): Record<string, string> {
  const unknown = Object.keys(inputs).filter((name) => !(name in defaults));
  if (unknown.length > 0) throw new Error(`action.yml has no input named ${unknown.join(', ')}`);
  return Object.fromEntries(
    Object.entries({ ...defaults, ...inputs }).map(([name, value]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      value.replace(/\$\{\{\s*github\.token\s*\}\}/g, githubToken),
    ]),
  );
}

function prefixed(prefix: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));
}

function eventEnvironment(event: RunOptions['event'], files: CommandFiles): Record<string, string> {
  if (event === undefined) return {};
  const path = join(files.folder, 'event.json');
  writeFileSync(path, JSON.stringify(event.payload));
  return { GITHUB_EVENT_NAME: event.name, GITHUB_EVENT_PATH: path };
}

/**
 * Both figures are in kB (proc_pid_status(5); Node's documentation of process.resourceUsage). On Linux the second one
 * includes the memory of the parent process at the fork: a test's own, which may be more than the action needs.
 */
const PEAK_MEMORY = `import { existsSync, readFileSync } from 'node:fs';
function peakMemoryBytes() {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  return 1024 * Number(/VmHWM:\\s*(\\d+)/.exec(status)?.[1] ?? process.resourceUsage().maxRSS);
}`;

interface CommandFiles {
  folder: string;
  output: string;
  summary: string;
  state: string;
  memory: string;
  memoryProbe: string;
  /** Not removed with the rest: later steps use what the action leaves there. */
  runnerTemp: string;
}

function createCommandFiles(): CommandFiles {
  const folder = mkdtempSync(join(tmpdir(), 'runner-files-'));
  const at = (name: string) => {
    writeFileSync(join(folder, name), '');
    return join(folder, name);
  };
  const memory = join(folder, 'memory');
  const probe = `import { writeFileSync } from 'node:fs'; ${PEAK_MEMORY}; process.on('exit', () => writeFileSync(${JSON.stringify(memory)}, String(peakMemoryBytes())));`;
  return {
    folder,
    output: at('output'),
    summary: at('summary'),
    state: at('state'),
    memory,
    memoryProbe: `data:text/javascript,${encodeURIComponent(probe)}`,
    runnerTemp: mkdtempSync(join(tmpdir(), 'runner-temp-')),
  };
}

/** Only what a runner sets, and what a process needs to start: none of the machine's own settings leak in. */
function baseEnvironment(workspace: string, files: CommandFiles): Record<string, string> {
  const inherited = ['PATH', 'HOME', 'SystemRoot', 'TEMP', 'TMP', 'TZ'];
  const machine = Object.fromEntries(
    inherited.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  return {
    ...machine,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: workspace,
    GITHUB_OUTPUT: files.output,
    GITHUB_STATE: files.state,
    GITHUB_STEP_SUMMARY: files.summary,
    GITHUB_REPOSITORY: 'acme/storefront',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_SHA: '4f9c1d2e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d',
    GITHUB_REF_NAME: 'main',
    GITHUB_ACTOR: 'octocat',
    GITHUB_RUN_ID: '1234567890',
    GITHUB_RUN_ATTEMPT: '1',
    RUNNER_TEMP: files.runnerTemp,
    RUNNER_DEBUG: '1',
  } as Record<string, string>;
}

interface Output {
  lines: string[];
  stderr: string;
}

function collectOutput(child: ChildProcessWithoutNullStreams, onLine: (line: string) => void): Output {
  const output: Output = { lines: [], stderr: '' };
  let rest = '';
  child.stdout.setEncoding('utf8');
  child.stderr.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => {
    const parts = (rest + chunk).split(/\r?\n/);
    rest = parts.pop() ?? '';
    for (const line of parts) {
      output.lines.push(line);
      onLine(line);
    }
  });
  child.stdout.on('end', () => {
    if (rest !== '') output.lines.push(rest);
  });
  child.stderr.on('data', (chunk: string) => {
    output.stderr += chunk;
  });
  return output;
}

function readResult(output: Output, files: CommandFiles): Omit<FinishedRun, 'exitCode' | 'signal' | 'durationMs'> {
  const masks: string[] = [];
  const annotations: Annotation[] = [];
  const lines: string[] = [];
  for (const line of output.lines) {
    const command = parseCommand(line);
    if (command?.name === 'add-mask') {
      masks.push(command.value);
      continue;
    }
    lines.push(line);
    if (command?.name === 'error' || command?.name === 'warning' || command?.name === 'notice') {
      const { title, file, line: fileLine } = command.properties;
      const place = {
        ...(file === undefined ? {} : { file }),
        ...(fileLine === undefined ? {} : { line: Number(fileLine) }),
      };
      annotations.push({ level: command.name, title, message: command.value, ...place });
    }
  }
  const outputText = readFileSync(files.output, 'utf8');
  const summary = readFileSync(files.summary, 'utf8');
  const stateText = readFileSync(files.state, 'utf8');
  const everything = [...lines, output.stderr, outputText, summary, stateText].join('\n');
  const outputs = parseKeyValueFile(outputText);
  const peakMemoryBytes = readNumber(files.memory);
  return {
    lines,
    stderr: output.stderr,
    outputs,
    state: parseKeyValueFile(stateText),
    summary,
    masks,
    annotations,
    everything,
    runnerTemp: files.runnerTemp,
    peakMemoryBytes,
  };
}

function readNumber(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return Number.NaN;
  }
}
