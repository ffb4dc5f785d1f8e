import { join } from 'node:path';
import { DICTIONARY_BYTES, deflateBlock } from '../deflate-block.ts';
import { freeMemory } from '../free-memory.ts';
import { GZIP_FRAME_BYTES, GzipFile } from '../gzip-file.ts';
import type { BatchPart } from './batch-file.ts';
import { SourceFault } from './source-bytes.ts';

export interface PartOptions {
  /** An existing folder for the parts. */
  folder: string;
  maxPartBytes: number;
  /** Size of the blocks of records that are compressed together. */
  blockBytes: number;
  /** How many blocks are compressed at the same time. */
  inFlight: number;
}

/** Consecutive records, each with its line feed. */
interface Block {
  bytes: Buffer;
  records: number;
  firstLine: number;
  lastLine: number;
}

interface DeflatedBlock extends Block {
  deflated: Promise<Buffer>;
  /** The dictionary it was compressed with. */
  dictionary: Buffer | undefined;
}

type OpenPart = Omit<BatchPart, 'path' | 'sizeBytes' | 'md5'> & { file: GzipFile };

const LF = 0x0a;
const DEFLATE_LEVEL = 6;

/**
 * Writes records as gzips of limited size, in files `part-1.gz` and so on. Where a part ends depends only on the records.
 * Parts are complete only after `finish`; `discard` removes them all.
 */
export class PartWriter {
  readonly #options: PartOptions;
  readonly #parts: BatchPart[] = [];
  readonly #files: GzipFile[] = [];
  readonly #waiting: DeflatedBlock[] = [];
  /** Buffers of written blocks, for reuse. */
  readonly #spare: Buffer[] = [];
  #open: OpenPart | undefined;
  #block: Block;
  /** Bytes of the block in use. */
  #used = 0;
  /** The end of the previous block, and of no more than that one: it may turn out to be the first block of a part. */
  #dictionary: Buffer | undefined;

  constructor(options: PartOptions) {
    this.#options = options;
    this.#block = emptyBlock(newBuffer(options.blockBytes));
  }

  /** Whether `endBlock` has to come before this record. */
  isFull(record: Buffer): boolean {
    return this.#used > 0 && this.#used + record.length + 1 > this.#options.blockBytes;
  }

  /** Copies a record. @param record without a line feed */
  add(record: Buffer, line: number): void {
    const block = this.#block;
    const end = this.#used + record.length + 1;
    if (end > block.bytes.length) {
      this.#spare.push(block.bytes);
      block.bytes = newBuffer(end);
    }
    block.bytes.set(record, this.#used);
    block.bytes[end - 1] = LF;
    this.#used = end;
    if (block.records === 0) block.firstLine = line;
    block.records += 1;
    block.lastLine = line;
  }

  /**
   * Passes the records on to be compressed and written.
   * @throws SourceFault if they are too large for any part; ActionError if a part cannot be written
   */
  async endBlock(): Promise<void> {
    if (this.#used === 0) return;
    const block = { ...this.#block, bytes: this.#block.bytes.subarray(0, this.#used) };
    const deflated = deflateBlock(block.bytes, { level: DEFLATE_LEVEL, dictionary: this.#dictionary, isLast: false });
    // It is awaited later, or never if another one fails.
    deflated.catch(() => {});
    this.#waiting.push({ ...block, deflated, dictionary: this.#dictionary });
    this.#dictionary = Buffer.from(block.bytes.subarray(-DICTIONARY_BYTES));
    while (this.#waiting.length > this.#options.inFlight || this.#isHeavy()) await this.#writeOldest();
    this.#block = emptyBlock(this.#spare.pop() ?? newBuffer(this.#options.blockBytes));
    this.#used = 0;
  }

  async finish(): Promise<BatchPart[]> {
    await this.endBlock();
    while (this.#waiting.length > 0) await this.#writeOldest();
    await this.#endPart();
    return this.#parts;
  }

  async discard(): Promise<void> {
    // The memory of a block must not be freed while a thread works on it.
    await Promise.allSettled(this.#waiting.splice(0).map(({ deflated }) => deflated));
    for (const file of this.#files) await file.discard();
  }

  /** Whether the waiting blocks take too much memory, as a few records of the largest size do. */
  #isHeavy(): boolean {
    const limit = (this.#options.inFlight + 1) * 2 * this.#options.blockBytes;
    return this.#waiting.length > 1 && this.#waiting.reduce((sum, { bytes }) => sum + bytes.length, 0) > limit;
  }

  async #writeOldest(): Promise<void> {
    const block = this.#waiting.shift();
    if (block === undefined) return;
    let deflated = await block.deflated;
    if (block.dictionary !== undefined) freeMemory(block.dictionary);
    const { maxPartBytes } = this.#options;
    if (this.#open !== undefined && this.#open.file.sizeBytes + deflated.length > maxPartBytes) await this.#endPart();
    if (this.#open === undefined) {
      // The first block of a part has no dictionary, since nothing comes before it.
      if (this.#parts.length > 0) deflated = await deflateBlock(block.bytes, { level: DEFLATE_LEVEL, isLast: false });
      if (GZIP_FRAME_BYTES + deflated.length > maxPartBytes) throw tooLarge(block, deflated.length, maxPartBytes);
      this.#open = await this.#beginPart(block.firstLine);
    }
    await this.#open.file.add(block.bytes, deflated);
    freeMemory(deflated);
    this.#open.records += block.records;
    this.#open.lastLine = block.lastLine;
    if (block.bytes.buffer.byteLength === this.#options.blockBytes) this.#spare.push(Buffer.from(block.bytes.buffer));
  }

  async #beginPart(firstLine: number): Promise<OpenPart> {
    const file = await GzipFile.create(join(this.#options.folder, `part-${this.#files.length + 1}.gz`));
    this.#files.push(file);
    return { file, records: 0, firstLine, lastLine: firstLine };
  }

  async #endPart(): Promise<void> {
    if (this.#open === undefined) return;
    const { file, ...rest } = this.#open;
    this.#open = undefined;
    this.#parts.push({ path: file.path, ...(await file.finish()), ...rest });
  }
}

/** Memory of its own, not a slice of Node's pool, since it is reused. */
function newBuffer(bytes: number): Buffer {
  return Buffer.from(new ArrayBuffer(bytes));
}

function emptyBlock(bytes: Buffer): Block {
  return { bytes, records: 0, firstLine: 0, lastLine: 0 };
}

function tooLarge(block: Block, deflatedBytes: number, maxBytes: number): SourceFault {
  const { firstLine, lastLine } = block;
  const where = firstLine === lastLine ? `Line ${firstLine} alone is` : `Lines ${firstLine} to ${lastLine} alone are`;
  return new SourceFault(`${where} ${deflatedBytes} bytes gzipped; a batch may be at most ${maxBytes}.`);
}
