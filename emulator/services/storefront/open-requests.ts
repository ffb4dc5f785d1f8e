import { EventEmitter, once } from 'node:events';
import type { Stream } from 'node:stream';

/** The requests that a build is still answering. */
export class OpenRequests {
  #count = 0;
  readonly #events = new EventEmitter();

  /** Counts a request until its stream is closed. */
  add(stream: Stream): void {
    this.#count += 1;
    stream.once('close', () => this.#remove());
  }

  /** Counts a request until the head of its answer is there. */
  async during<Head>(answer: Promise<Head>): Promise<Head> {
    this.#count += 1;
    try {
      return await answer;
    } finally {
      this.#remove();
    }
  }

  /** Resolves when none is left, or when the signal is aborted. */
  async waitForNone(signal: AbortSignal): Promise<void> {
    if (this.#count === 0 || signal.aborted) return;
    await once(this.#events, 'none', { signal }).catch(() => {});
  }

  #remove(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#events.emit('none');
  }
}
