/** Runs test files of a copy (copies.ts) by Jest, one after the other, up to the first that fails. */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;
/** Loading Jest, on a busy machine. */
const START_LIMIT_MS = 180_000;
/** From one file to the next. */
const NEXT_LIMIT_MS = 60_000;

export interface TestRun {
  copy: string;
  /** In this order; paths from the root, with `/`. */
  tests: readonly string[];
  /** Number of the mutant that is on, or what the switch does instead. */
  mutant: number | 'record' | 'none';
  /** How long a file may take, after which it counts as hung. */
  limitMsOf: (test: string) => number;
  /** Goes on after a file that failed. */
  runsAll?: boolean;
  /** Called as soon as a file has ended. */
  onFile?: (file: TestFile) => void;
  signal: AbortSignal;
}

export interface TestFile {
  test: string;
  durationMs: number;
  /** The name of the first test that failed, or what became of the process. */
  failure?: string;
}

/** @returns the files that have ended, in their order */
export async function runTests(run: TestRun): Promise<TestFile[]> {
  const { copy, tests } = run;
  rmSync(join(copy, 'temporary'), { recursive: true, force: true });
  mkdirSync(join(copy, 'temporary'));
  writeFileSync(join(copy, 'mutant'), String(run.mutant));
  writeFileSync(join(copy, 'order'), JSON.stringify(tests));
  writeFileSync(join(copy, 'results'), '');
  writeConfig(
    copy,
    tests.some((test) => test.endsWith('.heavy.test.ts')),
  );
  const child = startJest(run);
  const kill = () => killGroup(child);
  run.signal.addEventListener('abort', kill, { once: true });
  try {
    return await follow(run, child);
  } finally {
    run.signal.removeEventListener('abort', kill);
    killGroup(child);
  }
}

function writeConfig(copy: string, isHeavy: boolean): void {
  const parts = '<rootDir>/scripts/mutants/copy';
  const config = {
    testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
    testPathIgnorePatterns: ['/node_modules/'],
    reporters: [[`${parts}/jest-reporter.js`, { folder: copy }]],
    testSequencer: `${parts}/jest-sequencer.js`,
    cacheDirectory: join(copy, 'jest'),
    ...(isHeavy ? { globals: { IDLE_TIMEOUT_MS: 300_000 } } : {}),
  };
  const text = `import base from './jest.config.js';\nexport default { ...base, ...${JSON.stringify(config)} };\n`;
  writeFileSync(join(copy, 'tree/jest.mutants.config.js'), text);
}

function startJest({ copy, tests, runsAll }: TestRun): ChildProcess {
  const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const args = ['--config', 'jest.mutants.config.js', '--runInBand', ...(runsAll ? [] : ['--bail'])];
  const child = spawn(process.execPath, [...jest, ...args, '--runTestsByPath', ...tests], {
    cwd: join(copy, 'tree'),
    // What tests leave behind when they are killed goes with the copy.
    env: { ...process.env, TMPDIR: join(copy, 'temporary') },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => appendFileSync(join(copy, 'output'), chunk));
  }
  return child;
}

/** With the processes that it has started. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of them are gone.
  }
}

/** Until Jest ends, or has run all files; it is killed when a file takes too long. */
async function follow(run: TestRun, child: ChildProcess): Promise<TestFile[]> {
  let hasEnded = false;
  const end = new Promise<void>((resolve) => child.once('close', () => resolve()));
  void end.then(() => {
    hasEnded = true;
  });
  const stop = async () => {
    killGroup(child);
    await end;
  };
  const progress = new Progress(run);
  const { files } = progress;
  while (!hasEnded) {
    await Promise.race([end, sleep(POLL_MS)]);
    const failure = progress.read();
    if (failure !== undefined && !run.runsAll) {
      await stop();
      return [...files, progress.cut(failure)];
    }
    // Jest itself goes on for as long as a test has left something open.
    if (files.length === run.tests.length) {
      await stop();
      return files;
    }
    if (hasEnded || !progress.isOverdue()) continue;
    await stop();
    // No mutant can do that: nothing of src/ is loaded yet.
    if (!progress.hasBegun) throw new Error(`Jest has not begun within ${START_LIMIT_MS / 1000} s.`);
    return [...files, progress.cut('it hung')];
  }
  run.signal.throwIfAborted();
  const isCut = files.length < run.tests.length && (run.runsAll || files.every(({ failure }) => failure === undefined));
  return isCut ? [...files, progress.cut(`the process ended (${child.exitCode ?? child.signalCode})`)] : files;
}

/** What Jest has reported so far (copy/jest-reporter.js). */
class Progress {
  /** Those that have ended. */
  readonly files: TestFile[] = [];
  readonly #run: TestRun;
  #lines = 0;
  /** The file that runs. */
  #current: string | undefined;
  #sinceMs = performance.now();

  constructor(run: TestRun) {
    this.#run = run;
  }

  get hasBegun(): boolean {
    return this.#lines > 0;
  }

  /** @returns the name of a test that has failed while the others of its file still run */
  read(): string | undefined {
    const all = readLines(join(this.#run.copy, 'results'));
    let failedCase: string | undefined;
    for (const { failedCase: failed, ...line } of all.slice(this.#lines)) {
      failedCase = failed;
      if (failed !== undefined) continue;
      this.#sinceMs = performance.now();
      this.#current = line.durationMs === undefined ? line.test : undefined;
      if (line.durationMs === undefined) continue;
      const file = { ...line, durationMs: line.durationMs };
      this.files.push(file);
      this.#run.onFile?.(file);
    }
    this.#lines = all.length;
    return this.#current === undefined ? undefined : failedCase;
  }

  isOverdue(): boolean {
    const betweenMs = this.hasBegun ? NEXT_LIMIT_MS : START_LIMIT_MS;
    const limitMs = this.#current === undefined ? betweenMs : this.#run.limitMsOf(this.#current);
    return performance.now() - this.#sinceMs >= limitMs;
  }

  /** The file that did not end by itself. */
  cut(failure: string): TestFile {
    const test = this.#current ?? this.#run.tests[this.files.length] ?? '';
    return { test, durationMs: performance.now() - this.#sinceMs, failure };
  }
}

function readLines(path: string): { test: string; durationMs?: number; failure?: string; failedCase?: string }[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
