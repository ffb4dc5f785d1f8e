import * as z from 'zod/mini';

/**
 * A fault that can be asked for, declared once: its type is `z.infer` of the schema, the command line and the control
 * parse with it, and messages describe a field with the words that it was registered with.
 */
export interface FaultDefinition<Schema extends FaultSchema = FaultSchema> extends FaultRules {
  readonly effect: string;
  readonly schema: Schema;
}

/** An object with a literal `effect`; no other fields than those declared. */
export type FaultSchema = z.ZodMiniObject<{ effect: z.ZodMiniLiteral<string> }>;

interface FaultRules {
  /** The only calls that it makes sense for; unless given, each call of each service that lists the fault. */
  readonly calls?: readonly string[];
  /** Faults of one queue exclude each other on one request; unless given, each effect has a queue of its own. */
  readonly queue?: string;
}

/** What a fault is once parsed; the call that it is for is not part of it. */
export type FaultOf<Definition extends FaultDefinition> = z.infer<Definition['schema']>;

/** The queue of all faults that replace or damage the answer: one of them hits a request. */
export const ANSWER_QUEUE = 'answer';

/**
 * Declares a fault. A field `durationMs` has a meaning of its own: the fault is in force for so long from the first
 * request that it hits, however many more come.
 */
export function defineFault<const Effect extends string, Fields extends z.core.$ZodLooseShape>(
  effect: Effect,
  fields: Fields,
  rules: FaultRules = {},
) {
  return { ...rules, effect, schema: z.strictObject({ effect: z.literal(effect), ...fields }) };
}

/** Gives a field the words that a message needs: "{name} must be {words}". */
export function described<Schema extends z.ZodMiniType>(schema: Schema, words: string): Schema {
  z.globalRegistry.add(schema, { description: words });
  return schema;
}

/** The words of a field. */
export function describe(schema: z.core.$ZodType): string {
  if (schema instanceof z.ZodMiniOptional) return describe(schema.def.innerType);
  return z.globalRegistry.get(schema)?.description ?? 'something else';
}

export const wholeNumber = described(z.int().check(z.nonnegative()), 'a whole number of 0 or more');

export const milliseconds = described(z.number().check(z.nonnegative()), 'a number of 0 or more');

export const statusCode = described(z.int().check(z.minimum(200), z.maximum(599)), 'a status code from 200 to 599');

export const text = described(z.string(), 'a string');

/** Positions of rows, records or items, from 1. */
export const positions = described(z.array(z.int().check(z.positive())), 'a list of whole numbers of 1 or more');

export function oneOf<const Values extends readonly string[]>(values: Values) {
  return described(z.enum(values), `one of ${values.join(', ')}`);
}

export function someOf<const Values extends readonly string[]>(values: Values) {
  return described(z.array(z.enum(values)), `a list of ${values.join(', ')}`);
}
