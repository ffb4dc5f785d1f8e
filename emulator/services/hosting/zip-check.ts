import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import StreamZip from 'node-stream-zip';
import type { BundleLimits } from './records.ts';

const WORKER = 'output/worker.js';
const STORED = 0;
const DEFLATED = 8;
const LOCAL_HEADER_BYTES = 30;
const LOCAL_HEADER_SIGNATURE = 0x04034b50;
const READ_BYTES = 256 * 1024;

/** The platform's verdict on a bundle: its entries, or the error code of the API document, section 1, with the reason. */
export type BundleVerdict = { code: undefined; files: string[] } | { code: 30 | 40; reason: string };

interface ZipEntry {
  name: string;
  isDirectory: boolean;
  encrypted: boolean;
  method: number;
  crc: number;
  size: number;
  compressedSize: number;
  offset: number;
}

class BundleError extends Error {
  readonly code: 30 | 40;

  constructor(code: 30 | 40, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BundleError';
    this.code = code;
  }
}

/**
 * Opens the zip and holds it to the platform's limits. Code 30: it cannot be extracted (too large, or corrupt: every
 * entry is inflated and its CRC compared). Code 40: its content is not build output.
 */
export async function checkBundle(path: string, limits: BundleLimits): Promise<BundleVerdict> {
  try {
    const { size } = await stat(path);
    if (size > limits.zippedBytes) {
      throw new BundleError(30, `the zip is ${size} bytes, over the limit of ${limits.zippedBytes}`);
    }
    const entries = await listEntries(path);
    const files = entries.filter((entry) => !entry.isDirectory);
    await checkExtraction(path, files, limits);
    checkContents(entries, files, limits);
    return { code: undefined, files: files.map((entry) => entry.name) };
  } catch (error) {
    if (error instanceof BundleError) return { code: error.code, reason: error.message };
    return { code: 30, reason: `the zip is corrupt: ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function listEntries(path: string): Promise<ZipEntry[]> {
  // Names are checked below: a bad one is bad build output and not a corrupt zip.
  const zip = new StreamZip.async({ file: path, skipEntryNameValidation: true });
  try {
    const entries: ZipEntry[] = [];
    // Not from the map that the reader makes, where a name that is there twice would be one entry.
    zip.on('entry', (entry) => entries.push(entry));
    await zip.entriesCount;
    return entries;
  } finally {
    await zip.close();
  }
}

async function checkExtraction(path: string, files: readonly ZipEntry[], limits: BundleLimits): Promise<void> {
  let leftBytes = limits.unzippedBytes;
  const checkTotal = () => {
    if (leftBytes < 0) throw new BundleError(30, `unzipped, it is over the limit of ${limits.unzippedBytes} bytes`);
  };
  const zip = await open(path);
  try {
    for (const entry of files) {
      let crc = 0;
      let sizeBytes = 0;
      await inflate(zip, entry, (chunk) => {
        crc = crc32(chunk, crc);
        sizeBytes += chunk.length;
        // The declared size is not believed: a bomb says that it is small.
        leftBytes -= chunk.length;
        checkTotal();
      });
      if (sizeBytes !== entry.size) throw new BundleError(30, `${entry.name} has not the size that it declares`);
      if (crc !== entry.crc) throw new BundleError(30, `${entry.name} has a wrong CRC`);
    }
  } finally {
    await zip.close();
  }
}

async function inflate(zip: FileHandle, entry: ZipEntry, onChunk: (chunk: Buffer) => void): Promise<void> {
  if (entry.encrypted) throw new BundleError(30, `${entry.name} is encrypted`);
  if (entry.compressedSize === 0) return;
  const start = await findData(zip, entry);
  const end = start + entry.compressedSize - 1;
  const source = createReadStream('', { fd: zip.fd, autoClose: false, start, end, highWaterMark: READ_BYTES });
  const sink = async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) onChunk(chunk);
  };
  if (entry.method === STORED) await pipeline(source, sink);
  else if (entry.method === DEFLATED) await pipeline(source, createInflateRaw({ chunkSize: READ_BYTES }), sink);
  else throw new BundleError(30, `${entry.name} has the unknown compression method ${entry.method}`);
}

async function findData(zip: FileHandle, entry: ZipEntry): Promise<number> {
  const { buffer, bytesRead } = await zip.read(Buffer.alloc(LOCAL_HEADER_BYTES), 0, LOCAL_HEADER_BYTES, entry.offset);
  if (bytesRead < LOCAL_HEADER_BYTES || buffer.readUInt32LE(0) !== LOCAL_HEADER_SIGNATURE) {
    throw new BundleError(30, `${entry.name} has no local header`);
  }
  return entry.offset + LOCAL_HEADER_BYTES + buffer.readUInt16LE(26) + buffer.readUInt16LE(28);
}

/** The document limits worker.js and assets, and says nothing of other files. */
function maxFileBytes(name: string, limits: BundleLimits): number {
  if (name === WORKER) return limits.workerBytes;
  return name.startsWith('output/assets/') ? limits.assetBytes : Number.POSITIVE_INFINITY;
}

function checkContents(entries: readonly ZipEntry[], files: readonly ZipEntry[], limits: BundleLimits): void {
  for (const { name } of entries) {
    if (!name.startsWith('output/') || name.includes('\\') || name.split('/').includes('..')) {
      throw new BundleError(40, `${name} is not under output/`);
    }
  }
  if (files.length === 0) throw new BundleError(40, 'there is no file under output/');
  if (files.length > limits.files)
    throw new BundleError(40, `${files.length} files, over the limit of ${limits.files}`);
  // Without it there is nothing to run.
  const worker = files.find(({ name }) => name === WORKER);
  if (worker === undefined) throw new BundleError(40, `there is no ${WORKER}`);
  if (worker.size === 0) throw new BundleError(40, `${WORKER} is empty`);
  for (const { name, size } of files) {
    const limit = maxFileBytes(name, limits);
    if (size > limit) throw new BundleError(40, `${name} is ${size} bytes, over the limit of ${limit}`);
  }
}
