import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { OUTPUT_PREFIX } from '../domain/bundle-names.ts';
import { freeMemory } from './free-memory.ts';
import type { InspectedFile } from './read-file.ts';
import type { BundleArchive } from './zip-archive.ts';
import type { ZipEntryData } from './zip-format.ts';

/** What archiver's queue asks for beside an entry's name: the format reads the file itself. */
const NO_SOURCE = Buffer.alloc(0);

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
  readonly #archive: BundleArchive;
  readonly #written: Promise<WrittenZip>;

  private constructor(destination: string, archive: BundleArchive, handle: number) {
    this.#destination = destination;
    this.#archive = archive;
    this.#written = writeAll(archive, handle);
    this.#written.catch(() => {}); // Whoever adds a file or finishes is told.
  }

  /**
   * @param signal ends the writing at once, whatever is still being compressed
   * @throws what the system says when the file cannot be made
   */
  static async create(destination: string, signal: AbortSignal): Promise<ZipWriter> {
    const { BundleArchive } = await import('./zip-archive.ts');
    const handle = openSync(partialPath(destination), 'w');
    const archive = new BundleArchive();
    // The writer's loop hears of errors; one that comes after its end must not bring the process down.
    archive.on('error', () => {});
    signal.addEventListener('abort', () => archive.destroy(signal.reason), { once: true });
    return new ZipWriter(destination, archive, handle);
  }

  /**
   * Adds one file and waits until it was read, so that one file is open at a time; it may be compressed and written
   * later. After a throw the zip is broken and good for `discard` only.
   * @param name relative to `output/`
   * @throws what reading the file throws, or what the system says when the zip cannot be written
   */
  async append(name: string, file: InspectedFile): Promise<void> {
    const { promise: read, resolve, reject } = Promise.withResolvers<void>();
    const onRead = (error?: unknown) => (error === undefined ? resolve() : reject(error));
    const data: ZipEntryData = { name: OUTPUT_PREFIX + name, file, onRead };
    this.#archive.append(NO_SOURCE, data);
    try {
      // The writing ends after all reading, unless it fails.
      await Promise.race([read, this.#written]);
    } finally {
      file.close();
    }
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

/**
 * Writes what comes, each chunk at once: a write that went through Node's pool of threads would wait there behind blocks
 * that are being compressed. Leaving the loop by an error destroys the archive. Always closes the file.
 */
async function writeAll(archive: BundleArchive, handle: number): Promise<WrittenZip> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  try {
    for await (const chunk of archive as AsyncIterable<Buffer>) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      for (let from = 0; from < chunk.length; ) from += writeSync(handle, chunk, from);
      freeMemory(chunk);
    }
  } finally {
    closeSync(handle);
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}
