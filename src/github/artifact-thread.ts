import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { startTimer } from '../pause.ts';
import type { ThreadJob, ThreadMessage } from './artifact-message.ts';

export interface ThreadOptions {
  /** File that the thread starts with. */
  workerPath: string;
  env: Readonly<Record<string, string | undefined>>;
  job: ThreadJob;
  timeoutMs: number;
  onLine: (line: string) => void;
}

/** The thread's answer, or how it ended without one. */
export type ThreadOutcome = ThreadMessage | { kind: 'timed-out' } | { kind: 'ended'; reason: string };

/**
 * Runs a job in a thread, which has ended when this returns, its sockets included.
 * @throws the signal's reason
 */
export async function runArtifactThread(options: ThreadOptions, signal: AbortSignal): Promise<ThreadOutcome> {
  signal.throwIfAborted();
  const { workerPath, env, job, timeoutMs, onLine } = options;
  const worker = new Worker(workerPath, { stdout: true, stderr: true, env: { ...env }, workerData: job });
  const printed = [worker.stdout, worker.stderr].map((input) => {
    const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
    lines.on('line', onLine);
    return once(lines, 'close');
  });
  const settled = Promise.withResolvers<ThreadOutcome>();
  const abort = () => settled.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const timer = startTimer(() => settled.resolve({ kind: 'timed-out' }), timeoutMs);
  worker.on('message', (message: ThreadMessage) => settled.resolve(message));
  worker.on('error', (error) => settled.resolve({ kind: 'ended', reason: `${error}` }));
  worker.on('exit', (code) => settled.resolve({ kind: 'ended', reason: `its thread ended with code ${code}` }));
  try {
    return await settled.promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    await worker.terminate();
    await Promise.all(printed);
  }
}
