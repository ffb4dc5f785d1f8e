import { isPlainObject } from '../../domain/batch/record.ts';
import { isUuid } from '../../domain/uuid.ts';
import { Turns } from '../turns.ts';
import { openSource, SourceFault } from './source-bytes.ts';
import { splitLines } from './source-lines.ts';

/** What an error log says about a record, which may have several entries. */
export interface LogEntry {
  /** Lower case. */
  ref: string;
  /** Of the first entry, as the service gives it. */
  code: string;
  message: string;
  entries: number;
}

/** A piece of a log that fits into memory. */
export interface LogPiece {
  /** By `ref`. Several pieces may have the same ref. */
  entries: Map<string, LogEntry>;
  /** Lines that are not entries. */
  unreadable: number;
  isLast: boolean;
}

export interface LogLimits {
  /** Of a piece. */
  maxRefs: number;
  maxChars: number;
  /** Of the whole log, unzipped. */
  maxBytes: number;
}

const MAX_LINE_BYTES = 64 * 1024;
/** Far more of a message than is ever shown. */
const MAX_MESSAGE_CHARS = 5000;
const MAX_CODE_CHARS = 200;

/**
 * The entries of an error log: a gzip of JSON lines `{ref, code, message}` (API document, section 3), or the same
 * uncompressed. The last piece may be empty.
 * @throws SourceFault for a damaged or truncated gzip, or one that is too large
 */
export async function* readLogPieces(
  path: string,
  { maxRefs, maxChars, maxBytes }: LogLimits,
  signal: AbortSignal,
): AsyncGenerator<LogPiece, void, void> {
  const file = await openSource(path, { signal });
  let piece: LogPiece = { entries: new Map(), unreadable: 0, isLast: false };
  let chars = 0;
  const turns = new Turns();
  try {
    for await (const lines of splitLines(limited(file.chunks(), maxBytes), MAX_LINE_BYTES, signal)) {
      for (const { bytes } of lines) {
        if (turns.isDue()) await turns.take(signal);
        const entry = bytes === undefined ? undefined : parseEntry(bytes.toString('utf8'));
        if (entry === undefined) {
          piece.unreadable += 1;
          continue;
        }
        const earlier = piece.entries.get(entry.ref);
        if (earlier !== undefined) {
          earlier.entries += 1;
          continue;
        }
        if (piece.entries.size >= maxRefs || chars > maxChars) {
          yield piece;
          piece = { entries: new Map(), unreadable: 0, isLast: false };
          chars = 0;
        }
        piece.entries.set(entry.ref, entry);
        chars += entry.message.length + entry.code.length;
      }
    }
  } finally {
    await file.close();
  }
  yield { ...piece, isLast: true };
}

async function* limited(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer, void, void> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new SourceFault(`It has more than ${maxBytes} bytes unzipped.`);
    yield chunk;
  }
}

/** @returns undefined if it is not JSON, or names no record */
function parseEntry(text: string): LogEntry | undefined {
  let entry: unknown;
  try {
    entry = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isPlainObject(entry) || !isUuid(entry['ref'])) return undefined;
  return {
    ref: entry['ref'].toLowerCase(),
    code: textOf(entry['code'], MAX_CODE_CHARS),
    message: textOf(entry['message'], MAX_MESSAGE_CHARS),
    entries: 1,
  };
}

function textOf(value: unknown, maxChars: number): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return '';
  if (value.length <= maxChars) return value;
  // The last word is dropped: half of a name would not be recognized as one.
  const start = value.slice(0, maxChars);
  // A copy: a slice would hold all of a long text in memory.
  return Buffer.from(`${start.slice(0, Math.max(0, start.search(/\s\S*$/)))}…`).toString();
}
