import * as z from 'zod/mini';

/** Gives a schema the words that a message about it needs: "{name} must be {words}". */
export function described<Schema extends z.ZodMiniType>(schema: Schema, words: string): Schema {
  z.globalRegistry.add(schema, { description: words });
  return schema;
}

export const text = described(z.string(), 'a string');
export const flag = described(z.boolean(), 'true or false');

export function oneOf<const Values extends readonly string[]>(values: Values) {
  return described(z.enum(values), `one of ${values.join(', ')}`);
}

export function oneOfOrNull<const Values extends readonly string[]>(values: Values) {
  return described(z.nullable(z.enum(values)), `one of ${values.join(', ')}, or null`);
}

export function someOf<const Values extends readonly string[]>(values: Values) {
  return described(z.readonly(z.array(z.enum(values))), `a list of ${values.join(', ')}`);
}

/** What is wrong with a value, by the first issue: the outermost described part of the schema that it lies in. */
export interface Problem {
  /** Path to that part of the value; empty: the value itself. */
  path: readonly PropertyKey[];
  /** What it must be. */
  words: string;
  /** What it is. */
  value: unknown;
  /** A field that should not be there, in the part at `path`. */
  unknownField: string | undefined;
}

export function findProblem(schema: z.core.$ZodType, value: unknown, error: z.core.$ZodError): Problem {
  const [issue] = error.issues;
  const path = issue?.path ?? [];
  const unknownField = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  let part: Part = { schema: unwrap(schema), value };
  let depth = 0;
  for (; depth < path.length && wordsOf(part.schema) === undefined; depth += 1) part = enter(part, path[depth]);
  const words = wordsOf(part.schema) ?? (part.schema instanceof z.ZodMiniObject ? 'an object' : 'something else');
  return { path: path.slice(0, depth), words, value: part.value, unknownField };
}

interface Part {
  schema: z.core.$ZodType;
  value: unknown;
}

function enter({ schema, value }: Part, key: PropertyKey | undefined): Part {
  const inner =
    schema instanceof z.ZodMiniObject
      ? schema.shape[String(key)]
      : schema instanceof z.ZodMiniArray
        ? schema.def.element
        : undefined;
  const isOpen = typeof value === 'object' && value !== null && key !== undefined;
  return { schema: unwrap(inner ?? schema), value: isOpen ? Reflect.get(value, key) : undefined };
}

/** Without what only says that nothing may be there, and what comes before the schema of a pipe. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (wordsOf(schema) !== undefined) return schema;
  if (schema instanceof z.ZodMiniOptional) return unwrap(schema.def.innerType);
  if (schema instanceof z.ZodMiniPipe) return unwrap(schema.def.out);
  return schema;
}

function wordsOf(schema: z.core.$ZodType): string | undefined {
  return z.globalRegistry.get(schema)?.description;
}
