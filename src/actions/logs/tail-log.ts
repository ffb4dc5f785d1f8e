import type { Reconnection } from '../../bigcommerce/hosting.ts';
import { type EntryFilter, filterEvent } from '../../domain/worker-logs/filter.ts';
import type { WorkerLogEvent } from '../../domain/worker-logs/log-event.ts';
import { ActionError } from '../../errors.ts';
import { startTimer } from '../../pause.ts';
import { count, formatCount, formatDuration } from '../../report/format.ts';
import type { LogsDependencies } from './dependencies.ts';

/** For the first connection; later ones have all the time that is left. */
const OPENING_MS = 60_000;

export interface TailRequest {
  projectUuid: string;
  /** Counted from when the tail is open. */
  durationMs: number;
  filter: EntryFilter;
  onEvent: (event: WorkerLogEvent) => void;
}

/**
 * What is logged from now on, for so long.
 * @throws ActionError when the tail is refused or cannot be opened
 */
export async function tailLog(request: TailRequest, { logs, run, signal }: LogsDependencies): Promise<void> {
  const over = new AbortController();
  const opened = Promise.withResolvers<void>();
  let lastFault = 'no answer';
  let skipped = 0;
  let gaps = 0;
  let isInGap = false;
  const following = follow();
  following.catch(opened.reject);
  opened.promise.catch(() => {});
  try {
    await run.phase('Open the log tail', async (phase) => {
      const timer = startTimer(() => over.abort(notOpened(lastFault)), OPENING_MS);
      await opened.promise.finally(() => clearTimeout(timer));
      phase.result(`following it for ${formatDuration(request.durationMs)}`);
    });
    await following;
  } finally {
    over.abort(new Over());
    warnOfGaps(run, { gaps, isInGap, skipped });
  }

  async function follow(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const onOpen = () => {
      isInGap = false;
      timer ??= startTimer(() => over.abort(new Over()), request.durationMs);
      run.emit({ type: 'tail-opened' });
      opened.resolve();
    };
    const onReconnect = ({ isFault, reason, cause = reason }: Reconnection) => {
      if (isFault) lastFault = cause;
      // Several vain attempts in a row make one gap.
      const isGap = isFault && !isInGap && timer !== undefined;
      if (isGap) gaps += 1;
      isInGap ||= isGap;
      run.emit({ type: 'tail-closed', isFault, isGap, reason });
    };
    const onSkipped = (description: string) => {
      skipped += 1;
      run.debug(`log tail: ${description}`);
    };
    try {
      const until = AbortSignal.any([signal, over.signal]);
      for await (const event of logs.tail(request.projectUuid, { signal: until, onOpen, onReconnect, onSkipped })) {
        const wanted = filterEvent(event, request.filter);
        if (wanted !== undefined) request.onEvent(wanted);
      }
    } catch (error) {
      if (!(error instanceof Over)) throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

interface Gaps {
  gaps: number;
  /** The last one goes on. */
  isInGap: boolean;
  /** What could not be read. */
  skipped: number;
}

function warnOfGaps(run: LogsDependencies['run'], { gaps, isInGap, skipped }: Gaps): void {
  if (gaps > 0) {
    const what = isInGap
      ? ', and could not be opened again: what was logged from then on is missing'
      : ': what was logged until it was open again may be missing';
    run.warn(`The log tail broke ${timesWords(gaps)}${what}; \`mode: query\` has it.`, 'The log tail broke');
  }
  if (skipped > 0)
    run.warn(
      `${count(skipped, 'piece')} of the log tail could not be read: see the debug log.`,
      'Some of the log not read',
    );
}

function timesWords(times: number): string {
  return times === 1 ? 'once' : `${formatCount(times)} times`;
}

/** The time to follow the log is over. */
class Over extends Error {}

function notOpened(reason: string): ActionError {
  return new ActionError(`The log tail could not be opened within ${formatDuration(OPENING_MS)}: ${reason}.`, {
    topic: '404-not-found',
    title: 'Log tail not opened',
    fix: 'Run the job again; `mode: query` reads what was logged meanwhile.',
  });
}
