/** The records of a zip, byte by byte (PKWARE's APPNOTE 6.3.10, sections 4.3 and 4.4). No zip64: see ZipEntry. */

/** An entry whose data is known in full. Sizes and offset are below 4 GiB: the limits on a bundle ensure that. */
export interface ZipEntry {
  /** With `/` as the separator. */
  name: string;
  method: 'stored' | 'deflated';
  crc32: number;
  sizeBytes: number;
  zippedBytes: number;
}

const METHODS = { stored: 0, deflated: 8 } as const;
/** 2.0, the version that knows deflate. */
const VERSION_NEEDED = 20;
/** Version 2.0 on Unix: readers take the mode from the upper half of the external attributes. */
const VERSION_MADE_BY = (3 << 8) | VERSION_NEEDED;
/** 1980-01-01, the first day that a zip can express. Its time, midnight, is 0. */
const FIRST_DAY = (1 << 5) | 1;
/** General purpose bit 11: the name is UTF-8. */
const UTF8_FLAG = 1 << 11;
const REGULAR_FILE_0644 = 0o100644;
/** Size of a local header before the name, and the range in it that both headers share. */
const LOCAL_BYTES = 30;
const COMMON = { start: 4, end: 28 };
/** The same for a directory entry. */
const LINE_BYTES = 46;
const LINE_COMMON_START = 6;

/** What all headers share; zeroes where they differ. */
const LOCAL = Buffer.alloc(LOCAL_BYTES);
LOCAL.writeUInt32LE(0x04034b50, 0);
LOCAL.writeUInt16LE(VERSION_NEEDED, 4);
LOCAL.writeUInt16LE(FIRST_DAY, 12);
const LINE = Buffer.alloc(LINE_BYTES);
LINE.writeUInt32LE(0x02014b50, 0);
LINE.writeUInt16LE(VERSION_MADE_BY, 4);
LINE.writeUInt32LE(REGULAR_FILE_0644 * 2 ** 16, 38);

/** The header before an entry's data. Its sizes are in it, so nothing has to follow the data. */
export function localHeader(entry: ZipEntry): Buffer {
  const nameBytes = Buffer.byteLength(entry.name);
  const header = Buffer.allocUnsafe(LOCAL_BYTES + nameBytes);
  LOCAL.copy(header);
  if (nameBytes > entry.name.length) header.writeUInt16LE(UTF8_FLAG, 6);
  header.writeUInt16LE(METHODS[entry.method], 8);
  header.writeUInt32LE(entry.crc32, 14);
  header.writeUInt32LE(entry.zippedBytes, 18);
  header.writeUInt32LE(entry.sizeBytes, 22);
  header.writeUInt16LE(nameBytes, 26);
  header.write(entry.name, LOCAL_BYTES);
  return header;
}

/**
 * The entry's line in the directory at the zip's end.
 * @param local its local header
 * @param offset of that header, in bytes from the start of the zip
 */
export function directoryHeader(local: Buffer, offset: number): Buffer {
  const header = Buffer.allocUnsafe(LINE_BYTES + local.length - LOCAL_BYTES);
  LINE.copy(header);
  local.copy(header, LINE_COMMON_START, COMMON.start, COMMON.end);
  header.writeUInt32LE(offset, 42);
  local.copy(header, LINE_BYTES, LOCAL_BYTES);
  return header;
}

/** The end record. @param directory offset of the directory, in bytes from the start of the zip */
export function endRecord(entries: number, directory: { offset: number; sizeBytes: number }): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(entries, 8);
  record.writeUInt16LE(entries, 10);
  record.writeUInt32LE(directory.sizeBytes, 12);
  record.writeUInt32LE(directory.offset, 16);
  return record;
}
