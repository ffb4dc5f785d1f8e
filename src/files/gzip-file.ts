import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { FINAL_BLOCK } from './deflate-block.ts';
import { orNotWritable } from './not-writable.ts';

/** No time, no name, no flags; the operating system is always Unix. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
const TRAILER_BYTES = 8;

/** The parts of a gzip other than its blocks. */
export const GZIP_FRAME_BYTES = HEADER.length + FINAL_BLOCK.length + TRAILER_BYTES;

export interface WrittenGzip {
  sizeBytes: number;
  /** Hex, lower case. */
  md5: string;
}

/** A gzip of one member that is written block by block; readable by its owner alone. Errors are ActionErrors. */
export class GzipFile {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #md5 = createHash('md5');
  #sizeBytes = GZIP_FRAME_BYTES;
  #crc = 0;
  #contentBytes = 0;

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  /** A file that is there is written over. */
  static async create(path: string): Promise<GzipFile> {
    const gzip = new GzipFile(path, await orNotWritable(path, () => open(path, 'w', 0o600)));
    try {
      await gzip.#write(HEADER);
      return gzip;
    } catch (error) {
      await gzip.discard();
      throw error;
    }
  }

  /** The size of the finished file, if nothing more is added. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** @param deflated what `deflateBlock` made of these bytes, with a dictionary of this same gzip or without one */
  async add(bytes: Buffer, deflated: Buffer): Promise<void> {
    this.#crc = crc32(bytes, this.#crc);
    this.#contentBytes += bytes.length;
    this.#sizeBytes += deflated.length;
    await this.#write(deflated);
  }

  async finish(): Promise<WrittenGzip> {
    const trailer = Buffer.alloc(TRAILER_BYTES);
    trailer.writeUInt32LE(this.#crc, 0);
    trailer.writeUInt32LE(this.#contentBytes % 2 ** 32, 4);
    await this.#write(Buffer.concat([FINAL_BLOCK, trailer]));
    await orNotWritable(this.path, () => this.#file.close());
    return { sizeBytes: this.#sizeBytes, md5: this.#md5.digest('hex') };
  }

  /** Leaves no file behind. */
  async discard(): Promise<void> {
    // Closing may fail for the earlier reason again, and the file may be closed.
    await this.#file.close().catch(() => {});
    await rm(this.path, { force: true }).catch(() => {});
  }

  async #write(bytes: Buffer): Promise<void> {
    this.#md5.update(bytes);
    await orNotWritable(this.path, () => this.#file.writeFile(bytes));
  }
}
