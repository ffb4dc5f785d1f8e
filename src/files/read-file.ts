import { closeSync, readSync } from 'node:fs';
import { printableName } from '../domain/bundle-names.ts';
import type { ContentInspector } from '../domain/content-rules.ts';
import { NotAFileError, openRegularFile } from '../regular-file.ts';
import { DICTIONARY_BYTES } from './deflate-block.ts';
import { describeFault } from './fault.ts';
import type { WalkedFile } from './walk-directory.ts';

/**
 * A file is read and compressed in blocks of this size: smaller ones compress worse, larger ones wait for each other.
 */
const BLOCK_BYTES = 512 * 1024;
/** The last block may be this large, so that no small remainder becomes a block. */
const MAX_BLOCK_BYTES = BLOCK_BYTES * 1.25;
/** A file below this size gets a buffer of its own size. */
const SMALL_BYTES = BLOCK_BYTES * 0.75;

/** The sizes of the blocks in which a file is read; an empty file has one block of 0 bytes. */
export function blockSizes(sizeBytes: number): number[] {
  const sizes: number[] = [];
  let leftBytes = sizeBytes;
  for (; leftBytes > MAX_BLOCK_BYTES; leftBytes -= BLOCK_BYTES) sizes.push(BLOCK_BYTES);
  return [...sizes, leftBytes];
}

const LET_FINISH = 'Let the build finish before this step.';

/** A file that could not be read as it was found. The message is a sentence for the user. */
export class FileReadError extends Error {
  override name = 'FileReadError';
}

/** A piece of a file. Both are views of the buffer that it was read into. */
export interface FileBlock {
  bytes: Buffer;
  /** The bytes before it in the file, as far back as deflate looks; empty for the first block. */
  dictionary: Buffer;
  isLast: boolean;
}

/**
 * A file that is read once, block by block; each block is also shown to the inspector. Reads are synchronous:
 * asynchronous ones would wait for the threads that compress.
 */
export class InspectedFile {
  readonly #file: WalkedFile;
  readonly #inspector: ContentInspector;
  readonly #signal: AbortSignal;
  /** This many bytes before a block stay in front of it. */
  readonly #contextBytes: number;
  /** The end of the block before. */
  readonly #context: Buffer;
  readonly #blocks: number[];
  #knownBytes = 0;
  #position = 0;
  #handle: number | undefined;
  #isClosed = false;

  constructor(file: WalkedFile, inspector: ContentInspector, signal: AbortSignal) {
    this.#file = file;
    this.#blocks = blockSizes(file.sizeBytes);
    this.#inspector = inspector;
    this.#signal = signal;
    this.#contextBytes = Math.max(DICTIONARY_BYTES, inspector.contextBytes);
    this.#context = Buffer.allocUnsafe(file.sizeBytes > MAX_BLOCK_BYTES ? this.#contextBytes : 0);
  }

  /** How large a buffer for `next` has to be: `blockBufferBytes`, or less for a small file. */
  get bufferBytes(): number {
    const { sizeBytes } = this.#file;
    return sizeBytes < SMALL_BYTES ? sizeBytes + 1 : this.blockBufferBytes;
  }

  /** Shared by all files that are searched for the same values. */
  get blockBufferBytes(): number {
    return this.#contextBytes + MAX_BLOCK_BYTES + 1;
  }

  /**
   * Reads the next block into a buffer. Undefined after the last one. Block sizes depend on the file's size alone.
   * @throws FileReadError when it cannot be read, or its size is not the one that the walk saw; the signal's reason
   */
  next(buffer: Buffer): FileBlock | undefined {
    this.#signal.throwIfAborted();
    if (this.#isClosed) throw new Error(`${this.#file.path} was closed before it was read to its end`);
    try {
      // The walk found no link at the path's end.
      this.#handle ??= openRegularFile(this.#file.path, { followsLinks: false }).handle;
      const wantedBytes = this.#blocks.shift() ?? 0;
      const isLast = this.#blocks.length === 0;
      this.#context.copy(buffer, 0, this.#context.length - this.#knownBytes);
      this.#read(this.#handle, buffer.subarray(this.#knownBytes), wantedBytes, isLast);
      return wantedBytes === 0 ? undefined : this.#show(buffer.subarray(0, this.#knownBytes + wantedBytes), isLast);
    } catch (cause) {
      throw cause instanceof FileReadError ? cause : this.#notReadable(cause);
    }
  }

  close(): void {
    this.#isClosed = true;
    if (this.#handle !== undefined) closeSync(this.#handle);
    this.#handle = undefined;
  }

  /** Fills the start of a buffer. The last block asks for one byte too many, which shows whether the file has grown. */
  #read(handle: number, buffer: Buffer, wantedBytes: number, isLast: boolean): void {
    const askedBytes = wantedBytes + (isLast ? 1 : 0);
    let filledBytes = 0;
    do {
      const left = askedBytes - filledBytes;
      const readBytes = readSync(handle, buffer, filledBytes, left, this.#position + filledBytes);
      filledBytes += readBytes;
      if (filledBytes > wantedBytes || (readBytes === 0 && filledBytes < wantedBytes)) throw this.#sizeChanged();
    } while (filledBytes < wantedBytes);
    this.#position += wantedBytes;
  }

  /** @param window what is known of the bytes before the block, and the block behind */
  #show(window: Buffer, isLast: boolean): FileBlock {
    const known = this.#knownBytes;
    const bytes = window.subarray(known);
    const { contextBytes } = this.#inspector;
    this.#inspector.look(window.subarray(Math.max(0, known - contextBytes)), bytes.length, isLast);
    if (!isLast) {
      this.#knownBytes = Math.min(this.#contextBytes, window.length);
      window.copy(this.#context, this.#contextBytes - this.#knownBytes, window.length - this.#knownBytes);
    }
    return { bytes, dictionary: window.subarray(Math.max(0, known - DICTIONARY_BYTES), known), isLast };
  }

  #notReadable(cause: unknown): FileReadError {
    const what =
      cause instanceof NotAFileError
        ? `it is no longer a file, but a pipe, a device or a folder. ${LET_FINISH}`
        : `it cannot be read: ${describeFault(cause)}.`;
    return new FileReadError(`${printableName(this.#file.name)}: ${what}`, { cause });
  }

  #sizeChanged(): FileReadError {
    return new FileReadError(
      `${printableName(this.#file.name)}: its size changed while it was being packaged. ${LET_FINISH}`,
    );
  }
}
