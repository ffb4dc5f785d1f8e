import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { besides, replaceFile } from './replace-file.ts';

/** What comes in small pieces is written in chunks of about this size. */
const CHUNK_CHARS = 256 * 1024;
const COPY_BYTES = 1024 * 1024;
/** A log may hold customers' data: other users of the machine cannot read it, unless they could read the file of before. */
const OWNER_ONLY = 0o600;

/**
 * A text file in blocks, the last one of which comes first: what is read with the newest page first is to be written with
 * the oldest entry first, in bounded memory. It replaces the file of that name once it is complete. All throw the
 * system's error.
 */
export class EntryFile {
  readonly #path: string;
  /** Blocks in the order in which they came. */
  readonly #spool: OpenFile;
  readonly #blockStarts = [0];
  #pending: string[] = [];
  #pendingChars = 0;

  /** @param path absolute */
  constructor(path: string) {
    this.#path = path;
    this.#spool = new OpenFile(besides(path));
  }

  append(lines: readonly string[]): void {
    for (const line of lines) {
      this.#pending.push(line);
      this.#pendingChars += line.length + 1;
    }
    if (this.#pendingChars >= CHUNK_CHARS) this.#flush();
  }

  /** Begins another block. */
  startEarlier(): void {
    this.#flush();
    if (this.#blockStarts.at(-1) !== this.#spool.sizeBytes) this.#blockStarts.push(this.#spool.sizeBytes);
  }

  /** Completes it. If that fails, nothing of it is left: on a full disk, least of all. */
  async finish(): Promise<{ sizeBytes: number }> {
    try {
      this.#flush();
      if (this.#blockStarts.length > 1) await this.#finishOrdered();
      else {
        this.#spool.close();
        await replaceFile(this.#path, this.#spool.path, OWNER_ONLY);
      }
      return { sizeBytes: this.#spool.sizeBytes };
    } finally {
      this.#spool.remove();
    }
  }

  async #finishOrdered(): Promise<void> {
    const ordered = new OpenFile(besides(this.#path));
    try {
      this.#copyBlocks(ordered);
      ordered.close();
      await replaceFile(this.#path, ordered.path, OWNER_ONLY);
    } catch (error) {
      ordered.remove();
      throw error;
    }
  }

  /** Removes what was written. Throws nothing. */
  discard(): void {
    this.#spool.remove();
  }

  #flush(): void {
    if (this.#pending.length === 0) return;
    this.#spool.write(Buffer.from(`${this.#pending.join('\n')}\n`));
    this.#pending = [];
    this.#pendingChars = 0;
  }

  #copyBlocks(ordered: OpenFile): void {
    const chunk = Buffer.allocUnsafe(COPY_BYTES);
    let endBytes = this.#spool.sizeBytes;
    for (const startBytes of this.#blockStarts.toReversed()) {
      for (let at = startBytes; at < endBytes; ) {
        const bytes = this.#spool.read(chunk, at, Math.min(chunk.length, endBytes - at));
        ordered.write(chunk.subarray(0, bytes));
        at += bytes;
      }
      endBytes = startBytes;
    }
  }
}

class OpenFile {
  readonly path: string;
  readonly #handle: number;
  #isOpen = true;
  #sizeBytes = 0;

  constructor(path: string) {
    this.path = path;
    this.#handle = openSync(path, 'wx+', OWNER_ONLY);
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  write(bytes: Buffer): void {
    for (let from = 0; from < bytes.length; ) from += writeSync(this.#handle, bytes, from);
    this.#sizeBytes += bytes.length;
  }

  /** @returns how many bytes were read: one or more */
  read(into: Buffer, position: number, lengthBytes: number): number {
    const bytes = readSync(this.#handle, into, 0, lengthBytes, position);
    if (bytes === 0) throw new Error(`${this.path} has become shorter`);
    return bytes;
  }

  close(): void {
    if (this.#isOpen) closeSync(this.#handle);
    this.#isOpen = false;
  }

  /** Throws nothing: an earlier error is the one to report. */
  remove(): void {
    for (const step of [() => this.close(), () => rmSync(this.path, { force: true, maxRetries: 3 })]) {
      try {
        step();
      } catch {}
    }
  }
}
