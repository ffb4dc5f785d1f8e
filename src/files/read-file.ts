import { closeSync, openSync, readSync } from 'node:fs';
import { printableName } from '../domain/bundle-names.ts';
import type { ContentInspector } from '../domain/content-rules.ts';
import { DICTIONARY_BYTES } from './deflate-block.ts';
import { describeFault } from './fault.ts';
import type { WalkedFile } from './walk-directory.ts';

/** A file is read and compressed in blocks of so many bytes: smaller ones compress worse, larger ones wait for each other. */
const BLOCK_BYTES = 512 * 1024;
/** The last block may be this large, so that no small rest stands alone. */
const MAX_BLOCK_BYTES = BLOCK_BYTES * 1.25;

/** A file that could not be read as it was found. The message is a sentence for the user. */
export class FileReadError extends Error {
  override name = 'FileReadError';
}

/** A piece of a file. Both are views of the buffer that it was read into. */
export interface FileBlock {
  bytes: Buffer;
  /** What stands before it in the file, as far as compressing looks back; empty for the first block. */
  dictionary: Buffer;
  isLast: boolean;
}

/**
 * A file that is read once, block by block, each shown to the inspector on its way. Reads are synchronous: asynchronous
 * ones would wait behind the compressing, for the same threads.
 */
export class InspectedFile {
  readonly #file: WalkedFile;
  readonly #inspector: ContentInspector;
  readonly #signal: AbortSignal;
  /** So many bytes before a block are kept in front of it. */
  readonly #contextBytes: number;
  /** The end of the block before. */
  readonly #context: Buffer;
  #knownBytes = 0;
  #position = 0;
  #handle: number | undefined;
  #isClosed = false;

  constructor(file: WalkedFile, inspector: ContentInspector, signal: AbortSignal) {
    this.#file = file;
    this.#inspector = inspector;
    this.#signal = signal;
    this.#contextBytes = Math.max(DICTIONARY_BYTES, inspector.contextBytes);
    this.#context = Buffer.allocUnsafe(file.sizeBytes > MAX_BLOCK_BYTES ? this.#contextBytes : 0);
  }

  /** How large the buffers for `next` have to be; the same for all files that are searched for the same. */
  get bufferBytes(): number {
    return this.#contextBytes + MAX_BLOCK_BYTES;
  }

  /**
   * Reads the next block into a buffer. Undefined after the last one. What a block is depends on the file's size alone.
   * @throws FileReadError when it cannot be read, or its size is not the one that the walk saw; the signal's reason
   */
  next(buffer: Buffer): FileBlock | undefined {
    this.#signal.throwIfAborted();
    if (this.#isClosed) throw new Error(`${this.#file.path} was closed before it was read to its end`);
    try {
      this.#handle ??= openSync(this.#file.path, 'r');
      const leftBytes = this.#file.sizeBytes - this.#position;
      if (leftBytes === 0) {
        this.#checkIsOver(this.#handle, buffer);
        return undefined;
      }
      const bytes = leftBytes <= MAX_BLOCK_BYTES ? leftBytes : BLOCK_BYTES;
      return this.#read(this.#handle, buffer.subarray(0, this.#knownBytes + bytes), bytes === leftBytes);
    } catch (cause) {
      if (cause instanceof FileReadError) throw cause;
      throw new FileReadError(`${printableName(this.#file.name)}: it cannot be read: ${describeFault(cause)}.`, {
        cause,
      });
    }
  }

  close(): void {
    this.#isClosed = true;
    if (this.#handle !== undefined) closeSync(this.#handle);
    this.#handle = undefined;
  }

  /** @param window takes what is known of the file's bytes before the block, and the block behind */
  #read(handle: number, window: Buffer, isLast: boolean): FileBlock {
    const known = this.#knownBytes;
    this.#context.copy(window, 0, this.#context.length - known);
    const bytes = window.subarray(known);
    for (let filled = 0; filled < bytes.length; ) {
      const read = readSync(handle, bytes, filled, bytes.length - filled, this.#position + filled);
      if (read === 0) throw this.#sizeChanged();
      filled += read;
    }
    this.#position += bytes.length;
    const { contextBytes } = this.#inspector;
    this.#inspector.look(window.subarray(Math.max(0, known - contextBytes)), bytes.length, isLast);
    if (!isLast) {
      this.#knownBytes = Math.min(this.#contextBytes, window.length);
      window.copy(this.#context, this.#contextBytes - this.#knownBytes, window.length - this.#knownBytes);
    }
    return { bytes, dictionary: window.subarray(Math.max(0, known - DICTIONARY_BYTES), known), isLast };
  }

  #checkIsOver(handle: number, buffer: Buffer): void {
    if (readSync(handle, buffer, 0, 1, this.#position) > 0) throw this.#sizeChanged();
  }

  #sizeChanged(): FileReadError {
    return new FileReadError(
      `${printableName(this.#file.name)}: its size changed while it was being packaged. Let the build finish before this step.`,
    );
  }
}
