import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Bundle, BundleFile, BundleOrigin, ForbiddenValue } from '../domain/bundle.ts';
import { BundleError } from '../domain/bundle-error.ts';
import { checkFileLimits, checkZippedLimit, MAX_UNZIPPED_BYTES, totalBytes } from '../domain/bundle-limits.ts';
import { WORKER_NAME } from '../domain/bundle-names.ts';
import { sourceMapNote } from '../domain/bundle-notes.ts';
import { cutList, ProblemList } from '../domain/bundle-problems.ts';
import type { BundleTraits } from '../domain/bundle-traits.ts';
import { modulesBesideWorker, workerProblem } from '../domain/bundle-worker.ts';
import { ContentInspector } from '../domain/content-rules.ts';
import { ForbiddenValues } from '../domain/content-scanners.ts';
import { describeFault } from './fault.ts';
import { type OpenZip, openZip, ZIP_FIX } from './open-zip.ts';
import { readEntries, type ZipItem } from './zip-entries.ts';
import { readEntryProblem } from './zip-entry-content.ts';
import { layoutProblems } from './zip-layout.ts';

export interface InspectZipOptions {
  /** Absolute. */
  path: string;
  /** The path as the user wrote it, for messages. */
  displayPath: string;
  forbidden: readonly ForbiddenValue[];
  /** What the user can do about a bundle that is refused; unless given, the advice is for a zip that they gave. */
  fix?: string;
  signal: AbortSignal;
}

// A hundred times the limit. Each entry costs memory, and nobody reads a list that long.
const MAX_LISTED_ENTRIES = 100_000;
// Ten times the limit: beyond that, opening every entry takes too long for a zip that is refused anyway.
const MAX_READ_ENTRIES = 10_000;

const ORIGIN: BundleOrigin = { kind: 'zip' };

interface Inspection {
  options: InspectZipOptions;
  problems: ProblemList;
  warnings: string[];
  traits: BundleTraits;
}

/**
 * Checks a ready zip against the rules for a packaged folder: limits, names, secrets; and against those for zips:
 * everything under `output/`, readable by any reader, true sizes and checksums. Entries are read one at a time, in
 * bounded memory, and never beyond their declared size.
 * @throws BundleError with all that is wrong
 * @throws the signal's reason when it aborts
 */
export async function inspectZip(options: InspectZipOptions): Promise<Bundle> {
  options.signal.throwIfAborted();
  try {
    const opened = await openZip(options.path, options.displayPath);
    try {
      return await inspectOpened({ options, problems: new ProblemList(), warnings: [], traits: {} }, opened);
    } finally {
      opened.zip.close();
    }
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    const { fix } = options;
    if (fix === undefined || !(error instanceof BundleError)) throw error;
    throw new BundleError(error.problems, { fix, total: error.detailCount, cause: error });
  }
}

async function inspectOpened(inspection: Inspection, opened: OpenZip): Promise<Bundle> {
  const { options, problems, warnings } = inspection;
  const { zip, sizeBytes } = opened;
  if (zip.entryCount > MAX_LISTED_ENTRIES) {
    throw new BundleError([
      `${options.displayPath}: it holds ${zip.entryCount} entries, far over the limit of 1,000 files.`,
    ]);
  }
  const { items, all, warnings: odd } = await readEntries(zip, problems, options.signal);
  warnings.push(...odd);
  if (all !== undefined && all.length <= MAX_READ_ENTRIES) {
    const layout = { ...opened, commentBytes: zip.comment.length, entries: all };
    problems.add('bundle', ...layoutProblems(layout, options.signal));
  }
  const files: BundleFile[] = items.map(({ name, sizeBytes: bytes }) => ({ name, sizeBytes: bytes }));
  if (files.length === 0 && problems.count === 0) {
    problems.add('bundle', `${options.displayPath}: it holds no files. Run the build before the zip is made.`);
  }
  for (const limits of [checkZippedLimit(sizeBytes, files), checkFileLimits(files, ORIGIN)]) {
    problems.add('limit', ...limits.problems);
    warnings.push(...limits.warnings);
  }
  // If there is another problem, the worker may be there, and refused.
  const worker = files.length > 0 && problems.count === 0 ? workerProblem(files, ORIGIN) : undefined;
  if (worker !== undefined) problems.add('bundle', worker);
  await inspectContents(inspection, zip, items);
  if (problems.count > 0) throw new BundleError(problems.sentences(), { total: problems.count, fix: ZIP_FIX });
  const hashed = await hashFile(options, opened.fd);
  // The upload reads it from its path later.
  if (hashed.sizeBytes !== sizeBytes || !opened.isStillThere()) {
    throw new BundleError([`${options.displayPath}: it changed while it was being read.`], { fix: ZIP_FIX });
  }
  const zipped = items.map(({ name, entry }) => ({ name, zippedBytes: entry.compressedSize }));
  const note = sourceMapNote(zipped, sizeBytes, ORIGIN);
  return {
    path: options.path,
    ...hashed,
    files,
    unzippedBytes: totalBytes(files),
    warnings: cutList(warnings),
    notes: note === undefined ? [] : [note],
    ...inspection.traits,
  };
}

async function inspectContents(inspection: Inspection, zip: OpenZip['zip'], items: readonly ZipItem[]): Promise<void> {
  const { options, problems, warnings, traits } = inspection;
  const forbidden = new ForbiddenValues(options.forbidden);
  if (totalBytes(items) > MAX_UNZIPPED_BYTES || items.length > MAX_READ_ENTRIES) {
    problems.add('content', `${options.displayPath}: it was not searched for secrets, because it is far over a limit.`);
    return;
  }
  for (const item of items) {
    // An empty one has no chunk at which it would be noticed.
    options.signal.throwIfAborted();
    const modules = item.name === WORKER_NAME ? modulesBesideWorker(items) : undefined;
    const inspector = new ContentInspector({ name: item.name, origin: ORIGIN, forbidden, modules });
    const broken = await readEntryProblem(zip, item, inspector, options.signal);
    if (broken !== undefined) problems.add('content', broken);
    const found = inspector.finish();
    problems.add('content', ...found.problems);
    warnings.push(...found.warnings);
    Object.assign(traits, inspector.traits);
  }
}

async function hashFile(
  { path, displayPath, signal }: InspectZipOptions,
  fd: number,
): Promise<{ sizeBytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  try {
    for await (const chunk of createReadStream(path, { fd, start: 0, autoClose: false, highWaterMark: 256 * 1024 })) {
      signal.throwIfAborted();
      hash.update(chunk);
      sizeBytes += chunk.length;
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw new BundleError([`${displayPath}: it cannot be read: ${describeFault(cause)}.`], { cause, fix: ZIP_FIX });
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}
