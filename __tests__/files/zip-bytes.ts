/** Zips whose records are misplaced, or contradict each other. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface CraftedEntry {
  name: string | Buffer;
  data?: Buffer;
  /** Deflated unless this is given. */
  stored?: boolean;
  /** Bytes before its header. */
  before?: Buffer;
  /** In both headers. */
  flags?: number;
  extra?: Buffer;
  localExtra?: Buffer;
  /** The header beside the data alone. */
  local?: Partial<Record<'flags' | 'method' | 'crc' | 'zippedBytes' | 'sizeBytes', number>> & { name?: string };
  /** The bytes after the data; sets the flag for them, too. */
  descriptor?: 'none' | 'signed' | 'bare' | 'signed-64' | 'bare-64' | 'wrong';
  /** Not in the directory. */
  isHidden?: boolean;
  /** Behind the deflated data, within its place. */
  tail?: Buffer;
}

export interface CraftedEnd {
  /** By how many the number of entries is too low. */
  missing?: number;
  /** Also for the size of the directory. */
  missingBytes?: number;
  beforeEnd?: Buffer;
  /** Between directory and end record: the zip64 records, with changes to what they say. */
  zip64?: { entries?: number; directoryBytes?: number; directoryOffset?: number };
  /** The fields of the end record say to look there. */
  isSaturated?: boolean;
  comment?: Buffer;
}

const FLAG = 0x8;

export function craftZip(entries: readonly CraftedEntry[], end: CraftedEnd = {}): Buffer {
  const parts: Buffer[] = [];
  const lines: Buffer[] = [];
  let offset = 0;
  const put = (bytes: Buffer) => {
    parts.push(bytes);
    offset += bytes.length;
  };
  for (const entry of entries) {
    put(entry.before ?? Buffer.alloc(0));
    const start = offset;
    const { header, line, body, descriptor } = renderEntry(entry, start);
    for (const bytes of [header, body, descriptor]) put(bytes);
    if (entry.isHidden !== true) lines.push(line);
  }
  const directory = Buffer.concat(lines);
  return Buffer.concat([
    ...parts,
    directory,
    end.beforeEnd ?? Buffer.alloc(0),
    renderEnd(lines.length, directory, offset, end),
  ]);
}

function renderEntry(entry: CraftedEntry, offset: number) {
  const { data = Buffer.alloc(0), stored = false, local = {}, descriptor, extra, localExtra, tail } = entry;
  const body = Buffer.concat([stored ? data : deflateRawSync(data), tail ?? Buffer.alloc(0)]);
  const name = Buffer.from(entry.name as string);
  const known = { crc: crc32(data), zippedBytes: body.length, sizeBytes: data.length };
  const flags = (entry.flags ?? 0x800) | (descriptor === undefined ? 0 : FLAG);
  const method = stored ? 0 : 8;
  const first = descriptor === undefined ? known : { crc: 0, zippedBytes: 0, sizeBytes: 0 };
  const localName = Buffer.from(local.name ?? name);
  const header = Buffer.concat([
    Buffer.from('PK\x03\x04', 'latin1'),
    fields({ flags, method, ...first, ...local }, localName.length, localExtra?.length ?? 0),
    localName,
    localExtra ?? Buffer.alloc(0),
  ]);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE((0o100644 << 16) >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  const line = Buffer.concat([
    Buffer.from('PK\x01\x02\x14\x03', 'latin1'),
    fields({ flags, method, ...known }, name.length, extra?.length ?? 0),
    rest,
    name,
    extra ?? Buffer.alloc(0),
  ]);
  return { header, line, body, descriptor: renderDescriptor(descriptor, known) };
}

interface Fields {
  flags: number;
  method: number;
  crc: number;
  zippedBytes: number;
  sizeBytes: number;
}

function fields({ flags, method, crc, zippedBytes, sizeBytes }: Fields, nameBytes: number, extraBytes: number): Buffer {
  const bytes = Buffer.alloc(26);
  bytes.writeUInt16LE(20, 0);
  bytes.writeUInt16LE(flags, 2);
  bytes.writeUInt16LE(method, 4);
  bytes.writeUInt16LE(0x21, 8);
  bytes.writeUInt32LE(crc, 10);
  bytes.writeUInt32LE(zippedBytes, 14);
  bytes.writeUInt32LE(sizeBytes, 18);
  bytes.writeUInt16LE(nameBytes, 22);
  bytes.writeUInt16LE(extraBytes, 24);
  return bytes;
}

function renderDescriptor(
  kind: CraftedEntry['descriptor'],
  known: { crc: number; zippedBytes: number; sizeBytes: number },
): Buffer {
  if (kind === undefined || kind === 'none') return Buffer.alloc(0);
  const isLarge = kind.endsWith('-64');
  const bytes = Buffer.alloc(isLarge ? 20 : 12);
  bytes.writeUInt32LE(kind === 'wrong' ? (known.crc ^ 1) >>> 0 : known.crc, 0);
  for (const [index, size] of [known.zippedBytes, known.sizeBytes].entries()) {
    if (isLarge) bytes.writeBigUInt64LE(BigInt(size), 4 + 8 * index);
    else bytes.writeUInt32LE(size, 4 + 4 * index);
  }
  return kind.startsWith('bare') ? bytes : Buffer.concat([Buffer.from('PK\x07\x08', 'latin1'), bytes]);
}

function renderEnd(count: number, directory: Buffer, offset: number, end: CraftedEnd): Buffer {
  const { missing = 0, missingBytes = 0, zip64, isSaturated = false, comment = Buffer.alloc(0), beforeEnd } = end;
  const record = Buffer.alloc(22);
  record.write('PK\x05\x06', 'latin1');
  record.writeUInt16LE(isSaturated ? 0xffff : count - missing, 8);
  record.writeUInt16LE(isSaturated ? 0xffff : count - missing, 10);
  record.writeUInt32LE(isSaturated ? 0xffffffff : directory.length - missingBytes, 12);
  record.writeUInt32LE(isSaturated ? 0xffffffff : offset, 16);
  record.writeUInt16LE(comment.length, 20);
  if (zip64 === undefined) return Buffer.concat([record, comment]);
  const large = Buffer.alloc(56);
  large.write('PK\x06\x06', 'latin1');
  large.writeBigUInt64LE(44n, 4);
  large.writeBigUInt64LE(BigInt(zip64.entries ?? count), 24);
  large.writeBigUInt64LE(BigInt(zip64.entries ?? count), 32);
  large.writeBigUInt64LE(BigInt(zip64.directoryBytes ?? directory.length), 40);
  large.writeBigUInt64LE(BigInt(zip64.directoryOffset ?? offset), 48);
  const locator = Buffer.alloc(20);
  locator.write('PK\x06\x07', 'latin1');
  locator.writeBigUInt64LE(BigInt(offset + directory.length + (beforeEnd?.length ?? 0)), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([large, locator, record, comment]);
}

/** An extra field. */
export function extraField(id: number, data: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(data.length, 2);
  return Buffer.concat([head, data]);
}

/** Info-ZIP's field with a name in UTF-8. */
export function unicodeName(raw: string, name: string): Buffer {
  const head = Buffer.alloc(5);
  head[0] = 1;
  head.writeUInt32LE(crc32(Buffer.from(raw)), 1);
  return extraField(0x7075, Buffer.concat([head, Buffer.from(name)]));
}
