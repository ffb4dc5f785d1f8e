/**
 * The platform's limits on a bundle (API document, section 1, "The bundle"), and the check against them. The document
 * does not say whether its MB is 2^20 or 10^6 bytes: the larger is the limit here, and what lies between the two warns,
 * so that nothing is refused that the platform might accept.
 */

import type { BundleFile, BundleOrigin } from './bundle.ts';
import { asClause, bundleLabel, leavingOut } from './bundle-advice.ts';
import { printableName, WORKER_NAME } from './bundle-names.ts';

const MIB = 2 ** 20;
const DECIMAL_MB = 10 ** 6;

/** The zip itself, in bytes. */
export const MAX_BUNDLE_BYTES = 64 * MIB;
/** All files together before compression, in bytes. */
export const MAX_UNZIPPED_BYTES = 512 * MIB;
/** Files in the zip; folders do not count. */
export const MAX_BUNDLE_FILES = 1_000;
/** `output/worker.js`, in bytes. */
export const MAX_WORKER_BYTES = 40 * MIB;
/** A file under `output/assets/`, in bytes. */
export const MAX_ASSET_BYTES = 25 * MIB;

const ASSETS_PREFIX = 'assets/';

const MAX_OFFENDERS = 5;

/** What a check found: sentences for the user. A problem refuses the bundle, a warning does not. */
export interface LimitFindings {
  problems: string[];
  warnings: string[];
}

/** Whether a file of this name (relative to `output/`) is an asset, which the platform serves unchanged. */
export function isAsset(name: string): boolean {
  return name.startsWith(ASSETS_PREFIX);
}

/**
 * How many bytes the file of this name (relative to `output/`) may have. The platform limits worker.js and assets; its
 * limits on other files (source maps, modules beside worker.js) are not known.
 */
function maxFileBytes(name: string): number | undefined {
  if (name === WORKER_NAME) return MAX_WORKER_BYTES;
  return isAsset(name) ? MAX_ASSET_BYTES : undefined;
}

/**
 * Checks the files against the limits on their number, their sizes and their total size.
 * @param files names relative to `output/`, sizes before compression
 */
export function checkFileLimits(files: readonly BundleFile[], origin: BundleOrigin): LimitFindings {
  const found: LimitFindings = { problems: [], warnings: [] };
  const total = totalBytes(files);
  if (files.length > MAX_BUNDLE_FILES) {
    found.problems.push(
      `The bundle has ${formatCount(files.length)} files; the limit is ${formatCount(MAX_BUNDLE_FILES)}. ` +
        `Folders with the most files: ${crowdedFolders(files)}.`,
    );
  }
  hold(found, total, MAX_UNZIPPED_BYTES, 'The bundle unzipped', () => `Largest files: ${largestFiles(files)}.`);
  for (const file of files.filter((one) => isNearItsLimit(one)).sort(bySize)) holdFile(found, file, origin);
  return found;
}

/** Checks the zip's own size (bytes) against its limit; `files` serve to name the largest ones. */
export function checkZippedLimit(zippedBytes: number, files: readonly BundleFile[]): LimitFindings {
  const found: LimitFindings = { problems: [], warnings: [] };
  hold(
    found,
    zippedBytes,
    MAX_BUNDLE_BYTES,
    'The zip',
    () => `Largest files before compression: ${largestFiles(files)}.`,
  );
  return found;
}

/** The sum of the sizes, in bytes. */
export function totalBytes(files: readonly BundleFile[]): number {
  return files.reduce((sum, file) => sum + file.sizeBytes, 0);
}

/** Compares by UTF-16 code unit, independent of the locale: the order of names in a bundle. */
export function byName(a: { name: string }, b: { name: string }): number {
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}

/** The limit, if the platform counts a MB as 1,000,000 bytes. */
function decimalBytes(limit: number): number {
  return (limit / MIB) * DECIMAL_MB;
}

function isNearItsLimit({ name, sizeBytes }: BundleFile): boolean {
  return sizeBytes > decimalBytes(maxFileBytes(name) ?? MAX_ASSET_BYTES);
}

function holdFile(found: LimitFindings, { name, sizeBytes }: BundleFile, origin: BundleOrigin): void {
  const what = bundleLabel(name, origin);
  const limit = maxFileBytes(name);
  const out = asClause(leavingOut({ name, kind: 'file' }, origin) ?? 'import less on the server.');
  if (limit !== undefined) {
    hold(found, sizeBytes, limit, what, () => `Make it smaller, or ${out}`);
    return;
  }
  found.warnings.push(
    `${what}: ${formatBytes(sizeBytes)}, over ${assetLimit(sizeBytes)}. It is not known whether the platform ` +
      `applies that limit outside of ${ASSETS_PREFIX}. If the deployment fails with code 40, and nothing reads this file, ${out}`,
  );
}

/** The asset limit that this size exceeds, which depends on the definition of a MB. */
function assetLimit(sizeBytes: number): string {
  if (sizeBytes > MAX_ASSET_BYTES) return `the ${MAX_ASSET_BYTES / MIB} MB that an asset may have`;
  const bytes = formatCount(decimalBytes(MAX_ASSET_BYTES));
  return `the ${bytes} bytes that an asset may have if the platform counts a MB as 1,000,000 bytes`;
}

function hold(found: LimitFindings, bytes: number, limit: number, what: string, offenders: () => string): void {
  const megabytes = limit / MIB;
  if (bytes > limit) {
    found.problems.push(`${what}: ${formatBytes(bytes)}, over the limit of ${megabytes} MB. ${offenders()}`);
  } else if (bytes > decimalBytes(limit)) {
    found.warnings.push(
      `${what}: ${formatBytes(bytes)}, within the limit of ${megabytes} MB only if the platform counts a MB as ` +
        `1,048,576 bytes; it is over if it counts 1,000,000.`,
    );
  }
}

function largestFiles(files: readonly BundleFile[]): string {
  return [...files]
    .sort(bySize)
    .slice(0, MAX_OFFENDERS)
    .map((file) => `${printableName(file.name)} (${(file.sizeBytes / MIB).toFixed(1)} MB)`)
    .join(', ');
}

function crowdedFolders(files: readonly BundleFile[]): string {
  const counts = new Map<string, number>();
  for (const { name } of files) {
    const folder = name.slice(0, name.lastIndexOf('/') + 1);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || byName(a, b))
    .slice(0, MAX_OFFENDERS)
    .map(({ name, count }) => `${name === '' ? 'the top folder' : printableName(name)} (${formatCount(count)})`)
    .join(', ');
}

/** Compares by size, the largest first, then by name. */
export function bySize(a: BundleFile, b: BundleFile): number {
  return b.sizeBytes - a.sizeBytes || byName(a, b);
}

function formatBytes(bytes: number): string {
  return `${formatCount(bytes)} bytes (${(bytes / MIB).toFixed(1)} MB)`;
}

function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}
