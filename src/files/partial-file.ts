import type { Hash } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/** What comes in small pieces is written in chunks of this size. */
const CHUNK_BYTES = 1024 * 1024;
/** From this size on, a separate write costs less than a copy. */
const LARGE_BYTES = 256 * 1024;

/** The zip holds the server's code and what the build wrote into it: other users of the machine must not read it. */
const OWNER_ONLY = 0o600;

export interface WrittenFile {
  sizeBytes: number;
  /** Lower-case hex. */
  sha256: string;
}

/**
 * A file that is `${destination}.partial` until it is complete. All writes are synchronous: asynchronous ones would
 * wait for the threads that compress. All throw the system's error.
 */
export class PartialFile {
  readonly #destination: string;
  readonly #createHash: () => Hash;
  #hash: Hash | undefined;
  readonly #chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #chunkBytes = 0;
  #sizeBytes = 0;
  #handle: number | undefined;

  /** @param createHash creates a SHA-256 hash; called when there is something to hash */
  constructor(destination: string, createHash: () => Hash) {
    this.#destination = destination;
    this.#createHash = createHash;
    this.#handle = openSync(this.#partialPath, 'w', OWNER_ONLY);
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** @param bytes free to be changed once this returns */
  put(bytes: Buffer): void {
    if (this.#handle === undefined) throw new Error(`${this.#partialPath} is closed`);
    this.#sizeBytes += bytes.length;
    const isLarge = bytes.length >= LARGE_BYTES;
    if (isLarge || this.#chunkBytes + bytes.length > CHUNK_BYTES) this.#writeChunk();
    if (isLarge) this.#write(bytes);
    else this.#chunkBytes += bytes.copy(this.#chunk, this.#chunkBytes);
  }

  /** Closes the file, which keeps its partial name. */
  finish(): WrittenFile {
    this.#writeChunk();
    this.#close();
    return { sizeBytes: this.#sizeBytes, sha256: this.#openHash().digest('hex') };
  }

  /** Gives the finished file its name. */
  commit(): void {
    renameSync(this.#partialPath, this.#destination);
  }

  /** Closes the file and removes it, if possible. Nothing can be written to it afterwards. */
  discard(): void {
    // The earlier error is the one to report.
    for (const step of [() => this.#close(), () => rmSync(this.#partialPath, { force: true, maxRetries: 3 })]) {
      try {
        step();
      } catch {}
    }
  }

  get #partialPath(): string {
    return `${this.#destination}.partial`;
  }

  #openHash(): Hash {
    this.#hash ??= this.#createHash();
    return this.#hash;
  }

  #writeChunk(): void {
    this.#write(this.#chunk.subarray(0, this.#chunkBytes));
    this.#chunkBytes = 0;
  }

  #write(bytes: Buffer): void {
    if (this.#handle === undefined) throw new Error(`${this.#partialPath} is closed`);
    this.#openHash().update(bytes);
    for (let from = 0; from < bytes.length; ) from += writeSync(this.#handle, bytes, from);
  }

  #close(): void {
    const handle = this.#handle;
    this.#handle = undefined;
    if (handle !== undefined) closeSync(handle);
  }
}
