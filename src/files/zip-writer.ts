import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ZipArchive } from 'archiver';
import { OUTPUT_PREFIX } from '../domain/bundle-names.ts';

// The first moment that a zip can express; archiver writes it in UTC, so no time zone shows.
const FIXED_DATE = new Date(Date.UTC(1980, 0, 1));
const FIXED_MODE = 0o644;
const DEFLATE_LEVEL = 6;

/** What was written. */
export interface WrittenZip {
  sizeBytes: number;
  /** Lower-case hex. */
  sha256: string;
}

/**
 * Writes a zip to `${destination}.partial`: entries under `output/` in the order of the calls, with fixed dates and
 * modes, so that the same names and bytes give the same zip (for one version of Node's zlib). `commit` gives the file
 * its name; `discard` closes and removes what there is.
 */
export class ZipWriter {
  readonly #destination: string;
  readonly #archive: ZipArchive;
  readonly #stopped = new AbortController();
  readonly #written: Promise<WrittenZip>;

  private constructor(destination: string, archive: ZipArchive, handle: FileHandle) {
    this.#destination = destination;
    this.#archive = archive;
    this.#written = writeAll(archive, handle);
    this.#written.catch((error) => this.#stopped.abort(error));
  }

  /** @throws what the system says when the file cannot be made */
  static async create(destination: string): Promise<ZipWriter> {
    const archiver = await import(/* webpackMode: "eager" */ 'archiver');
    const handle = await open(partialPath(destination), 'w');
    const archive = new archiver.ZipArchive({ zlib: { level: DEFLATE_LEVEL } });
    // The writer's loop hears of errors; one that comes after its end must not bring the process down.
    archive.on('error', () => {});
    return new ZipWriter(destination, archive, handle);
  }

  /**
   * Adds one file and waits until it is in the zip, so that one file is open at a time. After a throw the zip is
   * broken and good for `discard` only.
   * @param name relative to `output/`
   * @throws what `chunks` threw, or what the system says when the zip cannot be written
   */
  async append(name: string, chunks: AsyncIterable<Buffer>): Promise<void> {
    this.#stopped.signal.throwIfAborted();
    const source = Readable.from(chunks, { objectMode: false });
    const closed = new Promise((resolve) => source.once('close', resolve));
    // archiver does not pass on the errors of a source.
    source.once('error', (error) => this.#stopped.abort(error));
    const added = once(this.#archive, 'entry', { signal: this.#stopped.signal });
    this.#archive.append(source, { name: OUTPUT_PREFIX + name, date: FIXED_DATE, mode: FIXED_MODE });
    try {
      await added;
    } catch (error) {
      source.destroy();
      await closed;
      throw await this.#reasonOf(error);
    }
  }

  /** When the disk refuses, the archive is destroyed first, with an error of its own: the disk's is the one to tell. */
  async #reasonOf(error: unknown): Promise<unknown> {
    if (this.#stopped.signal.aborted) return this.#stopped.signal.reason;
    this.#archive.destroy();
    return await this.#written.then(
      () => error,
      (fault) => fault,
    );
  }

  /** Writes the zip's directory and closes the file, which keeps its partial name. */
  async finish(): Promise<WrittenZip> {
    // The promise of finalize never settles when the writing fails; the one of the writing always does.
    this.#archive.finalize().catch((error) => this.#archive.destroy(error));
    return await this.#written;
  }

  /** Gives the finished zip its name. */
  async commit(): Promise<void> {
    await rename(partialPath(this.#destination), this.#destination);
  }

  /** Stops, closes and removes the unfinished zip. Does not throw for a zip that is broken already. */
  async discard(): Promise<void> {
    this.#archive.destroy();
    await this.#written.catch(() => undefined);
    await rm(partialPath(this.#destination), { force: true, maxRetries: 3 });
  }
}

function partialPath(destination: string): string {
  return `${destination}.partial`;
}

/** Writes as fast as the disk takes it; leaving the loop by an error destroys the archive. Always closes the file. */
async function writeAll(archive: ZipArchive, handle: FileHandle): Promise<WrittenZip> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  try {
    for await (const chunk of archive) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      await handle.writeFile(chunk);
    }
  } finally {
    await handle.close();
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}
