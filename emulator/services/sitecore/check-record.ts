import { isUuid } from '../../uuid.ts';
import type { Rejection, SentRecord } from './records.ts';

/** "As the modes that it supports." */
const SUPPORTED_MODES: ReadonlySet<unknown> = new Set(['insert', 'create', 'upsert', 'merge', 'delete', 'gdpr_delete']);
const TEXT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export interface CheckedLine {
  /** Undefined if the line is not a record. */
  record: SentRecord | undefined;
  /** What is wrong with it; undefined: nothing. */
  rejection: Rejection | undefined;
}

/**
 * A line of a file: "each record on one line, minified, valid JSON", with the modes that the service supports (API
 * document, section 3). The code and the sentences of a rejection are not documented.
 */
export function checkLine(line: Buffer | undefined): CheckedLine {
  const reject = (message: string, ref: string | null = null): CheckedLine => ({
    record: undefined,
    rejection: { ref, code: 400, message },
  });
  if (line === undefined) return reject('The line is too long.');
  let text: string;
  let value: unknown;
  try {
    text = TEXT.decode(line);
    value = JSON.parse(text);
  } catch {
    return reject('The line is not valid JSON.');
  }
  if (!isObject(value)) return reject('The record is not an object.');
  const ref = typeof value['ref'] === 'string' ? value['ref'] : null;
  const problem = findProblem(value) ?? (isMinified(text) ? undefined : 'The record is not minified.');
  if (problem !== undefined) return reject(problem, ref);
  return { record: value as unknown as SentRecord, rejection: undefined };
}

function findProblem({ ref, schema, mode, value }: Readonly<Record<string, unknown>>): string | undefined {
  if (!isUuid(ref)) return 'The field ref must be a UUID.';
  if (typeof schema !== 'string' || schema === '') return 'The field schema must be a text.';
  if (!isMode(schema, mode)) return 'The field mode is not supported.';
  return isObject(value) ? undefined : 'The field value must be an object.';
}

/** "Guest migration is `schema: migration`, `mode: guest`." */
function isMode(schema: string, mode: unknown): boolean {
  return schema === 'migration' && mode === 'guest' ? true : SUPPORTED_MODES.has(mode);
}

/** No white space outside of texts. */
function isMinified(json: string): boolean {
  let isInText = false;
  for (let index = 0; index < json.length; index += 1) {
    const char = json.charCodeAt(index);
    if (char === 0x22) isInText = !isInText;
    else if (isInText && char === 0x5c) index += 1;
    else if (!isInText && (char === 0x20 || char === 0x09 || char === 0x0d)) return false;
  }
  return true;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
