import type { Redactor } from './redactor.ts';

/**
 * Which strings of a record are not free text. A string without a rule is redacted, so that a new field cannot leak:
 *
 * - `own`: a word of this action's own, left as it is (a secret may well be called `done`). For fields whose type is a
 *   union of such words, and required for those.
 * - `public`: what everybody can see, such as an address or an id. Values of the input `secrets` stay in it (see `Redactor`).
 *
 * Rules are nested as the record is; the rule of a list is that of its items, the rule of a map that of its values. Keys of
 * objects are names of fields. A record has a `Map` where keys are foreign, too: no rule fits an object with foreign keys.
 */
export type FieldRules<T> = Flat<
  { readonly [K in keyof T as HasOwnWords<T[K]> extends true ? K : never]-?: Rule<NonNullable<T[K]>> } & {
    readonly [K in keyof T as HasOwnWords<T[K]> extends true ? never : K]?: Rule<NonNullable<T[K]>>;
  }
>;

/** The same for events: by their type, the rules for what they carry. The type itself is a word of this action's own. */
export type EventRules<E extends { type: string }> = FieldRules<{
  readonly [T in E['type']]: Omit<Extract<E, { type: T }>, 'type'>;
}>;

type Flat<T> = { [K in keyof T]: T[K] };

/** What has no strings, or is no part of a record. */
type Leaf = number | bigint | boolean | symbol | null | undefined | Date;

type Rule<T> = T extends string
  ? string extends T
    ? 'public'
    : 'own'
  : T extends Leaf
    ? never
    : T extends ReadonlyMap<unknown, infer V>
      ? Rule<V>
      : T extends readonly (infer I)[]
        ? Rule<I>
        : T extends object
          ? string extends keyof T
            ? never
            : FieldRules<T>
          : never;

/** Whether it contains, at any depth, a string whose type is a union of words. */
type HasOwnWords<T> = true extends OwnWords<T> ? true : false;

type OwnWords<T> = T extends string
  ? string extends T
    ? false
    : true
  : T extends Leaf
    ? false
    : T extends ReadonlyMap<unknown, infer V>
      ? OwnWords<V>
      : T extends readonly (infer I)[]
        ? OwnWords<I>
        : T extends object
          ? { [K in keyof T]: OwnWords<NonNullable<T[K]>> }[keyof T]
          : false;

/**
 * A copy of a record, or of a part of it, without secrets. To be made before anything is rendered: in escaped text,
 * replacing a secret would break the escapes around it.
 */
export function redactFields<T extends object>(
  value: T,
  rules: FieldRules<T>,
  redactor: Pick<Redactor, 'redact' | 'redactPublic'>,
): T {
  return redactValue(value, rules, redactor) as T;
}

function redactValue(value: unknown, rule: unknown, redactor: Pick<Redactor, 'redact' | 'redactPublic'>): unknown {
  if (typeof value === 'string') {
    if (rule === 'own') return value;
    return rule === 'public' ? redactor.redactPublic(value) : redactor.redact(value);
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map((item) => redactValue(item, rule, redactor));
  if (value instanceof Map) {
    return new Map(
      [...value].map(([key, item]) => [redactValue(key, undefined, redactor), redactValue(item, rule, redactor)]),
    );
  }
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) copy[key] = redactValue(Reflect.get(value, key), ruleOf(rule, key), redactor);
  return copy;
}

function ruleOf(rules: unknown, key: string): unknown {
  return typeof rules === 'object' && rules !== null && Object.hasOwn(rules, key) ? Reflect.get(rules, key) : undefined;
}
