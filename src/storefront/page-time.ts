import type { Readable } from 'node:stream';
import type { PageRequest } from '../domain/verification/page.ts';
import { startTimer } from '../pause.ts';
import { NoAnswerError } from './page-faults.ts';

/** The time that a page may take, with all its redirects, and what ends with it. */
export interface PageTime {
  /** Aborted by the user, or when the time is over. */
  signal: AbortSignal;
  isOver(): boolean;
  /** Without a connection it was not reached, unless a redirect before has taken of the time. */
  overError(missing: 'connection' | 'answer' | 'complete answer'): NoAnswerError;
  /** The body of an answer, which ends with the page at the latest. */
  add(body: Readable): void;
  /** Leaves no timer, no listener and no open body. */
  end(): void;
}

export function startTime({ timeoutMs, signal }: Pick<PageRequest, 'timeoutMs' | 'signal'>): PageTime {
  const controller = new AbortController();
  const bodies: Readable[] = [];
  let isOver = false;
  const onAbort = () => controller.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = startTimer(() => {
    isOver = true;
    controller.abort(new DOMException('timed out', 'TimeoutError'));
  }, timeoutMs);
  return {
    signal: controller.signal,
    isOver: () => isOver,
    overError: (missing) => {
      const fault = missing === 'connection' && bodies.length === 0 ? 'connection' : 'timeout';
      return new NoAnswerError({ fault, reason: `no ${missing} within ${Math.round(timeoutMs / 100) / 10} s` });
    },
    add: (body) => {
      // One that nobody reads any more has nobody to tell.
      body.on('error', () => {});
      bodies.push(body);
    },
    end: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      for (const body of bodies) body.destroy();
    },
  };
}
