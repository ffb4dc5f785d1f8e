interface Waiter<R> {
  matches: (record: R) => boolean;
  resolve: (record: R) => void;
  reject: (error: Error) => void;
}

/** Who waits for a record of one kind to get into a state. */
export class Waiters<R> {
  readonly #noun: string;
  #waiting: Waiter<R>[] = [];

  /** @param noun what one of the records is called: "deployment" */
  constructor(noun: string) {
    this.#noun = noun;
  }

  /** Resolves when a record gets into a state that matches, or at once where one is. */
  waitFor(records: readonly R[], matches: (record: R) => boolean): Promise<R> {
    const found = records.find(matches);
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve, reject) => this.#waiting.push({ matches, resolve, reject }));
  }

  /** Called on each change of a record. */
  notify(record: R): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const waiter of waiting) {
      if (waiter.matches(record)) waiter.resolve(record);
      else this.#waiting.push(waiter);
    }
  }

  /** Rejects all who still wait. */
  close(): void {
    const error = new Error(`The emulator was closed while a ${this.#noun} was awaited.`);
    for (const { reject } of this.#waiting) reject(error);
    this.#waiting = [];
  }
}
