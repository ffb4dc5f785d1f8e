import { MAX_BATCH_BYTES } from '../../domain/batch/batch.ts';
import { type RowProblem, RowProblems } from '../../domain/row-problems.ts';
import type { BatchPart, PackedFile } from './batch-file.ts';
import { DuplicateRefs, LazyTable, LineSet, MAX_DUPLICATES } from './duplicate-refs.ts';
import { eachGuestKey, type GuestKey, repeatedGuest } from './guest-keys.ts';
import { minifyJson } from './minify.ts';
import { parseLine } from './parse-line.ts';
import { PartWriter } from './part-writer.ts';
import { notReadable, SourceFault, type SourceOptions, type SourceShape } from './source-bytes.ts';
import { readSourceLines, type SourceLine } from './source-lines.ts';

export interface PackOptions extends SourceOptions {
  /** For parts and temporary files: an empty folder for this file alone. */
  folder: string;
  maxPartBytes?: number;
  /** The bytes of the parts depend on it. */
  blockBytes?: number;
  inFlight?: number;
}

/** Large enough that the dictionary of 32 kB and the change of threads cost little. */
const BLOCK_BYTES = 512 * 1024;
/** Node has four threads for compression and files together. */
const IN_FLIGHT = 3;

/**
 * Reads a file of records to its end, checks each of them, and writes them, without white space between the tokens, as
 * gzips that are small enough for a batch (API document, section 3). The bytes depend only on the records and on Node's zlib:
 * not on the time, the number of cores, or whether the file was a gzip. Memory does not grow with the file.
 * @param path absolute
 * @throws ActionError if the file cannot be read or a part cannot be written, or the signal's reason; all parts are removed
 */
export async function packFile(path: string, options: PackOptions): Promise<PackedFile> {
  const packing = new Packing(path, options);
  try {
    return await packing.run();
  } catch (error) {
    await packing.discard();
    options.signal.throwIfAborted();
    throw notReadable(path, error);
  }
}

class Packing {
  readonly #path: string;
  readonly #options: PackOptions;
  readonly #writer: PartWriter;
  readonly #duplicates: DuplicateRefs;
  readonly #guests: DuplicateRefs;
  readonly #modes = new Set<string>();
  readonly #problems = new RowProblems();
  #records = 0;
  #file = { sizeBytes: 0, isGzipped: false };

  constructor(path: string, options: PackOptions) {
    const { folder, maxPartBytes = MAX_BATCH_BYTES, blockBytes = BLOCK_BYTES, inFlight = IN_FLIGHT } = options;
    this.#path = path;
    this.#options = options;
    this.#writer = new PartWriter({ folder, maxPartBytes, blockBytes, inFlight });
    const reported = new LineSet();
    const table = new LazyTable();
    this.#duplicates = new DuplicateRefs({ folder, reported, table });
    this.#guests = new DuplicateRefs({ folder, reported, table, name: 'guests', messageOf: repeatedGuest });
  }

  async run(): Promise<PackedFile> {
    const { parts, fault } = await this.#pack();
    if (fault !== undefined) await this.discard();
    const duplicates = await this.#findDuplicates();
    return {
      path: this.#path,
      ...this.#file,
      records: this.#records,
      modes: [...this.#modes].sort(),
      parts,
      fault,
      problems: this.#problems.sorted(),
      problemCount: this.#problems.count,
      duplicates: duplicates.first,
      duplicateCount: duplicates.count,
    };
  }

  /** A line that repeats a ref is not reported again for its guest. */
  async #findDuplicates(): Promise<{ first: RowProblem[]; count: number }> {
    const refs = await this.#duplicates.find(this.#options.signal);
    const guests = await this.#guests.find(this.#options.signal);
    const first = [...refs.first, ...guests.first]
      .toSorted((one, other) => one.line - other.line)
      .slice(0, MAX_DUPLICATES);
    return { first, count: refs.count + guests.count };
  }

  async discard(): Promise<void> {
    await this.#writer.discard();
  }

  async #pack(): Promise<{ parts: BatchPart[]; fault: string | undefined }> {
    const onOpen = ({ sizeBytes, isGzipped }: SourceShape) => {
      this.#file = { sizeBytes, isGzipped };
    };
    try {
      for await (const lines of readSourceLines(this.#path, { ...this.#options, onOpen })) await this.#take(lines);
      const isEmpty = this.#records === 0 && this.#problems.count === 0;
      if (isEmpty) throw new SourceFault('It has no records: all of its lines are blank.');
      return { parts: this.#problems.count === 0 ? await this.#writer.finish() : [], fault: undefined };
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      return { parts: [], fault: error.message };
    }
  }

  async #take(lines: Iterable<SourceLine>): Promise<void> {
    for (const { number, bytes } of lines) {
      const parsed = parseLine(bytes);
      if ('problem' in parsed) {
        // Nothing of a file with a problem is sent: the rest is checked, but not packed.
        if (this.#problems.count === 0) await this.discard();
        this.#problems.add(number, () => parsed.problem);
        continue;
      }
      this.#records += 1;
      this.#modes.add(parsed.mode);
      this.#duplicates.add(parsed.ref, number);
      eachGuestKey(parsed, (key: GuestKey) => this.#guests.addKey(key, number));
      if (this.#problems.count > 0) continue;
      const record = parsed.hasSpace ? minifyJson(parsed.bytes) : parsed.bytes;
      if (this.#writer.isFull(record)) await this.#writer.endBlock();
      this.#writer.add(record, number);
    }
  }
}
