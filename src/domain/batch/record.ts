import { isUuid } from '../uuid.ts';

/** A record, as far as this action looks into it (API document, section 3). */
export interface BatchRecordHead {
  /** A UUID, as the file spells it. */
  ref: string;
  schema: string;
  mode: string;
}

/** What a parsed line is: a record, or all that is wrong with it, in one sentence. */
export type CheckedRecord = BatchRecordHead | { problem: string };

/** The modes that the service's own page on its error log names. */
const MODES: readonly string[] = ['insert', 'create', 'upsert', 'merge', 'delete', 'gdpr_delete'];
/** Guest migration has a schema and a mode of its own. */
const MIGRATION = { schema: 'migration', mode: 'guest' };
const REPEATABLE_MODE = 'upsert';

const SCHEMA = /^[A-Za-z0-9_.-]{1,64}$/;
const SHAPE = '{"ref": "<UUID>", "schema": "guest", "mode": "upsert", "value": {…}}';

/** Whether records of this mode that are sent twice give the same as once: `upsert` alone does. */
export function isRepeatable(mode: string): boolean {
  return mode === REPEATABLE_MODE;
}

/**
 * Checks what every record has to have. What it may have besides, and what `value` holds, is the service's to judge.
 * A problem names fields, and never what is in them, but for a `ref` that is a UUID: the rest is somebody's data.
 */
export function checkRecord(record: unknown): CheckedRecord {
  if (!isPlainObject(record)) return { problem: `This is ${kindOf(record)}, and not a record. A record is ${SHAPE}.` };
  const { ref, schema, mode, value } = record;
  const wrong: string[] = [];
  const check = (name: string, found: unknown, isRight: boolean, rule: string) => {
    if (!isRight) wrong.push(found === undefined ? `\`${name}\` is missing` : `\`${name}\` is not ${rule}`);
  };
  const hasRef = isUuid(ref);
  const hasSchema = typeof schema === 'string' && SCHEMA.test(schema);
  const hasMode = typeof mode === 'string' && isMode(mode, schema);
  check('ref', ref, hasRef, 'a UUID');
  check('schema', schema, hasSchema, 'a word of at most 64 characters');
  check('mode', mode, hasMode, modeRule(mode));
  check('value', value, isPlainObject(value), 'an object');
  if (hasRef && hasSchema && hasMode && wrong.length === 0) return { ref, schema, mode };
  return { problem: `${hasRef ? `Record ${ref}: ` : 'Of this record, '}${listed(wrong)}.` };
}

function isMode(mode: string, schema: unknown): boolean {
  return MODES.includes(mode) || (mode === MIGRATION.mode && schema === MIGRATION.schema);
}

function modeRule(mode: unknown): string {
  if (mode === MIGRATION.mode) return `of this schema ("${MIGRATION.mode}" goes with \`schema\` "${MIGRATION.schema}")`;
  return `${MODES.slice(0, -1).join(', ')} or ${MODES.at(-1)}`;
}

/** Neither null nor an array. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return `a ${typeof value}`;
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
