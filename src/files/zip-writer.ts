import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { OUTPUT_PREFIX } from '../domain/bundle-names.ts';
import { isCompressedType } from '../domain/compressed-types.ts';
import { deflateBlock } from './deflate-block.ts';
import { deflateLevel } from './deflate-level.ts';
import { freeMemory } from './free-memory.ts';
import type { FileBlock, InspectedFile } from './read-file.ts';
import { directoryHeader, endRecord, localHeader, type ZipEntry } from './zip-records.ts';

/**
 * How much is compressed at a time, in bytes and blocks: enough for the four threads of Node's pool, and for the next
 * ones to be ready even when the main thread is late.
 */
const MAX_BUSY_BYTES = 4 * 1024 * 1024;
const MAX_BUSY_BLOCKS = 16;
/** This many blocks may be read before other events are handled. */
const BLOCKS_IN_A_ROW = 8;
/**
 * Uncompressed blocks wait in memory for earlier blocks that are being compressed: at most this much, apart from an
 * entry that is still being read, which waits for itself.
 */
const MAX_HELD_BYTES = 16 * 1024 * 1024;
/** This many block buffers are reused; otherwise each large one is allocated from the system anew. */
const MAX_SPARE_BUFFERS = 8;

/** A block as the zip holds it. */
interface Piece {
  method: ZipEntry['method'];
  bytes: Buffer;
  /** Call this once the bytes are written. */
  free: () => void;
}

/** An entry that is read block by block. */
export interface OpenEntry {
  name: string;
  file: InspectedFile;
  isCompressed: boolean;
  crc32: number;
  sizeBytes: number;
  pieces: Promise<Piece>[];
}

/** Where the bytes of a zip go, synchronously. */
export interface ZipSink {
  /** How many bytes were put into it. */
  readonly sizeBytes: number;
  /** @param bytes free to be changed once this returns */
  put(bytes: Buffer): void;
}

/**
 * Makes a zip: entries under `output/`, with fixed dates and modes. The same calls with the same bytes give the same
 * zip, whatever the timing (for one version of Node's zlib).
 *
 * Blocks of files are compressed at the same time, and written in their order. An entry is written when all of it is
 * compressed, so that its header has its sizes and checksum: no data descriptors, which strict readers reject behind
 * stored data.
 */
export class ZipWriter {
  readonly #sink: ZipSink;
  readonly #zippedBytes = new Map<string, number>();
  /** Memory of finished blocks, to be reused. */
  readonly #spare: Buffer[] = [];
  #blockBufferBytes = 0;
  readonly #directory: Buffer[] = [];
  #blocks = 0;
  #busyBlocks = 0;
  #busyBytes = 0;
  /** Called when a block is compressed. */
  #onBlock: () => void = () => {};
  #heldBytes = 0;
  /** Settles when all entries so far are written. */
  #written: Promise<void> = Promise.resolve();
  #fault: { error: unknown } | undefined;

  constructor(sink: ZipSink) {
    this.#sink = sink;
  }

  /** The compressed size of each written entry, without its headers, by its name in the zip. */
  get zippedBytes(): ReadonlyMap<string, number> {
    return this.#zippedBytes;
  }

  /** @param name relative to `output/` */
  open(name: string, file: InspectedFile): OpenEntry {
    return {
      name: OUTPUT_PREFIX + name,
      file,
      isCompressed: isCompressedType(name),
      crc32: 0,
      sizeBytes: 0,
      pieces: [],
    };
  }

  /**
   * Reads the next block of an entry, once there is room for it; it may be compressed and put out later. Entries are
   * in the zip in the order in which their last blocks were read. After a throw the zip is broken.
   * @returns whether the block was the last one
   * @throws what reading the file throws, or what the sink throws
   */
  async readBlock(entry: OpenEntry): Promise<boolean> {
    await this.#room();
    const buffer = this.#take(entry.file);
    const block = entry.file.next(buffer);
    if (block !== undefined) {
      entry.crc32 = crc32(block.bytes, entry.crc32);
      entry.sizeBytes += block.bytes.length;
      const level = deflateLevel(entry.name, block.bytes, entry.pieces.length);
      entry.pieces.push(
        entry.isCompressed ? Promise.resolve(this.#store(block, buffer)) : this.#deflate(block, buffer, level),
      );
    }
    if (block?.isLast === false) return false;
    this.#close(entry);
    return true;
  }

  /** Waits until all entries are written, then writes the zip's directory. @throws as `readBlock` does */
  async finish(): Promise<void> {
    await this.#written;
    const offset = this.#sink.sizeBytes;
    for (const header of this.#directory) this.#sink.put(header);
    this.#sink.put(endRecord(this.#directory.length, { offset, sizeBytes: this.#sink.sizeBytes - offset }));
  }

  #close(entry: OpenEntry): void {
    const pieces = handled(Promise.all(entry.pieces));
    const heldBytes = entry.isCompressed ? entry.sizeBytes : 0;
    this.#heldBytes += heldBytes;
    this.#written = this.#written.then(async () => {
      this.#write(entry, await pieces);
      this.#heldBytes -= heldBytes;
    });
    this.#written.catch((error) => {
      this.#fault ??= { error };
    });
  }

  /** Waits until there is room for one more block. Signals and compressed blocks are handled in between. */
  async #room(): Promise<void> {
    this.#blocks++;
    if (this.#blocks % BLOCKS_IN_A_ROW === 0) await setImmediate();
    while (this.#busyBlocks >= MAX_BUSY_BLOCKS || this.#busyBytes >= MAX_BUSY_BYTES) {
      await new Promise<void>((resolve) => {
        this.#onBlock = resolve;
      });
    }
    if (this.#heldBytes > MAX_HELD_BYTES) await this.#written;
    if (this.#fault !== undefined) throw this.#fault.error;
  }

  #take({ bufferBytes, blockBufferBytes }: InspectedFile): Buffer {
    this.#blockBufferBytes = blockBufferBytes;
    const spare = bufferBytes === blockBufferBytes ? this.#spare.pop() : undefined;
    return spare ?? Buffer.allocUnsafeSlow(bufferBytes);
  }

  #giveBack(buffer: Buffer): void {
    if (buffer.length === this.#blockBufferBytes && this.#spare.length < MAX_SPARE_BUFFERS) this.#spare.push(buffer);
    else freeMemory(buffer);
  }

  /** @param buffer what the block is a view of */
  #store({ bytes }: FileBlock, buffer: Buffer): Piece {
    return { method: 'stored', bytes, free: () => this.#giveBack(buffer) };
  }

  #deflate(block: FileBlock, buffer: Buffer, level: number): Promise<Piece> {
    const { isLast, dictionary } = block;
    const isWholeFile = isLast && dictionary.length === 0;
    const { length } = block.bytes;
    this.#busyBlocks++;
    this.#busyBytes += length;
    const deflated = deflateBlock(block.bytes, { level, dictionary, isLast }).finally(() => {
      this.#busyBlocks--;
      this.#busyBytes -= length;
      this.#onBlock();
    });
    return handled(
      deflated.then((bytes): Piece => {
        if (isWholeFile && bytes.length >= length) return this.#store(block, buffer);
        this.#giveBack(buffer);
        return { method: 'deflated', bytes, free: () => freeMemory(bytes) };
      }),
    );
  }

  #write({ name, crc32, sizeBytes }: OpenEntry, pieces: Piece[]): void {
    const zippedBytes = pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
    this.#zippedBytes.set(name, zippedBytes);
    const method = pieces[0]?.method ?? 'stored';
    const header = localHeader({ name, method, crc32, sizeBytes, zippedBytes });
    this.#directory.push(directoryHeader(header, this.#sink.sizeBytes));
    this.#sink.put(header);
    for (const { bytes, free } of pieces) {
      this.#sink.put(bytes);
      free();
    }
  }
}

/** A promise that is awaited later; or never, where another one fails first. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
