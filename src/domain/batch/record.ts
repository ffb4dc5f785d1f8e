import { isUuid } from '../uuid.ts';

/** The part of a record that this action checks (API document, section 3). */
export interface BatchRecordHead {
  /** A UUID, spelled as in the file. */
  ref: string;
  schema: string;
  mode: string;
}

/** A record, or everything that is wrong with it in one sentence. */
export type CheckedRecord = BatchRecordHead | { problem: string };

/** The modes in the service's documentation of its error log. */
const MODES: readonly string[] = ['insert', 'create', 'upsert', 'merge', 'delete', 'gdpr_delete'];
/** Guest migration has a schema and a mode of its own. */
const MIGRATION = { schema: 'migration', mode: 'guest' };
const REPEATABLE_MODE = 'upsert';

const SCHEMA = /^[A-Za-z0-9_.-]{1,64}$/;
const SHAPE = '{"ref": "<UUID>", "schema": "guest", "mode": "upsert", "value": {…}}';

/** Whether sending a record of this mode twice has the same effect as sending it once: only `upsert` is so. */
export function isRepeatable(mode: string): boolean {
  return mode === REPEATABLE_MODE;
}

/**
 * Checks what every record must have. Other fields, and the content of `value`, are left to the service.
 * A problem names fields and never quotes their values, except a `ref` that is a UUID: the rest is personal data.
 */
export function checkRecord(record: unknown): CheckedRecord {
  if (!isPlainObject(record))
    return { problem: `This is ${kindOf(record)}, not a record. A record looks like ${SHAPE}.` };
  const { ref, schema, mode, value } = record;
  const wrong: string[] = [];
  const check = (name: string, found: unknown, isValid: boolean, rule: string) => {
    if (!isValid) wrong.push(found === undefined ? `\`${name}\` is missing` : `\`${name}\` is not ${rule}`);
  };
  const hasRef = isUuid(ref);
  const hasSchema = typeof schema === 'string' && SCHEMA.test(schema);
  const hasMode = typeof mode === 'string' && isMode(mode, schema);
  check('ref', ref, hasRef, 'a UUID');
  check('schema', schema, hasSchema, 'a word of at most 64 characters');
  check('mode', mode, hasMode, modeRule(mode));
  check('value', value, isPlainObject(value), 'an object');
  if (hasRef && hasSchema && hasMode && wrong.length === 0) return { ref, schema, mode };
  return { problem: `${hasRef ? `Record ${ref}: ` : 'In this record, '}${listed(wrong)}.` };
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
