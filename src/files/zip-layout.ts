import { readSync } from 'node:fs';
import type { Entry } from 'yauzl';
import { printableName } from '../domain/bundle-names.ts';
import { namesDiffer } from './zip-names.ts';

/** Where a zip's parts have to be: PKWARE's APPNOTE 6.3.10, sections 4.3.6 to 4.3.16. */

export interface ZipLayout {
  fd: number;
  sizeBytes: number;
  /** Behind the end record. */
  commentBytes: number;
  /** All of the directory, in its order. */
  entries: readonly Entry[];
}

const LOCAL_SIGNATURE = 0x04034b50;
const DESCRIPTOR_SIGNATURE = 0x08074b50;
const ZIP64_END_SIGNATURE = 0x06064b50;
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
const LOCAL_BYTES = 30;
const LINE_BYTES = 46;
const END_BYTES = 22;
const ZIP64_LOCATOR_BYTES = 20;
const ZIP64_END_BYTES = 56;
const ZIP64_FIELD = 0x0001;
const MAX_DESCRIPTOR_BYTES = 24;
const MAX_16 = 0xffff;
const MAX_32 = 0xffffffff;
/** 4.4.4, bit 3: sizes and checksum follow the data. */
const DESCRIPTOR_FLAG = 0x8;
/** Encryption of data and of names, and UTF-8. The other bits do not change what a reader gets. */
const COMPARED_FLAGS = 0x1 | DESCRIPTOR_FLAG | 0x40 | 0x800 | 0x2000;
const REMEDY = 'Make the zip again.';

/**
 * What readers of zips disagree on, a sentence for each. A seeking reader uses the directory at the end, a streaming
 * one the headers beside the data, and some search for records anywhere: if every byte belongs to
 * exactly one record, and the records agree, all of them unpack the same.
 * @throws the signal's reason, or what the system says
 */
export function layoutProblems(layout: ZipLayout, signal: AbortSignal): string[] {
  const end = readEnd(layout);
  if (typeof end === 'string') return [`${end} ${REMEDY}`];
  const problems: string[] = [];
  const sorted = layout.entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  const first = sorted[0]?.relativeOffsetOfLocalHeader ?? end.directoryOffset;
  if (first > 0) {
    problems.push(
      `The zip has ${first} bytes before its first entry, which readers interpret in different ways. ${REMEDY}`,
    );
  }
  for (const [index, entry] of sorted.entries()) {
    signal.throwIfAborted();
    const nextOffset = sorted[index + 1]?.relativeOffsetOfLocalHeader ?? end.directoryOffset;
    const problem = entryProblem(layout.fd, entry, nextOffset);
    if (problem !== undefined) problems.push(`${printableName(entry.fileNameRaw)}: ${problem} ${REMEDY}`);
  }
  return problems;
}

/** Checks the records behind the directory against it. @returns a sentence if they do not match */
function readEnd({ fd, sizeBytes, commentBytes, entries }: ZipLayout): { directoryOffset: number } | string {
  const endOffset = sizeBytes - commentBytes - END_BYTES;
  const end = read(fd, endOffset, END_BYTES);
  const classic = {
    entriesHere: end.readUInt16LE(8),
    entries: end.readUInt16LE(10),
    directoryBytes: end.readUInt32LE(12),
    directoryOffset: end.readUInt32LE(16),
  };
  const zip64 = readZip64End(fd, endOffset);
  if (typeof zip64 === 'string') return zip64;
  // Some readers use the larger record if it exists, others only for values that do not fit into the smaller one.
  if (zip64 !== undefined && !agrees(classic, zip64)) return 'The zip has two end records (zip64), which differ.';
  const { entriesHere, entries: count, directoryBytes, directoryOffset } = zip64 ?? classic;
  const walkedBytes = entries.reduce((sum, entry) => sum + lineBytes(entry), 0);
  const directoryEnd = zip64?.recordOffset ?? endOffset;
  if (entriesHere !== count || count !== entries.length) {
    return `The zip's end record names ${entriesHere} entries in one place and ${count} in another.`;
  }
  if (walkedBytes < directoryBytes) {
    return `The zip's end record names ${count} entries, and its directory holds more than those: some readers unpack files that others never see.`;
  }
  if (walkedBytes > directoryBytes || directoryOffset + directoryBytes > directoryEnd) {
    return "The zip's end record gives a wrong size for its directory.";
  }
  const between = directoryEnd - directoryOffset - directoryBytes;
  if (between > 0) return `The zip has ${between} bytes between its directory and its end record.`;
  return { directoryOffset };
}

interface EndRecord {
  entriesHere: number;
  entries: number;
  directoryBytes: number;
  directoryOffset: number;
}

/** @returns undefined where there is none */
function readZip64End(fd: number, endOffset: number): (EndRecord & { recordOffset: number }) | string | undefined {
  const locatorOffset = endOffset - ZIP64_LOCATOR_BYTES;
  if (locatorOffset < 0) return undefined;
  const locator = read(fd, locatorOffset, ZIP64_LOCATOR_BYTES);
  if (locator.readUInt32LE(0) !== ZIP64_LOCATOR_SIGNATURE) return undefined;
  const recordOffset = locatorOffset - ZIP64_END_BYTES;
  const isInPlace = recordOffset >= 0 && Number(locator.readBigUInt64LE(8)) === recordOffset;
  const record = isInPlace ? read(fd, recordOffset, ZIP64_END_BYTES) : undefined;
  // The size counts what follows it.
  const isRecord =
    record?.readUInt32LE(0) === ZIP64_END_SIGNATURE && Number(record.readBigUInt64LE(4)) === ZIP64_END_BYTES - 12;
  if (record === undefined || !isRecord)
    return 'The zip has a second end record (zip64) that is not where it should be.';
  return {
    entriesHere: Number(record.readBigUInt64LE(24)),
    entries: Number(record.readBigUInt64LE(32)),
    directoryBytes: Number(record.readBigUInt64LE(40)),
    directoryOffset: Number(record.readBigUInt64LE(48)),
    recordOffset,
  };
}

function agrees(classic: EndRecord, zip64: EndRecord): boolean {
  const isSame = (small: number, large: number, max: number) => small === large || small === max;
  return (
    isSame(classic.entriesHere, zip64.entriesHere, MAX_16) &&
    isSame(classic.entries, zip64.entries, MAX_16) &&
    isSame(classic.directoryBytes, zip64.directoryBytes, MAX_32) &&
    isSame(classic.directoryOffset, zip64.directoryOffset, MAX_32)
  );
}

function lineBytes({ fileNameLength, extraFieldLength, fileCommentLength }: Entry): number {
  return LINE_BYTES + fileNameLength + extraFieldLength + fileCommentLength;
}

/** What is wrong with an entry's header, the place of its data, and the bytes up to the next entry. */
function entryProblem(fd: number, entry: Entry, nextOffset: number): string | undefined {
  const offset = entry.relativeOffsetOfLocalHeader;
  const header = read(fd, offset, LOCAL_BYTES);
  if (header.length < LOCAL_BYTES || header.readUInt32LE(0) !== LOCAL_SIGNATURE) {
    return "there is no header where the zip's directory says that it begins.";
  }
  const nameBytes = header.readUInt16LE(26);
  const extraBytes = header.readUInt16LE(28);
  const rest = read(fd, offset + LOCAL_BYTES, nameBytes + extraBytes);
  const extra = rest.subarray(nameBytes);
  if (!rest.subarray(0, nameBytes).equals(entry.fileNameRaw) || namesDiffer(entry.fileNameRaw, extraFields(extra))) {
    return 'the zip gives it two names.';
  }
  const differing = differingField(header, extra, entry);
  if (differing !== undefined) {
    return `the header beside its data and the zip's directory differ in its ${differing}: readers use the one or the other.`;
  }
  const endOffset = offset + LOCAL_BYTES + nameBytes + extraBytes + entry.compressedSize;
  return gapProblem(fd, entry, endOffset, nextOffset);
}

function differingField(header: Buffer, extra: Buffer, entry: Entry): string | undefined {
  const flags = header.readUInt16LE(6);
  if (((flags ^ entry.generalPurposeBitFlag) & COMPARED_FLAGS) !== 0) return 'flags';
  if (header.readUInt16LE(8) !== entry.compressionMethod) return 'method';
  // What was unknown when the header was written is zero there, or has the final value.
  const mayBeZero = (flags & DESCRIPTOR_FLAG) !== 0;
  const isSame = (local: number, central: number) => local === central || (mayBeZero && local === 0);
  if (!isSame(header.readUInt32LE(14), entry.crc32)) return 'checksum';
  const sizes = localSizes(header, extra);
  return isSame(sizes.zipped, entry.compressedSize) && isSame(sizes.unzipped, entry.uncompressedSize)
    ? undefined
    : 'size';
}

/** 4.5.3: sizes too large for a header have an extra field, the unzipped size first. */
function localSizes(header: Buffer, extra: Buffer): { zipped: number; unzipped: number } {
  const [zipped, unzipped] = [header.readUInt32LE(18), header.readUInt32LE(22)];
  const field = extraFields(extra).find(({ id }) => id === ZIP64_FIELD)?.data;
  const large = (at: number) =>
    field !== undefined && field.length >= at + 8 ? Number(field.readBigUInt64LE(at)) : MAX_32;
  return {
    unzipped: unzipped === MAX_32 ? large(0) : unzipped,
    zipped: zipped === MAX_32 ? large(unzipped === MAX_32 ? 8 : 0) : zipped,
  };
}

function extraFields(extra: Buffer): { id: number; data: Buffer }[] {
  const fields: { id: number; data: Buffer }[] = [];
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    fields.push({ id: extra.readUInt16LE(at), data: extra.subarray(at + 4, end) });
    at = end;
  }
  return fields;
}

function gapProblem(fd: number, entry: Entry, endOffset: number, nextOffset: number): string | undefined {
  if (endOffset > nextOffset) return "its data reaches into the next entry, or into the zip's directory.";
  const hasDescriptor = (entry.generalPurposeBitFlag & DESCRIPTOR_FLAG) !== 0;
  const gap = read(fd, endOffset, Math.min(nextOffset - endOffset, MAX_DESCRIPTOR_BYTES + 4));
  const descriptorSize = hasDescriptor ? descriptorBytes(gap, entry) : 0;
  if (descriptorSize === undefined) return 'its header announces a data descriptor, but none follows its data.';
  const strayBytes = nextOffset - endOffset - descriptorSize;
  if (strayBytes === 0) return undefined;
  const isEntry = gap.length >= descriptorSize + 4 && gap.readUInt32LE(descriptorSize) === LOCAL_SIGNATURE;
  return isEntry
    ? "it is followed by an entry that the zip's directory does not name: some readers unpack it, and others do not."
    : `${strayBytes} bytes that belong to nothing follow its data.`;
}

/** 4.3.9: with or without a signature, with sizes of four bytes or of eight. @returns undefined where there is none */
function descriptorBytes(gap: Buffer, { crc32, compressedSize, uncompressedSize }: Entry): number | undefined {
  for (const start of [4, 0]) {
    if (start === 4 && (gap.length < 4 || gap.readUInt32LE(0) !== DESCRIPTOR_SIGNATURE)) continue;
    for (const sizeBytes of [4, 8]) {
      const bytes = start + 4 + 2 * sizeBytes;
      if (gap.length < bytes || gap.readUInt32LE(start) !== crc32) continue;
      const sizeAt = (at: number) => (sizeBytes === 4 ? gap.readUInt32LE(at) : Number(gap.readBigUInt64LE(at)));
      const isSame = sizeAt(start + 4) === compressedSize && sizeAt(start + 4 + sizeBytes) === uncompressedSize;
      if (isSame) return bytes;
    }
  }
  return undefined;
}

/** Fewer bytes if the file ends earlier. */
function read(fd: number, offset: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  let filledBytes = 0;
  while (filledBytes < bytes) {
    const readBytes = readSync(fd, buffer, filledBytes, bytes - filledBytes, offset + filledBytes);
    if (readBytes === 0) break;
    filledBytes += readBytes;
  }
  return buffer.subarray(0, filledBytes);
}
