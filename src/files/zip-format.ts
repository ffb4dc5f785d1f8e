import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { crc32 } from 'node:zlib';
import { isCompressedType } from '../domain/compressed-types.ts';
import { deflateBlock } from './deflate-block.ts';
import { freeMemory } from './free-memory.ts';
import type { FileBlock, InspectedFile } from './read-file.ts';
import { directoryHeader, endRecord, localHeader, type ZipEntry } from './zip-records.ts';

/** Level 5 takes four fifths of the time of 6, for a zip that is about 1 % larger. */
const DEFLATE_LEVEL = 5;
/** For files up to this size, what surrounds the compressing takes most of the time: they get the better level. */
const MAX_SMALL_BYTES = 64 * 1024;
const SMALL_LEVEL = 6;
/** Blocks that are being compressed: enough for the four threads of Node's pool, and for the next ones to be ready. */
const MAX_BUSY_BLOCKS = 8;
/** What is stored as it is waits in memory for what is compressed before it: no more than this. */
const MAX_HELD_BYTES = 16 * 1024 * 1024;
/** What is put out comes in chunks of this size. */
const CHUNK_BYTES = 1024 * 1024;
/** A larger block stays in the buffer that it was read into; a smaller one would hold too much of it. */
const MIN_KEPT_BYTES = 384 * 1024;

/** What archiver hands on of an entry. */
export interface ZipEntryData {
  name: string;
  file: InspectedFile;
  /** Called when the file was read, or with what reading it threw: archiver tells the one, but not the other, of each. */
  onRead: (error?: unknown) => void;
}

/** A block as the zip holds it. */
interface Piece {
  method: ZipEntry['method'];
  bytes: Buffer;
  /** To be called when the bytes were put out. */
  free: () => void;
}

/** An entry of which everything was read. */
interface ReadEntry extends Pick<ZipEntry, 'name' | 'crc32' | 'sizeBytes'> {
  pieces: Promise<Piece[]>;
}

/**
 * The zip format for archiver: a module with the methods that its queue calls. Blocks of files are compressed at the
 * same time, and put out in their order. An entry is put out when all of it is compressed, so that its header has its
 * sizes and checksum: no data descriptors, which strict readers do not take behind stored data. The bytes depend on
 * names and content alone.
 */
export class ZipFormat {
  readonly #output = new PassThrough({ highWaterMark: CHUNK_BYTES });
  /** Of blocks that are done with: memory that is used again. */
  readonly #spare: Buffer[] = [];
  readonly #busy: Promise<unknown>[] = [];
  readonly #directory: Buffer[] = [];
  #heldBytes = 0;
  /** Settles when all entries so far are put out. */
  #written: Promise<void> = Promise.resolve();
  #chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #chunkBytes = 0;
  #offset = 0;

  readonly on = this.#output.on.bind(this.#output);
  readonly pipe = this.#output.pipe.bind(this.#output);
  readonly unpipe = this.#output.unpipe.bind(this.#output);

  /** @param done called when the file was read: the next one may come while this one is compressed */
  append(_source: Buffer, data: ZipEntryData, done: (error?: unknown) => void): void {
    const settle = (error?: unknown) => {
      data.onRead(error);
      done(error);
    };
    this.#read(data).then((entry) => {
      this.#written = handled(this.#written.then(() => this.#write(entry)));
      settle();
    }, settle);
  }

  /** Ends the zip behind its last entry. */
  finalize(): void {
    this.#written.then(() => this.#end()).catch((error) => this.#output.destroy(error));
  }

  async #read({ name, file }: ZipEntryData): Promise<ReadEntry> {
    const isCompressed = isCompressedType(name);
    const pieces: Promise<Piece>[] = [];
    let checksum = 0;
    let sizeBytes = 0;
    for (;;) {
      await this.#room();
      const buffer = this.#spare.pop() ?? Buffer.allocUnsafeSlow(file.bufferBytes);
      const block = file.next(buffer);
      if (block === undefined) {
        this.#spare.push(buffer);
        break;
      }
      checksum = crc32(block.bytes, checksum);
      sizeBytes += block.bytes.length;
      pieces.push(isCompressed ? Promise.resolve(this.#store(block, buffer)) : this.#deflate(block, buffer));
    }
    return { name, crc32: checksum, sizeBytes, pieces: handled(Promise.all(pieces)) };
  }

  /** Waits until there is room for one more block. */
  async #room(): Promise<void> {
    while (this.#busy.length >= MAX_BUSY_BLOCKS) await this.#busy.shift();
    if (this.#heldBytes > MAX_HELD_BYTES) await this.#written;
  }

  /** @param buffer what the block is a view of */
  #store({ bytes }: FileBlock, buffer: Buffer): Piece {
    const isKept = bytes.length >= MIN_KEPT_BYTES;
    const held = isKept ? bytes : Buffer.from(bytes);
    if (!isKept) this.#spare.push(buffer);
    this.#heldBytes += held.length;
    const free = () => {
      this.#heldBytes -= held.length;
      if (isKept && this.#spare.length < MAX_BUSY_BLOCKS) this.#spare.push(buffer);
      else freeMemory(held);
    };
    return { method: 'stored', bytes: held, free };
  }

  #deflate(block: FileBlock, buffer: Buffer): Promise<Piece> {
    const isWholeFile = block.isLast && block.dictionary.length === 0;
    const level = block.bytes.length > MAX_SMALL_BYTES ? DEFLATE_LEVEL : SMALL_LEVEL;
    const deflated = deflateBlock(block.bytes, { level, ...block }).then((bytes): Piece => {
      if (isWholeFile && bytes.length >= block.bytes.length) return this.#store(block, buffer);
      this.#spare.push(buffer);
      return { method: 'deflated', bytes, free: () => freeMemory(bytes) };
    });
    this.#busy.push(handled(deflated));
    return deflated;
  }

  async #write({ pieces, ...rest }: ReadEntry): Promise<void> {
    const parts = await pieces;
    const zippedBytes = parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const entry: ZipEntry = { ...rest, method: parts[0]?.method ?? 'stored', zippedBytes, offset: this.#offset };
    this.#directory.push(directoryHeader(entry));
    await this.#put(localHeader(entry));
    for (const { bytes, free } of parts) {
      await this.#put(bytes);
      free();
    }
  }

  async #end(): Promise<void> {
    const offset = this.#offset;
    for (const header of this.#directory) await this.#put(header);
    await this.#put(endRecord(this.#directory.length, { offset, sizeBytes: this.#offset - offset }));
    this.#output.end(this.#chunk.subarray(0, this.#chunkBytes));
  }

  /** Copies the bytes into the chunk that is put out next. */
  async #put(bytes: Buffer): Promise<void> {
    for (let from = 0; from < bytes.length; ) {
      const copied = bytes.copy(this.#chunk, this.#chunkBytes, from);
      from += copied;
      this.#chunkBytes += copied;
      if (this.#chunkBytes < CHUNK_BYTES) break;
      const isTaken = this.#output.write(this.#chunk);
      this.#chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
      this.#chunkBytes = 0;
      if (!isTaken) await once(this.#output, 'drain');
    }
    this.#offset += bytes.length;
  }
}

/** A promise that is awaited later; or never, where another one fails first. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
