import { openSource, SourceFault, type SourceOptions } from './source-bytes.ts';
import { documentFault, foreignKind, markBytes } from './source-kind.ts';

/** A line of a source that is not blank. */
export interface SourceLine {
  /** From 1; blank lines count. */
  number: number;
  /** Without the line end. Valid until the next lines are requested. Undefined if the line is too long. */
  bytes: Buffer | undefined;
}

/** Far more than any record needs, and small enough to be in memory a few times. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

const LF = 0x0a;
const CR = 0x0d;
/** Enough to recognize other kinds of files. */
const START_BYTES = 4096;

/**
 * Reads the lines of a file of records, unzipped if it is a gzip, in bounded memory. Yields the lines of a chunk at a
 * time, all of which have to be consumed. All code that counts lines of a source uses this, so that the numbers agree.
 * @throws SourceFault if the file as a whole is not JSON lines
 * @throws the signal's reason, an ActionError, or an error of the system
 */
export async function* readSourceLines(
  path: string,
  options: SourceOptions,
): AsyncGenerator<Iterable<SourceLine>, void, void> {
  const file = await openSource(path, options);
  try {
    yield* splitLines(checkedStart(file.chunks(), file.isGzipped), MAX_LINE_BYTES, options.signal);
  } finally {
    await file.close();
  }
}

/** Checks the start of the content, and removes a byte-order mark. */
async function* checkedStart(chunks: AsyncIterable<Buffer>, isGzipped: boolean): AsyncGenerator<Buffer, void, void> {
  let isStart = true;
  let isFirstLine = true;
  for await (const chunk of withStart(chunks, START_BYTES)) {
    const kind = isStart ? foreignKind(chunk.subarray(0, START_BYTES)) : undefined;
    if (kind !== undefined) throw new SourceFault(isGzipped ? `What its gzip holds is ${kind}.` : `It is ${kind}.`);
    const text = isStart ? chunk.subarray(markBytes(chunk)) : chunk;
    isStart = false;
    if (isFirstLine) isFirstLine = !checkFirstLine(text);
    yield text;
  }
}

/** The same chunks, with at least this many bytes in the first one, if there are as many. */
async function* withStart(chunks: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer, void, void> {
  let start: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (start === undefined || (start.length === 0 && chunk.length >= bytes)) {
      start = undefined;
      yield chunk;
      continue;
    }
    start = Buffer.concat([start, chunk]);
    if (start.length < bytes) continue;
    yield start;
    start = undefined;
  }
  if (start !== undefined && start.length > 0) yield start;
}

/** @returns whether the chunk has anything but white space */
function checkFirstLine(chunk: Buffer): boolean {
  const start = chunk.findIndex((byte) => !isSpace(byte));
  if (start < 0) return false;
  const end = chunk.findIndex((byte, at) => at > start && (byte === LF || byte === CR));
  // For a line that does not end in the chunk, far longer than in a pretty-printed document, the first character is enough.
  const fault = documentFault(chunk.toString('latin1', start, end < 0 ? start + 1 : end), end >= 0);
  if (fault !== undefined) throw new SourceFault(fault);
  return true;
}

export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/**
 * Splits chunks into lines, without blank ones. Yields the lines of a chunk at a time, all of which have to be consumed. LF,
 * CRLF and CR each end a line, as in the service. Between chunks, at most one line is in memory.
 */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  maxLineBytes: number,
  signal: AbortSignal,
): AsyncGenerator<Iterable<SourceLine>, void, void> {
  const splitter = new LineSplitter(maxLineBytes);
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    yield splitter.push(chunk);
  }
  signal.throwIfAborted();
  yield splitter.finish();
}

class LineSplitter {
  readonly #maxBytes: number;
  /** Pieces of an unfinished line: copies, since chunks are overwritten. */
  #pieces: Buffer[] = [];
  #pieceBytes = 0;
  #isTooLong = false;
  #number = 0;
  /** The previous chunk ended with a CR: an LF that follows belongs to the same line end. */
  #isAfterCr = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  *push(chunk: Buffer): Generator<SourceLine, void, void> {
    let start = this.#isAfterCr && chunk[0] === LF ? 1 : 0;
    if (chunk.length > 0) this.#isAfterCr = chunk.at(-1) === CR;
    let [lf, cr] = [chunk.indexOf(LF, start), chunk.indexOf(CR, start)];
    while (lf >= 0 || cr >= 0) {
      const isCr = lf < 0 || (cr >= 0 && cr < lf);
      const end = isCr ? cr : lf;
      const line = this.#end(chunk.subarray(start, end));
      start = isCr && chunk[end + 1] === LF ? end + 2 : end + 1;
      if (line !== undefined) yield line;
      // Each is searched again only if it was found: most files have only one of them.
      if (lf >= 0 && lf < start) lf = chunk.indexOf(LF, start);
      if (cr >= 0 && cr < start) cr = chunk.indexOf(CR, start);
    }
    if (start < chunk.length) this.#hold(chunk.subarray(start));
  }

  *finish(): Generator<SourceLine, void, void> {
    const line = this.#end(Buffer.alloc(0));
    if (line !== undefined) yield line;
  }

  #hold(piece: Buffer): void {
    this.#isTooLong ||= this.#pieceBytes + piece.length > this.#maxBytes;
    if (this.#isTooLong) {
      this.#pieces = [];
      this.#pieceBytes = 0;
    } else {
      this.#pieces.push(Buffer.from(piece));
      this.#pieceBytes += piece.length;
    }
  }

  /** @returns undefined for a blank line */
  #end(rest: Buffer): SourceLine | undefined {
    this.#number += 1;
    let bytes: Buffer | undefined = rest;
    if (this.#isTooLong || this.#pieceBytes + rest.length > this.#maxBytes) bytes = undefined;
    else if (this.#pieceBytes > 0) bytes = Buffer.concat([...this.#pieces, rest]);
    this.#pieces = [];
    this.#pieceBytes = 0;
    this.#isTooLong = false;
    return bytes === undefined || !isBlank(bytes) ? { number: this.#number, bytes } : undefined;
  }
}

function isBlank(bytes: Buffer): boolean {
  return !isSpace(bytes[0]) ? bytes.length === 0 : bytes.every(isSpace);
}
