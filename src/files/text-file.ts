import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { orNotWritable } from './not-writable.ts';

const BUFFERED_CHARS = 256 * 1024;

/**
 * A file that is written piece by piece, readable by its owner alone: others on the machine may not be meant to see it.
 * Failures are ActionErrors; `discard` leaves no file behind.
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

  /** Creates its folder, too; overwrites an existing file. */
  static async create(path: string): Promise<TextFile> {
    return await TextFile.#open(path, 'w');
  }

  /** Opens the file to append to it. */
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
    // Closing may fail for the earlier reason again, and the file may be closed.
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
