import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';

/** A longer line is dropped. */
const MAX_LINE_BYTES = 16 * 1_048_576;
const LF = 10;
const CR = 13;

/** The file is not a gzip, or is broken: no line of it counts. The message says why. */
export class NotGzip extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotGzip';
  }
}

/**
 * The lines of a gzipped file as bytes, without their ends, in the memory of a few chunks whatever the size; undefined for one that
 * is too long. "Gzip (not zip) of exactly one file", "lines are ended by LF, CRLF, or CR": API document, section 3.
 * @throws NotGzip, possibly after lines
 */
export async function* readGzippedLines(path: string, signal: AbortSignal): AsyncGenerator<Buffer | undefined> {
  await checkStart(path);
  const source = createReadStream(path, { signal });
  const gunzip = createGunzip();
  source.once('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  const rest = new LineRest();
  try {
    let endedWithCr = false;
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      // The second half of a CRLF whose CR was the last byte of the chunk before.
      let start = endedWithCr && chunk[0] === LF ? 1 : 0;
      for (let at = start; at < chunk.length; at += 1) {
        const byte = chunk[at];
        if (byte !== LF && byte !== CR) continue;
        yield rest.finish(chunk.subarray(start, at));
        if (byte === CR && chunk[at + 1] === LF) at += 1;
        start = at + 1;
      }
      endedWithCr = chunk.at(-1) === CR;
      rest.add(chunk.subarray(start));
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new NotGzip(`the gzip is broken: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    source.destroy();
    gunzip.destroy();
  }
  if (!rest.isEmpty) yield rest.finish(Buffer.alloc(0));
}

/** The start of a line that has not ended yet. */
class LineRest {
  #parts: Buffer[] = [];
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  add(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes > MAX_LINE_BYTES) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  finish(part: Buffer): Buffer | undefined {
    this.add(part);
    const line = this.#bytes > MAX_LINE_BYTES ? undefined : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    return line;
  }
}

async function checkStart(path: string): Promise<void> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    if (buffer.toString('latin1', 0, 2) === 'PK') throw new NotGzip('the file is a zip');
    if (bytesRead < 2 || buffer[0] !== 0x1f || buffer[1] !== 0x8b) throw new NotGzip('the file is not a gzip');
  } finally {
    await file.close();
  }
}
