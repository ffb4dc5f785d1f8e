import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { knownWords, scrubCode, scrubMessage } from '../../domain/batch/scrub.ts';
import { ActionError } from '../../errors.ts';
import { TextFile } from '../text-file.ts';
import { Turns } from '../turns.ts';
import type { BatchPart, ErrorLog, RejectedRecord } from './batch-file.ts';
import { type LogEntry, type LogLimits, type LogPiece, readLogPieces } from './log-entries.ts';
import { parseLine } from './parse-line.ts';
import { mergeRejections, type Rejection, readRejections, writeRejections } from './rejections.ts';
import { notReadable, SourceFault } from './source-bytes.ts';
import { readSourceLines, type SourceLine } from './source-lines.ts';

export interface ErrorLogOptions {
  /** The file that the part is of, and the path that users see. */
  source: string;
  shownSource: string;
  part: Pick<BatchPart, 'firstLine' | 'lastLine'>;
  /** An existing folder for temporary files. */
  folder: string;
  /** JSON lines {file, line, ref, code, message} are appended to it; created if there are any. */
  errorsPath: string;
  /** For texts of the service. */
  redact: (text: string) => string;
  signal: AbortSignal;
  limits?: Partial<LogLimits>;
}

const LIMITS: LogLimits = { maxRefs: 35_000, maxChars: 5_000_000, maxBytes: 4_000_000_000 };
const MAX_FIRST = 2000;

/**
 * Reads a batch's error log, finds the lines of the source that its entries refer to, and appends them to the errors file:
 * in the order of the source, those without a record last. Memory grows neither with the log nor with the source: a log
 * of very many records is processed in pieces, and the source is read once for each.
 * @throws ActionError if the log or the source cannot be read, if no line of the log is an entry, or if the errors file
 *   cannot be written; or the signal's reason
 */
export async function readErrorLog(logPath: string, options: ErrorLogOptions): Promise<ErrorLog> {
  const log = new LogJoin(options);
  try {
    const limits = { ...LIMITS, ...options.limits };
    for await (const piece of readLogPieces(logPath, limits, options.signal)) await log.take(piece);
    return log.result();
  } catch (error) {
    options.signal.throwIfAborted();
    throw error instanceof SourceFault ? notUsable(error.message) : notReadable(logPath, error);
  } finally {
    await log.removeTemporary();
  }
}

class LogJoin {
  readonly #options: ErrorLogOptions;
  /** Rejected records of the previous pieces, in the order of their lines. */
  readonly #run: string;
  readonly #nextRun: string;
  readonly #unmatched: string;
  readonly #turns = new Turns();
  readonly #log = { records: 0, unmatched: 0, unreadable: 0, first: [] as RejectedRecord[] };

  constructor(options: ErrorLogOptions) {
    this.#options = options;
    this.#run = join(options.folder, 'rejected');
    this.#nextRun = join(options.folder, 'rejected-next');
    this.#unmatched = join(options.folder, 'rejected-unmatched');
  }

  async take({ entries, unreadable, isLast }: LogPiece): Promise<void> {
    this.#log.unreadable += unreadable;
    const rejections = mergeRejections(readRejections(this.#run, this.#options.signal), this.#joined(entries));
    if (isLast) {
      await this.#finish(rejections, entries);
      return;
    }
    await writeRejections(this.#nextRun, rejections);
    await rename(this.#nextRun, this.#run);
    await writeRejections(this.#unmatched, this.#left(entries));
  }

  result(): ErrorLog {
    const { records, unmatched, unreadable } = this.#log;
    if (records + unmatched === 0 && unreadable > 0) {
      throw notUsable('None of its lines is an entry with the `ref` of a record.');
    }
    return this.#log;
  }

  async removeTemporary(): Promise<void> {
    for (const path of [this.#run, this.#nextRun, this.#unmatched]) await rm(path, { force: true }).catch(() => {});
  }

  /** Finds records for the entries, and removes those entries. */
  async *#joined(entries: Map<string, LogEntry>): AsyncGenerator<Rejection, void, void> {
    const { source, signal } = this.#options;
    if (entries.size === 0) return;
    const found = new Map<string, Rejection>();
    try {
      for await (const lines of readSourceLines(source, { signal })) {
        if (await this.#lookUp(lines, entries, found)) break;
      }
    } catch (error) {
      signal.throwIfAborted();
      throw notReadable(source, error);
    }
    for (const ref of found.keys()) entries.delete(ref);
    yield* found.values();
  }

  /**
   * If several records have the same ref, any of them may be meant: the values of all are scrubbed.
   * @returns whether the part has ended
   */
  async #lookUp(
    lines: Iterable<SourceLine>,
    entries: ReadonlyMap<string, LogEntry>,
    found: Map<string, Rejection>,
  ): Promise<boolean> {
    const { part, signal } = this.#options;
    for (const { number: line, bytes } of lines) {
      if (this.#turns.isDue()) await this.#turns.take(signal);
      if (line < part.firstLine) continue;
      if (line > part.lastLine) return true;
      const parsed = parseLine(bytes);
      if ('problem' in parsed) continue;
      const key = parsed.ref.toLowerCase();
      const entry = entries.get(key);
      if (entry === undefined) continue;
      const earlier = found.get(key);
      const scrubbed = this.#scrubbed(earlier ?? entry, JSON.parse(parsed.bytes.toString('utf8')));
      found.set(key, { line, ref: parsed.ref, ...earlier, ...scrubbed, lines: (earlier?.lines ?? 0) + 1 });
    }
    return false;
  }

  async *#left(entries: ReadonlyMap<string, LogEntry>): AsyncGenerator<Rejection, void, void> {
    for (const entry of entries.values()) {
      if (this.#turns.isDue()) await this.#turns.take(this.#options.signal);
      yield { ref: entry.ref, lines: 0, ...this.#scrubbed(entry, undefined) };
    }
  }

  #scrubbed(
    { code, message, entries }: Pick<LogEntry, 'code' | 'message' | 'entries'>,
    record: unknown,
  ): Pick<Rejection, 'code' | 'message' | 'entries'> {
    const { redact } = this.#options;
    const known = knownWords(record);
    return { code: scrubCode(redact(code), known), message: scrubMessage(redact(message), known), entries };
  }

  async #finish(rejections: AsyncIterable<Rejection>, entries: ReadonlyMap<string, LogEntry>): Promise<void> {
    const out = new ErrorsFile(this.#options);
    try {
      for await (const rejection of rejections) {
        if (this.#turns.isDue()) await this.#turns.take(this.#options.signal);
        this.#log.records += Math.min(rejection.lines, rejection.entries);
        this.#addToFirst(await out.add(rejection));
      }
      for await (const unmatched of this.#allUnmatched(entries)) {
        if (this.#turns.isDue()) await this.#turns.take(this.#options.signal);
        this.#log.unmatched += unmatched.entries;
        this.#addToFirst(await out.add(unmatched));
      }
    } finally {
      await out.close();
    }
  }

  async *#allUnmatched(entries: ReadonlyMap<string, LogEntry>): AsyncGenerator<Rejection, void, void> {
    yield* readRejections(this.#unmatched, this.#options.signal);
    yield* this.#left(entries);
  }

  #addToFirst(rejected: RejectedRecord): void {
    if (this.#log.first.length < MAX_FIRST) this.#log.first.push(rejected);
  }
}

/** One for the whole run, to which each batch appends. */
class ErrorsFile {
  readonly #options: ErrorLogOptions;
  #file: TextFile | undefined;

  constructor(options: ErrorLogOptions) {
    this.#options = options;
  }

  async add({ line, ref, code, message: text, entries }: Rejection): Promise<RejectedRecord> {
    const { source, shownSource, errorsPath } = this.#options;
    const message = entries > 1 ? `${text} (and ${entries - 1} more)` : text;
    this.#file ??= await TextFile.append(errorsPath);
    await this.#file.write(`${JSON.stringify({ file: shownSource, line: line ?? null, ref, code, message })}\n`);
    return { path: line === undefined ? undefined : source, line, ref, code, message };
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}

function notUsable(what: string): ActionError {
  return new ActionError(`The error log of the batch cannot be used. ${what}`, {
    topic: 'records-rejected',
    title: 'Error log not usable',
    fix: 'Look up the batch in Sitecore CDP by its ref.',
  });
}
