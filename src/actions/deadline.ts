import { ActionError } from '../errors.ts';
import { pause, startTimer } from '../pause.ts';
import { formatDuration } from '../report/format.ts';

/** The time limit of a run, for all its waits together. It starts with the first request. */
export interface Deadline {
  /** Aborted when the time is up (with a DeadlineError), and when the job is cancelled (with that reason). */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  leftMs(): number;
  /** @throws the signal's reason */
  wait(durationMs: number): Promise<void>;
  /** To be called at the end of the work. */
  stop(): void;
}

/** `timeout-minutes` is over. Callers that know what was left undone replace this with an error that says so. */
export class DeadlineError extends ActionError {
  override name = 'DeadlineError';

  constructor(timeoutMs: number) {
    super(`The time of this run is up: ${formatDuration(timeoutMs)} (\`timeout-minutes\`).`, {
      topic: 'time-is-up',
      title: 'Time is up',
      fix: 'Run the job again; if it always takes this long, raise `timeout-minutes`.',
    });
  }
}

/** @param cancelled the signal of the run */
export function startDeadline(timeoutMs: number, cancelled: AbortSignal): Deadline {
  const over = new AbortController();
  const endMs = performance.now() + timeoutMs;
  const timer = startTimer(() => over.abort(new DeadlineError(timeoutMs)), timeoutMs);
  const signal = AbortSignal.any([cancelled, over.signal]);
  return {
    signal,
    timeoutMs,
    leftMs: () => Math.max(0, endMs - performance.now()),
    wait: (durationMs) => pause(durationMs, signal),
    stop: () => clearTimeout(timer),
  };
}

/** What a use case gets for its remote calls. */
export interface Connection<Client> {
  client: Client;
  deadline: Deadline;
}

export interface Connecting<Client> {
  /** Creates a client whose requests stop with this signal and throw its reason, and whose waits end with the time left. */
  connect(signal: AbortSignal, timeLeftMs: () => number): Client;
  startDeadline(timeoutMs: number, cancelled: AbortSignal): Deadline;
  /** Aborted when the job is cancelled. */
  signal: AbortSignal;
}

/** Runs the work within a time limit that starts now. */
export async function whileConnected<Client, T>(
  { connect, startDeadline: start, signal }: Connecting<Client>,
  timeoutMs: number,
  work: (connection: Connection<Client>) => Promise<T>,
): Promise<T> {
  const deadline = start(timeoutMs, signal);
  try {
    return await work({ client: connect(deadline.signal, deadline.leftMs), deadline });
  } finally {
    deadline.stop();
  }
}
