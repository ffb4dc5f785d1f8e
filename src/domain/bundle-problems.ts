/** Collects what is wrong with a bundle, so that all of it is reported at once and no list floods the log. */

/** How many lines a list in a message has at most. */
export const MAX_LISTED = 20;

/** What a problem is about. Cutting a long list keeps some of each topic. */
export type ProblemTopic = 'bundle' | 'path' | 'name' | 'content' | 'limit';

/** Problems by topic, in the order in which they were found. */
export class ProblemList {
  readonly #byTopic = new Map<ProblemTopic, string[]>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(topic: ProblemTopic, ...sentences: readonly string[]): void {
    const known = this.#byTopic.get(topic) ?? [];
    known.push(...sentences);
    this.#byTopic.set(topic, known);
    this.#count += sentences.length;
  }

  /** At most `MAX_LISTED` sentences, spread over the topics, and one that says how many more there are. */
  sentences(): string[] {
    const shares = shareOut(
      [...this.#byTopic.values()].map((list) => list.length),
      MAX_LISTED,
    );
    const listed = [...this.#byTopic.values()].flatMap((list, index) => list.slice(0, shares[index]));
    return withRest(listed, this.#count);
  }
}

/** The first `MAX_LISTED` sentences, and one that says how many more there are. */
export function cutList(sentences: readonly string[]): string[] {
  return withRest(sentences.slice(0, MAX_LISTED), sentences.length);
}

function withRest(listed: string[], total: number): string[] {
  return total > listed.length ? [...listed, `and ${total - listed.length} more`] : listed;
}

/** Gives each topic one line in turn until the list is full, so that 300 links do not hide the one private key. */
function shareOut(lengths: readonly number[], room: number): number[] {
  const shares = lengths.map(() => 0);
  let left = Math.min(
    room,
    lengths.reduce((sum, length) => sum + length, 0),
  );
  while (left > 0) {
    for (const [index, length] of lengths.entries()) {
      const share = shares[index] ?? 0;
      if (left > 0 && share < length) {
        shares[index] = share + 1;
        left -= 1;
      }
    }
  }
  return shares;
}
