/** A list that keeps its first and its last items, and the number of those between: of a flood, both ends tell most. */
export class HeadAndTail<T> {
  readonly #head: T[] = [];
  readonly #tail: T[] = [];
  readonly #maxHead: number;
  readonly #maxTail: number;
  /** Where the next item of a full tail goes. */
  #next = 0;
  #omitted = 0;

  constructor(maxHead: number, maxTail: number) {
    this.#maxHead = maxHead;
    this.#maxTail = maxTail;
  }

  add(item: T): void {
    if (this.#head.length < this.#maxHead) this.#head.push(item);
    else if (this.#tail.length < this.#maxTail) this.#tail.push(item);
    else {
      this.#tail[this.#next] = item;
      this.#next = (this.#next + 1) % this.#maxTail;
      this.#omitted += 1;
    }
  }

  /** In their order, with what stands for those that were not kept. */
  items<O>(omissionOf: (count: number) => O): (T | O)[] {
    const tail = [...this.#tail.slice(this.#next), ...this.#tail.slice(0, this.#next)];
    return [...this.#head, ...(this.#omitted === 0 ? [] : [omissionOf(this.#omitted)]), ...tail];
  }
}
