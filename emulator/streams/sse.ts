/**
 * The embedded platform's own encoder of server-sent events, after the WHATWG HTML standard, section 9.2.5
 * ("Parsing an event stream"). It shares no code with any reader, so that a misreading cannot hide in both.
 */

export type LineEnding = '\n' | '\r\n' | '\r';

export interface SseFields {
  event?: string;
  id?: string;
  retryMs?: number;
  /** Each line of it becomes a `data:` line. Undefined: no data, and so no event is dispatched by a reader. */
  data?: string;
}

export const BYTE_ORDER_MARK = '\uFEFF';

/** One block of fields with the blank line that dispatches it. */
export function encodeSseEvent(fields: SseFields, lineEnding: LineEnding = '\n'): string {
  const lines: string[] = [];
  if (fields.event !== undefined) lines.push(`event: ${oneLine(fields.event)}`);
  if (fields.id !== undefined) lines.push(`id: ${oneLine(fields.id)}`);
  if (fields.retryMs !== undefined) lines.push(`retry: ${fields.retryMs}`);
  if (fields.data !== undefined) {
    for (const line of fields.data.split(/\r\n|\r|\n/)) lines.push(`data: ${line}`);
  }
  return lines.map((line) => line + lineEnding).join('') + lineEnding;
}

/** A comment line, as servers send to keep a connection alive. */
export function encodeSseComment(text: string, lineEnding: LineEnding = '\n'): string {
  return `: ${oneLine(text)}${lineEnding}${lineEnding}`;
}

/** Each byte on its own. */
export function splitIntoBytes(bytes: Buffer): Buffer[] {
  return Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
}

/** Cut before each continuation byte of UTF-8 and nowhere else: every multi-byte character is torn apart. */
export function splitInsideCharacters(bytes: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  let start = 0;
  for (let index = 1; index < bytes.length; index += 1) {
    if (((bytes[index] ?? 0) & 0xc0) === 0x80) {
      pieces.push(bytes.subarray(start, index));
      start = index;
    }
  }
  pieces.push(bytes.subarray(start));
  return pieces;
}

// A line break inside a field that is not `data` would end the field and start another.
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\0]/g, ' ');
}
