import { isAscii, isUtf8 } from 'node:buffer';
import { checkRecord } from '../../domain/batch/record.ts';
import { MAX_LINE_BYTES } from './source-lines.ts';

/** A sound record of a line, or what is wrong there, in a sentence that quotes nothing of it but a `ref`. */
export type ParsedLine = { ref: string; record: object; bytes: Buffer } | { problem: string };

/** JSON.parse says where it stopped, in a message that quotes the text: only the number is taken out of it. */
const POSITION = /at position (\d+)/;
const UNFINISHED = /^(Unexpected end of JSON input|Unterminated string in JSON)/;

/** @param bytes undefined where the line is too long */
export function parseLine(bytes: Buffer | undefined): ParsedLine {
  if (bytes === undefined) return { problem: `The line is longer than ${MAX_LINE_BYTES / 1024 / 1024} MiB.` };
  const isPlain = isAscii(bytes);
  if (!isPlain && !isUtf8(bytes)) return { problem: 'The line has characters in it that are not UTF-8.' };
  const text = bytes.toString(isPlain ? 'latin1' : 'utf8');
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch (error) {
    return { problem: jsonProblem(error) };
  }
  const checked = checkRecord(record);
  return 'problem' in checked ? checked : { ref: checked.ref, record: record as object, bytes };
}

function jsonProblem(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  if (UNFINISHED.test(message)) return 'This is not JSON: the line ends before the record does.';
  const position = POSITION.exec(message)?.[1];
  return position === undefined ? 'This is not JSON.' : `This is not JSON, from column ${Number(position) + 1} on.`;
}
