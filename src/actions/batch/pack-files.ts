import { MAX_BATCH_BYTES } from '../../domain/batch/batch.ts';
import { isRepeatable } from '../../domain/batch/record.ts';
import { ActionError, FileError, type FileProblem } from '../../errors.ts';
import type { BatchPart, PackedFile } from '../../files/batch/batch-file.ts';
import type { BatchInputs } from '../../inputs/batch-upload.ts';
import type { BatchRecord } from '../../report/batch-record.ts';
import { count, formatBytes, formatCount } from '../../report/format.ts';
import type { BatchDependencies } from './dependencies.ts';
import { createTrack, type Track } from './track.ts';

type PackInputs = Pick<BatchInputs, 'files' | 'batchRef' | 'split'>;
type PackDependencies = Pick<BatchDependencies, 'disk' | 'run' | 'shownPathOf' | 'signal'>;

/**
 * Reads, checks and packs all files, so that nothing is sent unless all are valid.
 * @returns the batches in the order in which they are sent
 * @throws FileError with the problems of all files; ActionError where they cannot be sent as the inputs demand
 */
export async function packFiles(inputs: PackInputs, dependencies: PackDependencies): Promise<Track[]> {
  const packed = await packAll(inputs.files, dependencies);
  checkSplitting(inputs, packed, dependencies);
  const parts = packed.flatMap((file) => file.parts.map((part, index) => ({ file, part, index })));
  const tracks = parts.map(({ file, part, index }, number) => {
    const { path: _, ...known } = part;
    const record: BatchRecord = {
      ...known,
      number: number + 1,
      shownPath: dependencies.shownPathOf(file.path),
      part: index + 1,
      parts: file.parts.length,
      // One such record is enough: the whole file is handled with care.
      unrepeatableModes: file.modes.filter((mode) => !isRepeatable(mode)),
      abandonedRefs: [],
    };
    return createTrack(file.path, part, record, dependencies.run);
  });
  dependencies.run.emit({ type: 'batches-planned', batches: tracks.map(({ record }) => record) });
  return tracks;
}

async function packAll(paths: readonly string[], dependencies: PackDependencies): Promise<PackedFile[]> {
  const valid: PackedFile[] = [];
  const faults = createFaults();
  for (const path of paths) {
    try {
      const file = await packFile(path, dependencies);
      faults.add(file);
      // Duplicates have been reported: what follows needs only the parts of files that can be sent.
      if (isValid(file)) valid.push({ ...file, duplicates: [] });
    } catch (error) {
      if (dependencies.signal.aborted || !(error instanceof ActionError) || faults.files === 0) throw error;
      // Otherwise the problems of the previous files would be lost.
      faults.addFault(path, error);
      break;
    }
  }
  const error = faults.error(paths.length, dependencies.shownPathOf);
  if (error !== undefined) throw error;
  return valid;
}

/** Returns an invalid file as well, after its phase has failed. */
async function packFile(path: string, { disk, run, shownPathOf }: PackDependencies): Promise<PackedFile> {
  const invalid = new ActionError('The file is not valid.', { title: 'not usable' });
  let file: PackedFile | undefined;
  const work = run.phase(`Check and pack ${shownPathOf(path)}`, async (phase) => {
    file = await disk.pack(path, (readBytes, sizeBytes) =>
      phase.status(`${formatBytes(readBytes)} of ${formatBytes(sizeBytes)} read`),
    );
    run.emit({ type: 'file-packed', file });
    if (!isValid(file)) {
      phase.result(file.fault === undefined ? count(file.problemCount, 'problem') : 'not usable');
      throw invalid;
    }
    for (const [index, part] of file.parts.entries()) phase.info(partLine(part, index, file.parts.length));
    const parts = file.parts.length === 1 ? '' : `, ${file.parts.length} batches`;
    phase.result(`${count(file.records, 'record')}, ${formatBytes(sizeOf(file))} gzipped${parts}`);
    return file;
  });
  return await work.catch((error: unknown) => {
    if (error !== invalid || file === undefined) throw error;
    return file;
  });
}

function isValid({ fault, problemCount }: PackedFile): boolean {
  return fault === undefined && problemCount === 0;
}

/** `Part 1 of 2: lines 1 to 5,000, 5,000 records, 47.1 MB gzipped, MD5 …`. With a single part, the previous line has the rest. */
function partLine({ firstLine, lastLine, records, sizeBytes, md5 }: BatchPart, index: number, parts: number): string {
  if (parts === 1) return `MD5 ${md5}`;
  const lines = `lines ${formatCount(firstLine)} to ${formatCount(lastLine)}`;
  return `Part ${index + 1} of ${parts}: ${lines}, ${count(records, 'record')}, ${formatBytes(sizeBytes)} gzipped, MD5 ${md5}`;
}

function sizeOf({ parts }: PackedFile): number {
  return parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** For all files together: nobody reads more, and there may be very many files. */
const MAX_PROBLEMS = 1000;

/** Collects the problems of all files as one error: the first ones, and how many there are. */
function createFaults() {
  const problems: FileProblem[] = [];
  const paths: string[] = [];
  let total = 0;
  const addFault = (path: string, { message }: { message: string }) => {
    paths.push(path);
    if (problems.length < MAX_PROBLEMS) problems.push({ line: undefined, message, path });
    total += 1;
  };
  return {
    get files() {
      return paths.length;
    },
    addFault,
    add: (file: PackedFile) => {
      const { path } = file;
      if (isValid(file)) return;
      if (file.fault === undefined) paths.push(path);
      else addFault(path, { message: file.fault });
      const some = file.problems.slice(0, Math.max(0, MAX_PROBLEMS - problems.length));
      problems.push(...some.map(({ line, message }) => ({ line, message, path })));
      total += file.problemCount;
    },
    error: (fileCount: number, shownPathOf: (path: string) => string): FileError | undefined => {
      const [path] = paths;
      if (path === undefined) return undefined;
      const name = shownPathOf(path);
      const isAlone = paths.length === 1;
      const what = isAlone ? name : `${formatCount(paths.length)} of ${count(fileCount, 'file')}`;
      return new FileError(path, problems, {
        message: `${what} ${isAlone ? 'has' : 'have'} ${count(total, 'problem')}${isAlone ? '' : ' in total'}.`,
        topic: 'batch-file-not-usable',
        title: isAlone ? `${name} is not usable` : `${formatCount(paths.length)} files are not usable`,
        fix: `Correct the file${isAlone ? '' : 's'} and run the job again.`,
        detailCount: total,
      });
    },
  };
}

/** @throws ActionError if a file needs several batches and the inputs demand one */
function checkSplitting(
  { batchRef, split }: PackInputs,
  files: readonly PackedFile[],
  { shownPathOf }: Pick<PackDependencies, 'shownPathOf'>,
): void {
  const large = files.filter(({ parts }) => parts.length > 1);
  if (large.length === 0 || (split && batchRef === undefined)) return;
  const what = large.map((file) => `${shownPathOf(file.path)} is ${formatBytes(sizeOf(file))} gzipped`).join(', ');
  const limit = `a batch may be at most ${formatBytes(MAX_BATCH_BYTES)} (${formatCount(MAX_BATCH_BYTES)} bytes)`;
  if (!split) {
    throw new ActionError(`${what}; ${limit}, and \`split\` is false.`, {
      topic: 'batch-file-not-usable',
      title: 'File too large for one batch',
      fix: 'Set `split: true`, or provide smaller files.',
    });
  }
  throw new ActionError(`${what}; ${limit}, and \`batch-ref\` is the UUID of a single one.`, {
    topic: 'batch-file-not-usable',
    title: 'File too large for one batch',
    fix: 'Leave `batch-ref` empty, so that each batch gets a new one, or provide a smaller file.',
  });
}
