import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Bundle, BundleFile, ForbiddenValue } from '../domain/bundle.ts';
import {
  byName,
  bySize,
  checkFileLimits,
  checkZippedLimit,
  MAX_UNZIPPED_BYTES,
  totalBytes,
} from '../domain/bundle-limits.ts';
import { excludePattern, type PathKind, printableName, refusedName } from '../domain/bundle-names.ts';
import { cutList, ProblemList } from '../domain/bundle-problems.ts';
import { type ContentFindings, ContentInspector } from '../domain/content-rules.ts';
import { BundleError } from '../errors.ts';
import { createExcludeTest } from './exclude.ts';
import { describeFault, errorCode } from './fault.ts';
import { FileReadError, InspectedFile } from './read-file.ts';
import { MAX_WALKED_NAMES, type WalkedFile, type WalkResult, walkDirectory } from './walk-directory.ts';
import { type WrittenZip, ZipWriter } from './zip-writer.ts';

export interface PackageDirectoryOptions {
  /** Absolute: what is packaged. */
  directory: string;
  /** The same as the user wrote it, for messages. */
  displayDirectory: string;
  /** gitignore-style patterns. */
  exclude: readonly string[];
  /** Absolute path of the zip. It is written under this name and `.partial`, and renamed when complete. */
  destination: string;
  forbidden: readonly ForbiddenValue[];
  signal: AbortSignal;
}

const BUILD_FIX = 'Run the build before this step, or correct the input `directory`. Nothing was sent.';

/** A packaging under way: what is known so far. */
interface Packaging {
  options: PackageDirectoryOptions;
  problems: ProblemList;
  warnings: string[];
  files: WalkedFile[];
  /** What was found in files, by their names. */
  findings: Map<string, ContentFindings>;
  /** For what is looked through only. */
  buffer?: Buffer;
}

/**
 * Packages a folder as a bundle: every file under `output/`, each read once, the largest first: at the end, all threads
 * have something small to do. The same names and bytes give the same zip, whatever the place, the time, and the files'
 * dates and modes.
 * @throws BundleError with all that is wrong; nothing is left at `destination` then
 * @throws the signal's reason when it aborts
 */
export async function packageDirectory(options: PackageDirectoryOptions): Promise<Bundle> {
  options.signal.throwIfAborted();
  try {
    const packaging = await findFiles(options);
    return await packageFiles(packaging);
  } catch (error) {
    throw options.signal.aborted ? options.signal.reason : error;
  }
}

async function findFiles(options: PackageDirectoryOptions): Promise<Packaging> {
  const excluded = createExcludeTest(options.exclude);
  await checkIsDirectory(options);
  const walked = await walkDirectory(options.directory, excluded, options.signal).catch((cause) => {
    options.signal.throwIfAborted();
    throw new BundleError([`${options.displayDirectory}: this folder cannot be read: ${describeFault(cause)}.`], {
      cause,
      fix: BUILD_FIX,
    });
  });
  checkHoldsFiles(options, walked);
  const problems = new ProblemList();
  const files = refuseNames(walked, problems).sort(byName);
  const limits = checkFileLimits(files);
  problems.add('limit', ...limits.problems);
  return { options, problems, warnings: limits.warnings, files, findings: new Map() };
}

async function checkIsDirectory({ directory, displayDirectory }: PackageDirectoryOptions): Promise<void> {
  let isDirectory: boolean;
  try {
    isDirectory = (await stat(directory)).isDirectory();
  } catch (cause) {
    const what =
      errorCode(cause) === 'ENOENT' ? 'there is no such folder' : `it cannot be read: ${describeFault(cause)}`;
    throw new BundleError([`${displayDirectory}: ${what}.`], { cause, fix: BUILD_FIX });
  }
  if (!isDirectory) throw new BundleError([`${displayDirectory}: this is not a folder.`], { fix: BUILD_FIX });
}

function checkHoldsFiles({ displayDirectory }: PackageDirectoryOptions, walked: WalkResult): void {
  if (walked.gaveUp) {
    throw new BundleError([
      `${displayDirectory}: it holds more than ${MAX_WALKED_NAMES.toLocaleString('en-US')} names, far over the limit of ` +
        '1,000 files. Check that this is the folder which the build writes.',
    ]);
  }
  if (walked.files.length > 0 || walked.problems.length > 0) return;
  throw walked.excludedAny
    ? new BundleError([`${displayDirectory}: \`exclude\` leaves nothing of it to deploy.`], {
        fix: 'Take a pattern out of the input `exclude`, or run the build before this step. Nothing was sent.',
      })
    : new BundleError([`${displayDirectory}: this folder holds no files.`], { fix: BUILD_FIX });
}

/** Notes the problems of paths and names; returns the files that have none. */
function refuseNames(walked: WalkResult, problems: ProblemList): WalkedFile[] {
  const refusedFolders = new Set<string>();
  const refused = new Map<string, string>();
  const files: WalkedFile[] = [];
  for (const file of walked.files) {
    const byOwnName = refusedName(file.name);
    const byTarget = refusedName(file.targetName);
    if (byOwnName !== undefined) {
      refused.set(byOwnName.name, withRemedy(`${printableName(byOwnName.name)}: ${byOwnName.reason}`, byOwnName));
      if (byOwnName.kind === 'folder') refusedFolders.add(byOwnName.name);
    } else if (byTarget !== undefined) {
      const link = `${printableName(file.name)}: it is a link to ${printableName(file.targetName)}, and`;
      refused.set(file.name, withRemedy(`${link} ${byTarget.reason}`, { name: file.name, kind: 'file' }));
    } else files.push(file);
  }
  for (const { name, label, reason } of [...walked.problems].sort(byName)) {
    // A folder that is refused as a whole is one problem, whatever else is wrong in it.
    const folder = refusedName(name)?.name;
    if (folder === undefined || !refusedFolders.has(folder)) {
      problems.add('path', withRemedy(`${label}: ${reason}`, { name, kind: 'file' }));
    }
  }
  const sorted = [...refused].map(([name, sentence]) => ({ name, sentence })).sort(byName);
  problems.add('name', ...sorted.map(({ sentence }) => sentence));
  return files;
}

function withRemedy(sentence: string, { name, kind }: { name: string; kind: PathKind }): string {
  return `${sentence} Add to exclude: ${excludePattern(name, kind)}`;
}

async function packageFiles(packaging: Packaging): Promise<Bundle> {
  const { options, problems } = packaging;
  let writer = problems.count === 0 ? await createWriter(options) : undefined;
  try {
    for (const file of withinReach(packaging).sort(bySize)) {
      const isIntact = await addFile(packaging, writer, file);
      if (isIntact) continue;
      // There is no use in writing on once the bundle is refused; the rest is only looked through.
      await writer?.discard();
      writer = undefined;
    }
    tellFindings(packaging);
    if (writer === undefined) throw new BundleError(problems.sentences(), { total: problems.count });
    const bundle = await completeZip(packaging, writer);
    writer = undefined;
    return bundle;
  } finally {
    await writer?.discard();
  }
}

/** In the order of the names, whatever the one in which files were read. */
function tellFindings({ files, findings, problems, warnings }: Packaging): void {
  for (const { name } of files) {
    const found = findings.get(name);
    problems.add('content', ...(found?.problems ?? []));
    warnings.push(...(found?.warnings ?? []));
  }
}

async function createWriter({ destination, signal }: PackageDirectoryOptions): Promise<ZipWriter> {
  try {
    await mkdir(dirname(destination), { recursive: true });
    return await ZipWriter.create(destination, signal);
  } catch (cause) {
    // A part of this action is missing: nothing that room on the disk would mend.
    if (errorCode(cause) === 'ERR_MODULE_NOT_FOUND') throw cause;
    throw cannotWrite(destination, new ProblemList(), cause);
  }
}

/** The files whose content is looked through: all, unless the bundle is far too large anyway. */
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

/** Reads a file once, into the zip while there is one. False when there is none, or no use for it any more. */
async function addFile(packaging: Packaging, writer: ZipWriter | undefined, file: WalkedFile): Promise<boolean> {
  const { options, findings } = packaging;
  const inspector = new ContentInspector(file.name, options.forbidden);
  const inspected = new InspectedFile(file, inspector, options.signal);
  const unreadable: string[] = [];
  try {
    if (writer === undefined) await readThrough(inspected, packaging);
    else await writer.append(file.name, inspected);
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof FileReadError)) {
      tellFindings(packaging);
      throw cannotWrite(options.destination, packaging.problems, error);
    }
    unreadable.push(error.message);
  }
  const found = inspector.finish();
  const problems = found.problems.map((problem) => withRemedy(problem, { name: file.name, kind: 'file' }));
  findings.set(file.name, { problems: [...unreadable, ...problems], warnings: found.warnings });
  return writer !== undefined && unreadable.length + problems.length === 0;
}

async function readThrough(file: InspectedFile, packaging: Packaging): Promise<void> {
  packaging.buffer ??= Buffer.allocUnsafe(file.bufferBytes);
  try {
    // Signals are heard in between.
    while (file.next(packaging.buffer) !== undefined) await setImmediate();
  } finally {
    file.close();
  }
}

async function completeZip({ options, problems, warnings, files }: Packaging, writer: ZipWriter): Promise<Bundle> {
  const listed: BundleFile[] = files.map(({ name, sizeBytes }) => ({ name, sizeBytes }));
  let written: WrittenZip;
  try {
    written = await writer.finish();
  } catch (error) {
    throw cannotWrite(options.destination, problems, error);
  }
  const limit = checkZippedLimit(written.sizeBytes, listed);
  if (limit.problems.length > 0) throw new BundleError(limit.problems);
  options.signal.throwIfAborted();
  await writer.commit().catch((error) => {
    throw cannotWrite(options.destination, problems, error);
  });
  return {
    path: options.destination,
    ...written,
    files: listed,
    unzippedBytes: totalBytes(listed),
    warnings: cutList([...limit.warnings, ...warnings]),
  };
}

function cannotWrite(destination: string, problems: ProblemList, cause: unknown): BundleError {
  problems.add('bundle', `${destination}: the zip cannot be written: ${describeFault(cause)}.`);
  return new BundleError(problems.sentences(), {
    total: problems.count,
    cause,
    fix: 'Make room on the disk of the runner, or make the folder of temporary files writable. Nothing was sent.',
  });
}
