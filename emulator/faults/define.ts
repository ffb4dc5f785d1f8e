import * as z from 'zod/mini';
import { described, oneOf } from '../schema.ts';

/** An object with a literal `effect`; no other fields than those declared. */
type FaultSchema = z.ZodMiniObject<{ effect: z.ZodMiniLiteral<string> }>;

/**
 * A fault that can be asked for, declared once: its type is inferred from the schema, and the command line and the control
 * parse with it.
 */
export interface FaultDefinition<Schema extends FaultSchema = FaultSchema> {
  readonly effect: string;
  readonly schema: Schema;
  /** The only calls that it makes sense for; unless given, each call of each service that lists the fault. */
  readonly calls?: readonly string[];
  /** Faults of one queue exclude each other on one request. */
  queueOf(fault: z.output<Schema>): string;
}

interface FaultRules<Fault> {
  calls?: readonly string[];
  /** Unless given, each effect has a queue of its own. */
  queue?: string | ((fault: Fault) => string);
}

/** What a fault is once parsed, but for the requests that it hits. */
export type FaultOf<Definition extends FaultDefinition> = z.output<Definition['schema']>;

/** The queue of all faults that replace or damage the answer: one of them hits a request. */
export const ANSWER_QUEUE = 'answer';

/** Declares a fault by its effect and the fields that it has beside those of {@link ADDRESS_FIELDS}. */
export function defineFault<const Effect extends string, Fields extends z.core.$ZodLooseShape>(
  effect: Effect,
  fields: Fields,
  { calls, queue = effect }: FaultRules<z.output<ReturnType<typeof createSchema<Effect, Fields>>>> = {},
) {
  return {
    effect,
    schema: createSchema(effect, fields),
    ...(calls !== undefined && { calls }),
    queueOf: typeof queue === 'string' ? () => queue : queue,
  };
}

function createSchema<const Effect extends string, Fields extends z.core.$ZodLooseShape>(
  effect: Effect,
  fields: Fields,
) {
  return z.strictObject({ effect: z.literal(effect), ...fields });
}

export const wholeNumber = described(z.int().check(z.nonnegative()), 'a whole number of 0 or more');
export const milliseconds = described(z.number().check(z.nonnegative()), 'a number of 0 or more');
export const statusCode = described(z.int().check(z.minimum(200), z.maximum(599)), 'a status code from 200 to 599');
/** Positions of rows, records or items. */
export const positions = described(
  z.readonly(z.array(z.int().check(z.positive()))),
  'a list of whole numbers of 1 or more',
);

/** Which requests a fault hits: those to `call`, after `skip` of them (0), `times` times (1). */
export function createAddressFields(calls: readonly string[]) {
  return {
    call: oneOf(calls),
    skip: z.optional(wholeNumber),
    times: z.optional(
      described(
        z.union([z.int().check(z.positive()), z.literal('always')]),
        'a whole number of 1 or more, or "always"',
      ),
    ),
  };
}

type AddressFields = z.output<z.ZodMiniObject<ReturnType<typeof createAddressFields>>>;

/**
 * A fault on request. Faults of the same queue for the same call wait for each other: two `status` faults hit one request
 * each, in the order in which they were added. `skip` counts all requests to the call from the moment of adding, those that
 * another fault hits included; a fault that still skips lets the ones behind it go first.
 */
export type AddressedFault = AddressFields & {
  effect: string;
  /** It is in force for so long from the first request that it hits, however many more come. */
  durationMs?: number | undefined;
};
