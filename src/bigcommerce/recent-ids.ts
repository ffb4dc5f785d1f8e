/** Which ids came lately, in bounded memory and constant time: at least the last `count`, at most twice as many. */
export class RecentIds {
  readonly #count: number;
  #ids = new Set<string>();
  #earlier = new Set<string>();

  constructor(count: number) {
    this.#count = count;
  }

  isNew(id: string): boolean {
    const isNew = !this.#ids.has(id) && !this.#earlier.has(id);
    if (isNew && this.#ids.size >= this.#count) {
      this.#earlier = this.#ids;
      this.#ids = new Set();
    }
    this.#ids.add(id);
    return isNew;
  }
}
