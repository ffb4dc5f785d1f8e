import { pipeline, type Readable } from 'node:stream';
import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { OUTPUT_PREFIX, printableName } from '../domain/bundle-names.ts';
import { ChunkWindow, type ContentInspector } from '../domain/content-rules.ts';
import { describeFault } from './fault.ts';
import type { ZipItem } from './zip-entries.ts';

const STORED = 0;
/** APPNOTE 4.4.4, bit 3, and 4.3.9. */
const DESCRIPTOR_FLAG = 0x8;
const DESCRIPTOR_SIGNATURE = Buffer.from('PK\x07\x08', 'latin1');
const LOOKS_ENDED =
  'it is stored without its size before it, and contains bytes that look like its end: streaming readers unpack something else. Write the zip to a file and not to a pipe, or deflate the entry.';
const REMEDY = 'Make the zip again.';

/**
 * Reads one entry, showing its bytes to the inspector, and checks it against the zip's directory: the sizes, the
 * CRC-32 (yauzl checks none of these). Reading stops at the declared size.
 * @returns a sentence for the user when the entry is broken
 * @throws the signal's reason
 */
export async function readEntryProblem(
  zip: ZipFile,
  { name, entry }: ZipItem,
  inspector: ContentInspector,
  signal: AbortSignal,
): Promise<string | undefined> {
  const label = OUTPUT_PREFIX + printableName(name);
  try {
    const data = await openData(zip, entry);
    const problem = (await checkData(data, entry, inspector, signal)) ?? strayProblem(data, entry);
    return problem === undefined ? undefined : `${label}: ${problem} ${REMEDY}`;
  } catch (error) {
    signal.throwIfAborted();
    return `${label}: its data is damaged: ${describeFault(error)}. ${REMEDY}`;
  }
}

/** A streaming reader goes on where the data ends, a seeking one where the size says that it does. */
function strayProblem(data: Readable | InflateRaw, { compressedSize }: Entry): string | undefined {
  if (!('bytesWritten' in data) || data.bytesWritten === compressedSize) return undefined;
  return `its data has ended ${compressedSize - data.bytesWritten} bytes before its place does.`;
}

async function openData(zip: ZipFile, entry: Entry): Promise<Readable | InflateRaw> {
  const raw = await zip.openReadStreamPromise(entry, { decodeFileData: false });
  if (entry.compressionMethod === STORED) return raw;
  // yauzl's own inflate stream is not closed when reading stops early; this one is, and closes its source.
  const inflate = createInflateRaw();
  pipeline(raw, inflate, () => {});
  return inflate;
}

async function checkData(
  data: Readable,
  entry: Entry,
  inspector: ContentInspector,
  signal: AbortSignal,
): Promise<string | undefined> {
  const window = new ChunkWindow(inspector);
  // For stored data without a size in its header, a streaming reader searches for the end.
  const isSearched = entry.compressionMethod === STORED && (entry.generalPurposeBitFlag & DESCRIPTOR_FLAG) !== 0;
  let end = Buffer.alloc(0);
  let bytes = 0;
  let checksum = 0;
  try {
    for await (const chunk of data) {
      signal.throwIfAborted();
      bytes += chunk.length;
      if (bytes > entry.uncompressedSize)
        return `it unpacks to more than the ${entry.uncompressedSize} bytes it declares.`;
      checksum = crc32(chunk, checksum);
      if (isSearched) {
        const joined = Buffer.concat([end, chunk]);
        if (joined.includes(DESCRIPTOR_SIGNATURE)) return LOOKS_ENDED;
        end = joined.subarray(-(DESCRIPTOR_SIGNATURE.length - 1));
      }
      window.push(chunk);
    }
  } finally {
    window.end();
  }
  if (bytes < entry.uncompressedSize) return `it has ${bytes} bytes where it declares ${entry.uncompressedSize}.`;
  if (checksum !== entry.crc32) return 'its checksum (CRC-32) does not match its data.';
  return undefined;
}
