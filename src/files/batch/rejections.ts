import { stat } from 'node:fs/promises';
import { TextFile } from '../text-file.ts';
import { openSource } from './source-bytes.ts';
import { splitLines } from './source-lines.ts';

/** A rejected record on its way from the error log to the errors file. */
export interface Rejection {
  /** Undefined where no record of the part has this ref. */
  line?: number;
  ref: string;
  code: string;
  /** Scrubbed. */
  message: string;
  /** Lines of the part that have this ref; `line` is the first of them. */
  lines: number;
  /** How many entries the log has for it. */
  entries: number;
}

/** Appends them to a file, which is created if it does not exist. */
export async function writeRejections(
  path: string,
  rejections: AsyncIterable<Rejection> | Iterable<Rejection>,
): Promise<void> {
  const file = await TextFile.append(path);
  try {
    for await (const rejection of rejections) await file.write(`${JSON.stringify(rejection)}\n`);
    await file.close();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** What `writeRejections` wrote; nothing if there is no such file. */
export async function* readRejections(path: string, signal: AbortSignal): AsyncGenerator<Rejection, void, void> {
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

/** Merges two lists that are sorted by line. For a line in both, the message comes from the first list. */
export async function* mergeRejections(
  some: AsyncGenerator<Rejection, void, void>,
  others: AsyncGenerator<Rejection, void, void>,
): AsyncGenerator<Rejection, void, void> {
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

function lineOf({ line }: Rejection): number {
  return line ?? Number.POSITIVE_INFINITY;
}
