/** The records of a zip, byte by byte (PKWARE's APPNOTE 6.3.10, sections 4.3 and 4.4). No zip64: see ZipEntry. */

/** An entry whose data is known in full. Sizes and offset are below 4 GiB, as the limits on a bundle see to. */
export interface ZipEntry {
  /** With `/` as the separator. */
  name: string;
  method: 'stored' | 'deflated';
  crc32: number;
  sizeBytes: number;
  zippedBytes: number;
  /** Of its local header, from the start of the zip. */
  offset: number;
}

const METHODS = { stored: 0, deflated: 8 } as const;
/** 2.0, the version that knows deflate. */
const VERSION_NEEDED = 20;
/** The same, on Unix: readers take the mode from the upper half of the external attributes. */
const VERSION_MADE_BY = (3 << 8) | VERSION_NEEDED;
/** 1980-01-01, the first day that a zip can express. Its time, midnight, is 0. */
const FIRST_DAY = (1 << 5) | 1;
/** General purpose bit 11: the name is UTF-8. */
const UTF8_FLAG = 1 << 11;
const REGULAR_FILE_0644 = 0o100644;
/** What both headers of an entry have in common, the length of the name included. */
const COMMON_BYTES = 24;

/** What stands before an entry's data. Its sizes are in it, so nothing has to follow the data. */
export function localHeader(entry: ZipEntry): Buffer {
  const name = Buffer.from(entry.name);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  writeCommon(header, 4, entry, name);
  return Buffer.concat([header, name]);
}

/** The entry's line in the directory at the zip's end. */
export function directoryHeader(entry: ZipEntry): Buffer {
  const name = Buffer.from(entry.name);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(VERSION_MADE_BY, 4);
  writeCommon(header, 6, entry, name);
  header.writeUInt32LE(REGULAR_FILE_0644 * 2 ** 16, 38);
  header.writeUInt32LE(entry.offset, 42);
  return Buffer.concat([header, name]);
}

/** What ends the zip. @param directory where the directory stands, in bytes from the start of the zip */
export function endRecord(entries: number, directory: { offset: number; sizeBytes: number }): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(entries, 8);
  record.writeUInt16LE(entries, 10);
  record.writeUInt32LE(directory.sizeBytes, 12);
  record.writeUInt32LE(directory.offset, 16);
  return record;
}

function writeCommon(header: Buffer, at: number, entry: ZipEntry, name: Buffer): void {
  const isAscii = name.length === entry.name.length;
  header.writeUInt16LE(VERSION_NEEDED, at);
  header.writeUInt16LE(isAscii ? 0 : UTF8_FLAG, at + 2);
  header.writeUInt16LE(METHODS[entry.method], at + 4);
  header.writeUInt16LE(FIRST_DAY, at + 8);
  header.writeUInt32LE(entry.crc32, at + 10);
  header.writeUInt32LE(entry.zippedBytes, at + 14);
  header.writeUInt32LE(entry.sizeBytes, at + 18);
  header.writeUInt16LE(name.length, at + COMMON_BYTES - 2);
}
