import { stat } from 'node:fs/promises';
import { TextFile } from '../text-file.ts';
import { openSource } from './source-bytes.ts';
import { splitLines } from './source-lines.ts';

/** A record that was refused, as it is on its way from the log to the errors file. */
export interface Refusal {
  /** Undefined for a stranger. */
  line?: number;
  ref: string;
  code: string;
  /** Scrubbed. */
  message: string;
  /** Lines of the part that have this ref; `line` is the first of them. */
  lines: number;
  /** How many the log has of it. */
  entries: number;
}

/** Adds them to a file, which is made. */
export async function writeRefusals(path: string, refusals: AsyncIterable<Refusal> | Iterable<Refusal>): Promise<void> {
  const file = await TextFile.append(path);
  try {
    for await (const refusal of refusals) await file.write(`${JSON.stringify(refusal)}\n`);
    await file.close();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** As `writeRefusals` wrote them; none where there is no file. */
export async function* readRefusals(path: string, signal: AbortSignal): AsyncGenerator<Refusal, void, void> {
  const sizeBytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  if (sizeBytes === 0) return;
  const file = await openSource(path, { signal });
  try {
    for await (const lines of splitLines(file.chunks(), Number.POSITIVE_INFINITY, signal)) {
      for (const { bytes } of lines) if (bytes !== undefined) yield JSON.parse(bytes.toString('utf8'));
    }
  } finally {
    await file.close();
  }
}

/** Two lists in the order of their lines as one. Of a line that is in both, the first list has the message. */
export async function* mergeRefusals(
  some: AsyncGenerator<Refusal, void, void>,
  others: AsyncGenerator<Refusal, void, void>,
): AsyncGenerator<Refusal, void, void> {
  try {
    let [one, other] = [await some.next(), await others.next()];
    while (!one.done || !other.done) {
      if (other.done || (!one.done && lineOf(one.value) < lineOf(other.value))) {
        if (!one.done) yield one.value;
        one = await some.next();
      } else if (one.done || lineOf(other.value) < lineOf(one.value)) {
        yield other.value;
        other = await others.next();
      } else {
        yield { ...one.value, entries: one.value.entries + other.value.entries };
        [one, other] = [await some.next(), await others.next()];
      }
    }
  } finally {
    await some.return();
    await others.return();
  }
}

function lineOf({ line }: Refusal): number {
  return line ?? Number.POSITIVE_INFINITY;
}
