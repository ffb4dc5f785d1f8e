import { bySize } from '../domain/bundle-limits.ts';
import { isCompressedType } from '../domain/compressed-types.ts';
import { MAX_SYNC_BYTES } from './deflate-block.ts';
import { blockSizes } from './read-file.ts';
import type { WalkedFile } from './walk-directory.ts';

/** A file's fixed cost on the main thread: as much as reading this many bytes. */
const BYTES_PER_FILE = 96 * 1024;

/**
 * The order in which blocks are read, as the file of each. Two sequences, each with its largest files first, are mixed
 * evenly: blocks that other threads compress, and work for the main thread (small files, and those that are stored
 * as they are). So neither waits for the other for long. Depends on names and sizes alone.
 */
export function readingOrder(files: readonly WalkedFile[]): WalkedFile[] {
  const others: WalkedFile[] = [];
  const own: WalkedFile[] = [];
  for (const file of [...files].sort(bySize)) (isForOthers(file) ? others : own).push(file);
  return [...steps(others), ...steps(own)].sort((a, b) => a.at - b.at).map(({ file }) => file);
}

interface Step {
  file: WalkedFile;
  /** Where in its sequence it is, 0 to 1. */
  at: number;
}

function isForOthers({ name, sizeBytes }: WalkedFile): boolean {
  return sizeBytes > MAX_SYNC_BYTES && !isCompressedType(name);
}

function steps(files: readonly WalkedFile[]): Step[] {
  const costs = files.flatMap((file) => {
    const blocks = blockSizes(file.sizeBytes);
    const bytes = (file.sizeBytes + BYTES_PER_FILE) / blocks.length;
    return blocks.map(() => ({ file, bytes }));
  });
  const total = costs.reduce((sum, { bytes }) => sum + bytes, 0);
  let before = 0;
  return costs.map(({ file, bytes }) => {
    const at = before / total;
    before += bytes;
    return { file, at };
  });
}
