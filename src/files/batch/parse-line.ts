import { isUtf8 } from 'node:buffer';
import { checkRecord } from '../../domain/batch/record.ts';
import { type Span, scanJson } from './scan-json.ts';
import { isSpace, MAX_LINE_BYTES } from './source-lines.ts';

/** A sound record of a line, or what is wrong there, in a sentence that quotes nothing of it but a `ref`. */
export type ParsedLine = { ref: string; bytes: Buffer; hasSpace: boolean } | { problem: string };

/** What a record is judged by. What else it has is not looked into. */
const FIELDS: ReadonlySet<string> = new Set(['ref', 'schema', 'mode', 'value']);
/** Longer ones are none of these, whatever their escapes say. */
const MAX_NAME_BYTES = 64;
/** A field that is longer is wrong, whatever is in it. */
const MAX_FIELD_BYTES = 1024;

const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;

/** @param bytes undefined where the line is too long */
export function parseLine(bytes: Buffer | undefined): ParsedLine {
  if (bytes === undefined) return { problem: `The line is longer than ${MAX_LINE_BYTES / 1024 / 1024} MiB.` };
  if (!isUtf8(bytes)) return { problem: 'The line has characters in it that are not UTF-8.' };
  const head: Record<string, unknown> = {};
  let repeated: string | undefined;
  const textOf = ({ start, end }: Span) => bytes.toString('utf8', start, end);
  const { wrongAt, hasSpace } = scanJson(bytes, (name, value) => {
    if (name.end - name.start > MAX_NAME_BYTES) return;
    const field: string = JSON.parse(textOf(name));
    if (!FIELDS.has(field)) return;
    if (field in head) repeated ??= field;
    // Of `value`, it only matters that it is an object.
    if (bytes[value.start] === OPEN_OBJECT) head[field] = {};
    else head[field] = value.end - value.start > MAX_FIELD_BYTES ? [] : JSON.parse(textOf(value));
  });
  if (wrongAt !== undefined) return { problem: jsonProblem(bytes, wrongAt) };
  // Parsers differ in which one counts.
  if (repeated !== undefined) return { problem: `This record has \`${repeated}\` more than once.` };
  const other = otherThanObject(bytes);
  const checked = checkRecord(other === undefined ? head : other);
  return 'problem' in checked ? checked : { ref: checked.ref, bytes, hasSpace };
}

/** Neither is an array, nor a number or the like, any record: what is in it does not matter. */
function otherThanObject(bytes: Buffer): unknown {
  const start = bytes[bytes.findIndex((byte) => byte > 0x20)];
  if (start === OPEN_OBJECT) return undefined;
  return start === OPEN_ARRAY ? [] : JSON.parse(bytes.toString('utf8'));
}

function jsonProblem(bytes: Buffer, wrongAt: number): string {
  // Also before the CR of a line that ends with CRLF.
  if (bytes.subarray(wrongAt).every(isSpace)) return 'This is not JSON: the line ends before the record does.';
  const column = bytes.toString('utf8', 0, wrongAt).length + 1;
  return `This is not JSON, from column ${column} on.`;
}
