/** Notes about a bundle that are not warnings. */

import type { BundleOrigin } from './bundle.ts';

const MB = 2 ** 20;
/** Less is not worth a note. */
const MIN_SHARE = 0.2;
const MIN_SAVED_BYTES = MB / 4;

/** A file as the zip holds it. */
interface ZippedFile {
  name: string;
  zippedBytes: number;
}

/**
 * How to leave out the source maps, if they take much of the zip: those of a build with OpenNext are beside worker.js
 * and as large.
 */
export function sourceMapNote(
  files: readonly ZippedFile[],
  zipBytes: number,
  origin: BundleOrigin,
): string | undefined {
  const maps = files.filter(({ name }) => name.endsWith('.map'));
  const mapBytes = maps.reduce((sum, { zippedBytes }) => sum + zippedBytes, 0);
  if (mapBytes < MIN_SAVED_BYTES || mapBytes < MIN_SHARE * zipBytes) return undefined;
  const share = Math.round((100 * mapBytes) / zipBytes);
  const what = `Source maps take ${(mapBytes / MB).toFixed(1)} MB of the zip, ${share} % of it.`;
  const how = origin.kind === 'zip' ? 'make the zip without files named *.map.' : '`exclude: "*.map"` leaves them out.';
  return `${what} The storefront runs without them: ${how}`;
}

/** How many files `exclude` left out. @param isMore whether there are more than were counted */
export function leftOutNote(files: number, isMore: boolean): string {
  const count = files.toLocaleString('en-US');
  return `${isMore ? `More than ${count} files` : files === 1 ? '1 file' : `${count} files`} left out by \`exclude\`.`;
}
