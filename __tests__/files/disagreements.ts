/** Zips that readers unpack differently, or some of them not at all: a row each. */
import { crc32 } from 'node:zlib';
import { type CraftedEnd, type CraftedEntry, craftZip, extraField, unicodeName } from './zip-bytes.ts';

export interface Disagreement {
  zip: Buffer;
  /** The refusal's message. */
  says: RegExp;
}

const worker: CraftedEntry = { name: 'output/worker.js', data: Buffer.from('export default {}\n') };
const other: CraftedEntry = { name: 'output/other.js', data: Buffer.from('export const x = 1\n') };
const hidden: CraftedEntry = { name: 'output/hidden.js', data: Buffer.from('steal()\n'), isHidden: true };
const lineBytes = 46 + 'output/other.js'.length;
const both = (end: CraftedEnd, ...entries: CraftedEntry[]) =>
  craftZip(entries.length > 0 ? entries : [worker, other], end);
const made = (...entries: CraftedEntry[]) => craftZip(entries);

export const DISAGREEMENTS: Readonly<Record<string, Disagreement>> = {
  'an end record that names fewer entries': {
    zip: both({ missing: 1 }),
    says: /end record names 1 entries, and its directory holds more/,
  },
  'an end record that names fewer entries and bytes': {
    zip: both({ missing: 1, missingBytes: lineBytes }),
    says: new RegExp(`^The zip has ${lineBytes} bytes between its directory and its end record\\.`),
  },
  'an end record that names fewer bytes': { zip: both({ missingBytes: 9 }), says: /a wrong size for its directory/ },
  'bytes between the directory and the end record': {
    zip: both({ beforeEnd: Buffer.from('hello') }),
    says: /5 bytes between its directory and its end record/,
  },
  'bytes between the last entry and the directory': {
    zip: shifted(made(worker, other), Buffer.from('stray')),
    says: /^output\/other\.js: 5 bytes that belong to nothing follow its data/,
  },
  'bytes before the first entry': {
    zip: made({ ...worker, before: Buffer.from('#!/bin/sh\n') }, other),
    says: /^The zip has 10 bytes before its first entry/,
  },
  'bytes between entries': {
    zip: made(worker, { ...other, before: Buffer.from('stray') }),
    says: /^output\/worker\.js: 5 bytes that belong to nothing follow its data/,
  },
  'bytes behind the end record': {
    zip: Buffer.concat([made(worker, other), Buffer.from('stray')]),
    says: /not a zip, or it is cut short: .*comment length/i,
  },
  'an entry that the directory does not name': {
    zip: made(worker, hidden, other),
    says: /^output\/worker\.js: it is followed by an entry that the zip's directory does not name/,
  },
  'such an entry behind a descriptor, at the end': {
    zip: made(other, { ...worker, descriptor: 'signed' }, hidden),
    says: /^output\/worker\.js: it is followed by an entry/,
  },
  'another name beside the data': {
    zip: made(worker, { ...other, local: { name: 'output/evil.js!' } }),
    says: /^output\/other\.js: the zip gives it two names/,
  },
  'another name in an extra field': {
    zip: made(worker, { ...other, flags: 0, extra: unicodeName('output/other.js', 'output/evil.js') }),
    says: /^output\/other\.js: the zip gives it two names/,
  },
  'another name in an extra field beside the data': {
    zip: made(worker, { ...other, flags: 0, localExtra: unicodeName('output/other.js', 'output/evil.js') }),
    says: /^output\/other\.js: the zip gives it two names/,
  },
  'another method beside the data': {
    zip: made(worker, { ...other, local: { method: 0 } }),
    says: /^output\/other\.js: .* differ in its method/,
  },
  'another checksum beside the data': {
    zip: made(worker, { ...other, local: { crc: 1 } }),
    says: /^output\/other\.js: .* differ in its checksum/,
  },
  'another size beside the data': {
    zip: made(worker, { ...other, local: { sizeBytes: 3 } }),
    says: /^output\/other\.js: .* differ in its size/,
  },
  'another zipped size beside the data': {
    zip: made(worker, { ...other, local: { zippedBytes: 3 } }),
    says: /^output\/other\.js: .* differ in its size/,
  },
  'another flag for the descriptor beside the data': {
    zip: made(worker, { ...other, local: { flags: 0x808 } }),
    says: /^output\/other\.js: .* differ in its flags/,
  },
  'encrypted by one header alone': {
    zip: made(worker, { ...other, local: { flags: 0x801 } }),
    says: /^output\/other\.js: .* differ in its flags/,
  },
  'a flag for a descriptor that is not there': {
    zip: made(worker, { ...other, descriptor: 'none' }),
    says: /^output\/other\.js: .*announces a data descriptor, but none follows/,
  },
  'a descriptor that says something else': {
    zip: made({ ...worker, descriptor: 'wrong' }, other),
    says: /^output\/worker\.js: .*announces a data descriptor, but none follows/,
  },
  'data that ends before its place does': {
    zip: made(worker, { ...other, tail: Buffer.from('steal()') }),
    says: /^output\/other\.js: its data has ended 7 bytes before its place does/,
  },
  'stored data that looks as if it ended': {
    zip: made(worker, { ...other, data: endedData(), stored: true, descriptor: 'signed' }),
    says: /^output\/other\.js: it is stored without its size before it, and contains bytes that look like its end/,
  },
  'entries of one place': { zip: overlapping(), says: /data reaches into the next entry/ },
  'two end records (zip64) with different numbers': {
    zip: both({ zip64: { entries: 1, directoryBytes: 46 + 'output/worker.js'.length } }),
    says: /two end records \(zip64\), which differ/,
  },
  'two end records (zip64) with different places': {
    zip: both({ zip64: { directoryOffset: 0 } }),
    says: /directory is damaged|two end records/,
  },
  'a second end record (zip64) with something behind it': {
    zip: both({ zip64: {}, beforeEnd: Buffer.from('stray') }),
    says: /5 bytes between its directory and its end record/,
  },
  'a zip in the comment of a zip': {
    zip: both({ comment: made(other, hidden) }),
    says: /bytes before its first entry|directory is damaged|not a zip/,
  },
  'a control character in a raw name': {
    // In the character set of DOS, \n is a visible circle.
    zip: made(worker, { name: Buffer.from('output/a\nb'), flags: 0 }),
    says: /^output\/a\\u\{a\}b: .*control character/,
  },
  'a NUL in a raw name': {
    zip: made(worker, { name: Buffer.from('output/worker.css\0.js'), flags: 0 }),
    says: /control character/,
  },
  'a name in the letters of DOS': {
    zip: made(worker, { name: Buffer.from('output/caf\x82.js', 'latin1'), flags: 0 }),
    says: /^output\/caf\\x82\.js: its name is not in UTF-8, and readers decode it in different ways/,
  },
  'a part of a name over 255 bytes': {
    zip: made(worker, { name: `output/${'é'.repeat(128)}/a` }),
    says: /longer than the 255 bytes/,
  },
};

/** Zips that are valid although they look odd: a row each. */
export const AGREEMENTS: Readonly<Record<string, Buffer>> = {
  'descriptors of all kinds': made(
    { ...worker, descriptor: 'signed' },
    { ...other, descriptor: 'bare' },
    { ...other, name: 'output/c', descriptor: 'signed-64' },
    { ...other, name: 'output/d', descriptor: 'bare-64' },
    { ...other, name: 'output/e', descriptor: 'signed', stored: true },
    { name: 'output/f', descriptor: 'signed', stored: true },
  ),
  'sizes that are known in spite of a descriptor': made(
    { ...worker, descriptor: 'signed', local: { sizeBytes: 18 } },
    other,
  ),
  'a comment': both({ comment: Buffer.from('made by hand') }),
  'two end records (zip64) that agree': both({ zip64: {} }),
  'two end records (zip64), one of which points to the other': both({ zip64: {}, isSaturated: true }),
  'extra fields that differ': made(
    { ...worker, extra: extraField(0x5455, Buffer.alloc(5)), localExtra: extraField(0x5455, Buffer.alloc(9)) },
    { ...other, extra: unicodeName('output/other.js', 'output/other.js') },
  ),
  'entries in another order than their lines': reversed(),
  'sizes in a field of their own (zip64)': made(worker, {
    ...other,
    local: { sizeBytes: 0xffffffff, zippedBytes: 0xffffffff },
    localExtra: extraField(1, Buffer.from(BigUint64Array.of(19n, 21n).buffer)),
  }),
};

/** Its first bytes are a file with a descriptor behind it, and then there is another entry. */
function endedData(): Buffer {
  const start = Buffer.from('short');
  const descriptor = Buffer.alloc(16);
  descriptor.write('PK\x07\x08', 'latin1');
  descriptor.writeUInt32LE(crc32(start), 4);
  descriptor.writeUInt32LE(start.length, 8);
  descriptor.writeUInt32LE(start.length, 12);
  return Buffer.concat([start, descriptor, made({ ...hidden, isHidden: false })]);
}

/** Bytes before the directory, which keeps its size. */
function shifted(zip: Buffer, stray: Buffer): Buffer {
  const offset = zip.readUInt32LE(zip.length - 6);
  const copy = Buffer.concat([zip.subarray(0, offset), stray, zip.subarray(offset)]);
  copy.writeUInt32LE(offset + stray.length, copy.length - 6);
  return copy;
}

/** Two lines of the directory lead to the same data. */
function overlapping(): Buffer {
  const zip = made(worker, { ...worker, name: 'output/worker.ts' });
  const line = zip.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'));
  zip.writeUInt32LE(0, line + 42);
  return zip;
}

function reversed(): Buffer {
  const zip = made(worker, other);
  const start = zip.readUInt32LE(zip.length - 6);
  const second = zip.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'));
  const end = zip.length - 22;
  return Buffer.concat([
    zip.subarray(0, start),
    zip.subarray(second, end),
    zip.subarray(start, second),
    zip.subarray(end),
  ]);
}
