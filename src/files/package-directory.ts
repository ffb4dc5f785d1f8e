import type { Hash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Bundle, BundleFile, BundleOrigin, ForbiddenValue } from '../domain/bundle.ts';
import { BundleError } from '../domain/bundle-error.ts';
import { checkZippedLimit, type LimitFindings, MAX_UNZIPPED_BYTES, totalBytes } from '../domain/bundle-limits.ts';
import { WORKER_NAME } from '../domain/bundle-names.ts';
import { sourceMapNote } from '../domain/bundle-notes.ts';
import { cutList } from '../domain/bundle-problems.ts';
import type { BundleTraits } from '../domain/bundle-traits.ts';
import { modulesBesideWorker } from '../domain/bundle-worker.ts';
import { type ContentFindings, ContentInspector } from '../domain/content-rules.ts';
import { ForbiddenValues } from '../domain/content-scanners.ts';
import { describeFault } from './fault.ts';
import { type FindFilesOptions, type FoundFiles, findFiles } from './find-files.ts';
import { PartialFile, type WrittenFile } from './partial-file.ts';
import { FileReadError, InspectedFile } from './read-file.ts';
import { readingOrder } from './reading-order.ts';
import type { WalkedFile } from './walk-directory.ts';
import { type OpenEntry, ZipWriter } from './zip-writer.ts';

export interface PackageDirectoryOptions extends FindFilesOptions {
  /** Absolute path of the zip. It is written under this name and `.partial`, and renamed when complete. */
  destination: string;
  forbidden: readonly ForbiddenValue[];
}

/** More would hide what to do. */
const MAX_HINTS = 3;

/** A file that is being read. */
interface OpenFile {
  file: WalkedFile;
  inspector: ContentInspector;
  inspected: InspectedFile;
  entry?: OpenEntry | undefined;
}

/** A packaging in progress: what is known so far. */
interface Packaging extends FoundFiles {
  options: PackageDirectoryOptions;
  origin: BundleOrigin;
  forbidden: ForbiddenValues;
  /** What was found in files, by their names; a file in here is done. */
  findings: Map<string, ContentFindings>;
  traits: BundleTraits;
  open: Map<string, OpenFile>;
  /** Undefined once a zip is pointless: the remaining files are only searched. */
  zip: { file: PartialFile; writer: ZipWriter } | undefined;
  /** For files that are only searched. */
  buffer?: Buffer;
}

/**
 * Packages a folder as a bundle: every file under `output/`, each read once. The same names and bytes give the same
 * zip, independent of the place, the time, and the files' dates and modes.
 * @throws BundleError with all that is wrong; nothing is left at `destination` then
 * @throws the signal's reason when it aborts
 */
export async function packageDirectory(options: PackageDirectoryOptions): Promise<Bundle> {
  options.signal.throwIfAborted();
  try {
    const found = await findFiles(options);
    return await packageFiles(found, options);
  } catch (error) {
    throw options.signal.aborted ? options.signal.reason : error;
  }
}

async function packageFiles(found: FoundFiles, options: PackageDirectoryOptions): Promise<Bundle> {
  const forbidden = new ForbiddenValues(options.forbidden);
  const zip = found.problems.count === 0 ? createZip(options) : undefined;
  const origin: BundleOrigin = { kind: 'directory', directory: options.displayDirectory };
  const packaging: Packaging = {
    ...found,
    options,
    origin,
    forbidden,
    findings: new Map(),
    traits: {},
    open: new Map(),
    zip,
  };
  try {
    for (const file of readingOrder(withinReach(packaging))) {
      if (!packaging.findings.has(file.name)) await readBlock(packaging, file);
    }
    reportFindings(packaging);
    return await completeZip(packaging);
  } catch (error) {
    packaging.zip?.file.discard();
    throw error;
  } finally {
    for (const { inspected } of packaging.open.values()) inspected.close();
  }
}

/** In the order of the names, not of reading. */
function reportFindings({ files, findings, problems, warnings }: Packaging): void {
  for (const { name } of files) {
    const found = findings.get(name);
    if (found === undefined) continue;
    if (found.problems.length > 0) problems.add('content', ...found.problems);
    warnings.push(...found.warnings);
  }
}

/** Loaded while blocks are being compressed: loading takes the main thread as long as reading 20 MB. */
function createSha256(): Hash {
  return process.getBuiltinModule('node:crypto').createHash('sha256');
}

function createZip({ destination }: PackageDirectoryOptions): Packaging['zip'] {
  try {
    mkdirSync(dirname(destination), { recursive: true });
    const file = new PartialFile(destination, createSha256);
    return { file, writer: new ZipWriter(file) };
  } catch (cause) {
    throw cannotWrite(destination, cause);
  }
}

/** The files whose content is searched: all, unless the bundle is far too large anyway. */
function withinReach({ files, problems, options }: Packaging): WalkedFile[] {
  let bytes = 0;
  const reached = files.filter((file) => {
    bytes += file.sizeBytes;
    return bytes <= MAX_UNZIPPED_BYTES;
  });
  if (reached.length < files.length) {
    problems.add(
      'content',
      `${options.displayDirectory}: ${files.length - reached.length} of ${files.length} files were not searched for ` +
        'secrets, because the folder is over the size limit.',
    );
  }
  return reached;
}

/** Reads the next block of a file, into the zip while there is one. */
async function readBlock(packaging: Packaging, file: WalkedFile): Promise<void> {
  const { options, open } = packaging;
  const opened = open.get(file.name) ?? openFile(packaging, file);
  try {
    if (await isLastBlock(packaging, opened)) closeFile(packaging, opened);
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof FileReadError)) throw cannotWrite(options.destination, error);
    closeFile(packaging, opened, error.message);
  }
}

function openFile({ files, options, origin, forbidden, open, zip }: Packaging, file: WalkedFile): OpenFile {
  const modules = file.name === WORKER_NAME ? modulesBesideWorker(files) : undefined;
  const inspector = new ContentInspector({ name: file.name, origin, forbidden, modules });
  const inspected = new InspectedFile(file, inspector, options.signal);
  const opened: OpenFile = { file, inspector, inspected, entry: zip?.writer.open(file.name, inspected) };
  open.set(file.name, opened);
  return opened;
}

async function isLastBlock(packaging: Packaging, { inspected, entry }: OpenFile): Promise<boolean> {
  if (packaging.zip !== undefined && entry !== undefined) return await packaging.zip.writer.readBlock(entry);
  // Signals are heard in between.
  await setImmediate();
  packaging.buffer ??= Buffer.allocUnsafe(inspected.blockBufferBytes);
  return inspected.next(packaging.buffer)?.isLast !== false;
}

/** Records what was found in a file. Once the bundle is refused, writing on is pointless. */
function closeFile(packaging: Packaging, { file, inspector, inspected }: OpenFile, fault?: string): void {
  inspected.close();
  packaging.open.delete(file.name);
  const found = inspector.finish();
  if (fault !== undefined) found.problems.unshift(fault);
  packaging.findings.set(file.name, found);
  Object.assign(packaging.traits, inspector.traits);
  if (found.problems.length === 0) return;
  const { zip } = packaging;
  packaging.zip = undefined;
  zip?.file.discard();
}

async function completeZip(packaging: Packaging): Promise<Bundle> {
  const { options, problems, warnings, unmatched, files, findings, zip } = packaging;
  const hints = unmatched.slice(0, MAX_HINTS);
  if (zip === undefined) throw new BundleError(problems.sentences(), { total: problems.count, hints });
  // A bundle that lacks a file would be deployed as if it were whole.
  if (findings.size !== files.length) throw new Error(`${files.length - findings.size} files were not packaged`);
  const listed: BundleFile[] = files.map(({ name, sizeBytes }) => ({ name, sizeBytes }));
  let written: WrittenFile;
  let limit: LimitFindings;
  try {
    await zip.writer.finish();
    written = zip.file.finish();
    limit = checkZippedLimit(written.sizeBytes, listed);
    options.signal.throwIfAborted();
    if (limit.problems.length === 0) zip.file.commit();
  } catch (error) {
    throw cannotWrite(options.destination, error);
  }
  const notes = notesOf(packaging, zip.writer.zippedBytes, written.sizeBytes);
  if (limit.problems.length > 0) throw new BundleError(limit.problems, { hints: [...notes, ...hints] });
  return {
    path: options.destination,
    ...written,
    files: listed,
    unzippedBytes: totalBytes(listed),
    warnings: cutList([...limit.warnings, ...warnings, ...unmatched]),
    notes,
    ...packaging.traits,
  };
}

function notesOf({ notes, origin }: Packaging, entries: ZipWriter['zippedBytes'], zipBytes: number): string[] {
  const zipped = [...entries].map(([name, zippedBytes]) => ({ name, zippedBytes }));
  const sourceMaps = sourceMapNote(zipped, zipBytes, origin);
  return sourceMaps === undefined ? notes : [...notes, sourceMaps];
}

/** Reported alone: a bundle with any other problem is not written. */
function cannotWrite(destination: string, cause: unknown): BundleError {
  return new BundleError([`${destination}: the zip cannot be written: ${describeFault(cause)}.`], {
    cause,
    fix: 'Make room on the disk of the runner, or make the folder of temporary files writable.',
  });
}
