import { isUtf8 } from 'node:buffer';
import { checkRecord } from '../../domain/batch/record.ts';
import { type Span, scanJson } from './scan-json.ts';
import { isSpace, MAX_LINE_BYTES } from './source-lines.ts';

/** A valid record, or what is wrong with the line, in a sentence that quotes nothing of it but a `ref`. */
export type ParsedLine = ValidLine | { problem: string };

export interface ValidLine {
  ref: string;
  schema: string;
  mode: string;
  bytes: Buffer;
  hasSpace: boolean;
  /** Their positions in `value`, if it has them. */
  email: Span | undefined;
  identifiers: Span | undefined;
}

/** The fields that are checked. Others are ignored. */
const FIELDS: ReadonlySet<string> = new Set(['ref', 'schema', 'mode', 'value']);
/** A longer name is none of these, even with escapes. */
const MAX_NAME_BYTES = 64;
/** A longer value is wrong in any case. */
const MAX_FIELD_BYTES = 1024;

const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;
const COMMA = 0x2c;
/** With quotation marks; a name with escapes is not recognized. */
const EMAIL = Buffer.from('"email"');
const IDENTIFIERS = Buffer.from('"identifiers"');
const MARK = Buffer.from('\ufeff');
const OWN_LINE = 'Each record must be on a line of its own, with nothing between the lines.';

/** @param bytes undefined if the line is too long */
export function parseLine(bytes: Buffer | undefined): ParsedLine {
  if (bytes === undefined) return { problem: `The line is longer than ${MAX_LINE_BYTES / 1024 / 1024} MiB.` };
  if (!isUtf8(bytes)) return { problem: 'The line is not valid UTF-8.' };
  const head: Record<string, unknown> = {};
  let repeated: string | undefined;
  const textOf = ({ start, end }: Span) => bytes.toString('utf8', start, end);
  let inner: Inner = {};
  let found: Inner = {};
  const { wrongAt, isBehindValue, hasSpace } = scanJson(bytes, {
    inner: (nameStart, nameEnd, start, end) => {
      if (isName(bytes, nameStart, nameEnd, EMAIL)) inner.email = { start, end };
      else if (isName(bytes, nameStart, nameEnd, IDENTIFIERS)) inner.identifiers = { start, end };
    },
    member: (name, value) => {
      const before = inner;
      inner = {};
      if (name.end - name.start > MAX_NAME_BYTES) return;
      const field: string = JSON.parse(textOf(name));
      if (!FIELDS.has(field)) return;
      if (field in head) repeated ??= field;
      if (field === 'value') found = before;
      // For `value`, it only matters that it is an object.
      if (bytes[value.start] === OPEN_OBJECT) head[field] = {};
      else head[field] = value.end - value.start > MAX_FIELD_BYTES ? [] : JSON.parse(textOf(value));
    },
  });
  if (wrongAt !== undefined) return { problem: jsonProblem(bytes, wrongAt, isBehindValue) };
  // Parsers differ in which one they use.
  if (repeated !== undefined) return { problem: `This record has \`${repeated}\` more than once.` };
  const other = otherThanObject(bytes);
  const checked = checkRecord(other === undefined ? head : other);
  if ('problem' in checked) return checked;
  return { ...checked, bytes, hasSpace, email: found.email, identifiers: found.identifiers };
}

interface Inner {
  email?: Span;
  identifiers?: Span;
}

function isName(bytes: Buffer, start: number, end: number, name: Buffer): boolean {
  return end - start === name.length && name.compare(bytes, start, end) === 0;
}

/** The value if it is not an object, and so not a record; the content of an array does not matter. */
function otherThanObject(bytes: Buffer): unknown {
  const start = bytes[bytes.findIndex((byte) => byte > 0x20)];
  if (start === OPEN_OBJECT) return undefined;
  return start === OPEN_ARRAY ? [] : JSON.parse(bytes.toString('utf8'));
}

/** What is wrong, and what to do if that is known. @param isBehindValue the problem follows a complete value */
function jsonProblem(bytes: Buffer, wrongAt: number, isBehindValue: boolean): string {
  const rest = bytes.subarray(wrongAt);
  if (rest.every(isSpace)) return 'This is not JSON: the line ends before the record does.';
  const column = bytes.toString('utf8', 0, wrongAt).length + 1;
  if (rest.subarray(0, MARK.length).equals(MARK)) {
    return `There is a byte-order mark (U+FEFF) in column ${column}, as when files are joined. Remove it: only the start of a file may have one.`;
  }
  const isComma = rest[0] === COMMA;
  const next = isComma ? rest.subarray(1).findIndex((byte) => !isSpace(byte)) : -1;
  if (isComma && isBehindValue && next < 0) return `There is a comma after the record. Remove it. ${OWN_LINE}`;
  if (isComma && !isBehindValue && bytes.subarray(0, wrongAt).every(isSpace)) {
    return `The line begins with a comma. Remove it. ${OWN_LINE}`;
  }
  if (isBehindValue && rest[isComma ? next + 1 : 0] === OPEN_OBJECT) {
    return `A second record begins in column ${column + (isComma ? next + 1 : 0)}. ${OWN_LINE}`;
  }
  return `This is not JSON, from column ${column} on.`;
}
