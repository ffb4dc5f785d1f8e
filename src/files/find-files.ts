import { statSync } from 'node:fs';
import { sep } from 'node:path';
import type { BundleOrigin } from '../domain/bundle.ts';
import { withRemedy } from '../domain/bundle-advice.ts';
import { BundleError } from '../domain/bundle-error.ts';
import { byName, checkFileLimits } from '../domain/bundle-limits.ts';
import { printableName, refusedName, WORKER_NAME } from '../domain/bundle-names.ts';
import { leftOutNote } from '../domain/bundle-notes.ts';
import { ProblemList } from '../domain/bundle-problems.ts';
import { excludedWorkerProblem, workerProblem } from '../domain/bundle-worker.ts';
import { unmatchedWarning } from '../domain/exclude-guess.ts';
import { createExcludeRules, type ExcludeRules } from './exclude.ts';
import { describeFault, errorCode } from './fault.ts';
import { MAX_WALKED_NAMES, type WalkedFile, type WalkResult, walkDirectory } from './walk-directory.ts';

export interface FindFilesOptions {
  /** Absolute: what is packaged. */
  directory: string;
  /** The folder as the user wrote it, for messages. */
  displayDirectory: string;
  /** gitignore-style patterns. */
  exclude: readonly string[];
  signal: AbortSignal;
}

/** What is to be packaged, and what is wrong with its names and sizes. */
export interface FoundFiles {
  /** Sorted by name; none of those that are refused. */
  files: WalkedFile[];
  problems: ProblemList;
  warnings: string[];
  /** About patterns that match nothing: they may have been meant for the refused files. */
  unmatched: string[];
  notes: string[];
}

const BUILD_FIX = 'Run the build before this step, or correct the input `directory`.';

/**
 * Finds the files of a folder's bundle, before any of them is read.
 * @throws BundleError where there is nothing to package; the signal's reason
 */
export async function findFiles(options: FindFilesOptions): Promise<FoundFiles> {
  const rules = await createExcludeRules(options.exclude);
  checkIsDirectory(options);
  const walked = await walkDirectory(options.directory, rules.excludes, options.signal).catch((cause) => {
    options.signal.throwIfAborted();
    throw new BundleError([`${options.displayDirectory}: this folder cannot be read: ${describeFault(cause)}.`], {
      cause,
      fix: BUILD_FIX,
    });
  });
  checkHoldsFiles(options, walked);
  const problems = new ProblemList();
  const files = refuseNames(walked, problems).sort(byName);
  const origin: BundleOrigin = { kind: 'directory', directory: options.displayDirectory };
  const limits = checkFileLimits(files, origin);
  problems.add('limit', ...limits.problems);
  const worker = findWorkerProblem({ walked, files, rules, origin });
  if (worker !== undefined) problems.add('bundle', worker);
  const { leftOut } = walked;
  return {
    files,
    problems,
    warnings: limits.warnings,
    unmatched: findUnmatched(options, rules, walked),
    notes: leftOut.files === 0 ? [] : [leftOutNote(leftOut.files, leftOut.isMore)],
  };
}

interface FoundWorker {
  walked: WalkResult;
  files: readonly WalkedFile[];
  rules: ExcludeRules;
  origin: BundleOrigin;
}

/** Nothing if it is there and refused for another reason, which is already a problem. */
function findWorkerProblem({ walked, files, rules, origin }: FoundWorker): string | undefined {
  const isThere = ({ name }: { name: string }) => name === WORKER_NAME;
  if (!files.some(isThere) && [...walked.files, ...walked.problems].some(isThere)) return undefined;
  const pattern = walked.leftOut.topFiles.has(WORKER_NAME) ? rules.patternOf(WORKER_NAME) : undefined;
  return pattern === undefined ? workerProblem(files, origin) : excludedWorkerProblem(pattern);
}

/** Not if names were left uncounted: a pattern may match those. */
function findUnmatched(options: FindFilesOptions, rules: ExcludeRules, { leftOut }: WalkResult): string[] {
  if (leftOut.isMore) return [];
  const folder = { display: options.displayDirectory, path: options.directory.replaceAll(sep, '/') };
  return rules.unmatched().map((pattern) => unmatchedWarning(pattern, folder));
}

function checkIsDirectory({ directory, displayDirectory }: FindFilesOptions): void {
  let isDirectory: boolean;
  try {
    isDirectory = statSync(directory).isDirectory();
  } catch (cause) {
    const what =
      errorCode(cause) === 'ENOENT' ? 'there is no such folder' : `it cannot be read: ${describeFault(cause)}`;
    throw new BundleError([`${displayDirectory}: ${what}.`], { cause, fix: BUILD_FIX });
  }
  if (!isDirectory) throw new BundleError([`${displayDirectory}: this is not a folder.`], { fix: BUILD_FIX });
}

function checkHoldsFiles({ displayDirectory }: FindFilesOptions, walked: WalkResult): void {
  if (walked.gaveUp) {
    throw new BundleError([
      `${displayDirectory}: it holds more than ${MAX_WALKED_NAMES.toLocaleString('en-US')} names, far over the limit of ` +
        '1,000 files. Check that this is the folder which the build writes.',
    ]);
  }
  if (walked.files.length > 0 || walked.problems.length > 0) return;
  throw walked.leftOut.files > 0
    ? new BundleError([`${displayDirectory}: \`exclude\` leaves nothing of it to deploy.`], {
        fix: 'Take a pattern out of the input `exclude`, or run the build before this step.',
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
    const byTarget = file.targetName === file.name ? byOwnName : refusedName(file.targetName);
    if (byOwnName !== undefined) {
      refused.set(byOwnName.name, withRemedy(`${printableName(byOwnName.name)}: ${byOwnName.reason}`, byOwnName));
      if (byOwnName.kind === 'folder') refusedFolders.add(byOwnName.name);
    } else if (byTarget !== undefined) {
      const link = `${printableName(file.name)}: it is a link to ${printableName(file.targetName)}, and`;
      refused.set(file.name, withRemedy(`${link} ${byTarget.reason}`, { name: file.name, kind: 'file' }));
    } else files.push(file);
  }
  for (const { name, label, reason } of [...walked.problems].sort(byName)) {
    // A folder that is refused as a whole is one problem, even if more is wrong inside.
    const folder = refusedName(name)?.name;
    if (folder === undefined || !refusedFolders.has(folder)) {
      problems.add('path', withRemedy(`${label}: ${reason}`, { name, kind: 'file' }));
    }
  }
  const sorted = [...refused].map(([name, sentence]) => ({ name, sentence })).sort(byName);
  problems.add('name', ...sorted.map(({ sentence }) => sentence));
  return files;
}
