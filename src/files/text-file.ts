import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { orNotWritable } from './not-writable.ts';

const BUFFERED_CHARS = 256 * 1024;

/**
 * A file that is written piece by piece, readable by its owner alone: what is in it may not be for others on the machine.
 * What fails is an ActionError; `discard` leaves no file behind.
 */
export class TextFile {
  readonly path: string;
  readonly #file: FileHandle;
  #waiting: string[] = [];
  #waitingChars = 0;

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  /** Makes its folder, too; a file that is there is written over. */
  static async create(path: string): Promise<TextFile> {
    return await TextFile.#open(path, 'w');
  }

  /** The same, but what is in it stays. */
  static async append(path: string): Promise<TextFile> {
    return await TextFile.#open(path, 'a');
  }

  static async #open(path: string, flags: 'w' | 'a'): Promise<TextFile> {
    return await orNotWritable(path, async () => {
      await mkdir(dirname(path), { recursive: true });
      return new TextFile(path, await open(path, flags, 0o600));
    });
  }

  async write(text: string): Promise<void> {
    this.#waiting.push(text);
    this.#waitingChars += text.length;
    if (this.#waitingChars >= BUFFERED_CHARS) await this.#flush();
  }

  async close(): Promise<void> {
    try {
      await this.#flush();
    } catch (error) {
      await this.#file.close().catch(() => {});
      throw error;
    }
    await orNotWritable(this.path, () => this.#file.close());
  }

  async discard(): Promise<void> {
    // Closing may fail again of what has failed already, and it may be closed.
    await this.#file.close().catch(() => {});
    await rm(this.path, { force: true }).catch(() => {});
  }

  async #flush(): Promise<void> {
    const text = this.#waiting.join('');
    this.#waiting = [];
    this.#waitingChars = 0;
    await orNotWritable(this.path, () => this.#file.writeFile(text));
  }
}
