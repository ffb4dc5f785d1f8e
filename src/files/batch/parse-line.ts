import { isUtf8 } from 'node:buffer';
import { checkRecord } from '../../domain/batch/record.ts';
import { type ScannedJson, type Span, scanJson } from './scan-json.ts';
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
  const scanned = scanJson(bytes);
  if (scanned.wrongAt !== undefined) return { problem: jsonProblem(bytes, scanned.wrongAt) };
  const checked = checkRecord(headOf(bytes, scanned));
  return 'problem' in checked ? checked : { ref: checked.ref, bytes, hasSpace: scanned.hasSpace };
}

/** The record with the fields that it is judged by, of which `value` is empty. */
function headOf(bytes: Buffer, { members }: ScannedJson): unknown {
  const textOf = ({ start, end }: Span) => bytes.toString('utf8', start, end);
  // Neither is an array, nor a number or the like, any record: what is in it does not matter.
  const start = bytes.findIndex((byte) => byte > 0x20);
  if (bytes[start] !== OPEN_OBJECT) return bytes[start] === OPEN_ARRAY ? [] : JSON.parse(bytes.toString('utf8'));
  const head: Record<string, unknown> = {};
  for (const { name, value } of members) {
    if (name.end - name.start > MAX_NAME_BYTES) continue;
    const field: string = JSON.parse(textOf(name));
    if (!FIELDS.has(field)) continue;
    // As with JSON.parse, the last one counts of those that have the same name.
    if (bytes[value.start] === OPEN_OBJECT) head[field] = {};
    else head[field] = value.end - value.start > MAX_FIELD_BYTES ? [] : JSON.parse(textOf(value));
  }
  return head;
}

function jsonProblem(bytes: Buffer, wrongAt: number): string {
  // Also before the CR of a line that ends with CRLF.
  if (bytes.subarray(wrongAt).every(isSpace)) return 'This is not JSON: the line ends before the record does.';
  const column = bytes.toString('utf8', 0, wrongAt).length + 1;
  return `This is not JSON, from column ${column} on.`;
}
