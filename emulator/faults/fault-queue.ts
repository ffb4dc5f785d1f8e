import { AppliedFaults } from './applied.ts';
import type { AddressedFault } from './define.ts';
import type { FaultParser, ParsedFault } from './parse.ts';

/** A fault that was added, with what it did so far. */
export interface FaultRecord {
  fault: AddressedFault;
  applied: number;
  done: boolean;
}

interface Entry extends FaultRecord {
  queue: string;
  skipLeft: number;
  /** For a fault with a duration: when it is over. */
  endsAtMs: number | undefined;
}

/** The faults that were asked for, and which of them hit a request. */
export class FaultQueue {
  readonly #parser: FaultParser;
  #entries: Entry[] = [];

  constructor(parser: FaultParser) {
    this.#parser = parser;
  }

  get records(): readonly FaultRecord[] {
    return this.#entries;
  }

  /** All or none: a list with a mistake in it changes nothing. Throws `FaultError`. */
  add(...values: readonly unknown[]): void {
    this.#entries.push(...values.map((value) => createEntry(this.#parser.parse(value))));
  }

  clear(): void {
    this.#entries = [];
  }

  /** The faults that hit this request; each is used up by one. */
  take(call: string): AppliedFaults {
    const byQueue = new Map<string, AddressedFault>();
    for (const entry of this.#entries) {
      if (!this.#parser.isFor(entry.fault.call, call) || isOver(entry)) continue;
      if (entry.skipLeft > 0) {
        entry.skipLeft -= 1;
        continue;
      }
      if (byQueue.has(entry.queue)) continue;
      byQueue.set(entry.queue, entry.fault);
      apply(entry);
    }
    return new AppliedFaults([...byQueue.values()]);
  }
}

function createEntry({ fault, definition }: ParsedFault): Entry {
  const queue = definition.queueOf(fault);
  return { fault, applied: 0, done: false, queue, skipLeft: fault.skip ?? 0, endsAtMs: undefined };
}

function isOver(entry: Entry): boolean {
  if (entry.endsAtMs !== undefined && Date.now() >= entry.endsAtMs) entry.done = true;
  return entry.done;
}

function apply(entry: Entry): void {
  const { durationMs, times = 1 } = entry.fault;
  entry.applied += 1;
  if (durationMs !== undefined) entry.endsAtMs ??= Date.now() + durationMs;
  else if (times !== 'always' && entry.applied >= times) entry.done = true;
}
