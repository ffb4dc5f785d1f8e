import { ActionError } from '../errors.ts';
import { pause, startTimer } from '../pause.ts';
import { formatDuration } from '../report/format.ts';

/** The one clock of a run: all its waits together may take no longer. It begins with the first request. */
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

/** `timeout-minutes` is over. Whoever knows what that leaves undone says so in the place of this. */
export class DeadlineError extends ActionError {
  override name = 'DeadlineError';

  constructor(timeoutMs: number) {
    super(`The time of this run is up: ${formatDuration(timeoutMs)} (\`timeout-minutes\`).`, {
      title: 'Time is up',
      fix: 'Run the job again; if it is always this slow, raise `timeout-minutes`.',
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

/** What a use case has once it begins to ask the remote side. */
export interface Connection<Client> {
  client: Client;
  deadline: Deadline;
}

export interface Connecting<Client> {
  /** A client whose requests end with this signal, and throw its reason then; it waits for nobody longer than is left. */
  connect(signal: AbortSignal, timeLeftMs: () => number): Client;
  startDeadline(timeoutMs: number, cancelled: AbortSignal): Deadline;
  /** Aborted when the job is cancelled. */
  signal: AbortSignal;
}

/** Starts the run's clock, and ends it with the work. */
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
