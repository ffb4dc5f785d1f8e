import * as z from 'zod/mini';
import { findProblem } from '../schema.ts';
import type { AddressedFault, FaultDefinition } from './define.ts';
import { createAddressFields } from './define.ts';

/** A fault or a control request that makes no sense; the message says what is wrong with it. */
export class FaultError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FaultError';
  }
}

/** What the parser needs to know of a service. */
export interface FaultyService {
  readonly owner: string;
  readonly endpoints: readonly { readonly call: string }[];
  readonly faults: readonly FaultDefinition[];
  readonly anyCall?: string;
}

export interface ParsedFault {
  readonly fault: AddressedFault;
  readonly definition: FaultDefinition;
}

/** Parses the faults that these services declare. */
export class FaultParser {
  readonly #services: readonly FaultyService[];
  readonly #definitions: ReadonlyMap<unknown, FaultDefinition>;
  /** All calls that a fault can name, those that represent several included. */
  readonly calls: readonly string[];

  constructor(services: readonly FaultyService[]) {
    this.#services = services;
    this.#definitions = new Map(services.flatMap(({ faults }) => faults.map((one) => [one.effect, one])));
    const calls = services.flatMap(({ endpoints }) => endpoints.map(({ call }) => call));
    this.calls = [...new Set(calls), ...services.flatMap(({ anyCall }) => anyCall ?? [])];
  }

  get definitions(): FaultDefinition[] {
    return [...this.#definitions.values()];
  }

  /** Whether a fault for this call, by its name in the fault, hits a request to that one. */
  isFor(name: string, call: string): boolean {
    return name === call || this.#services.some((one) => one.anyCall === name && hasCall(one, call));
  }

  /** A fault from JSON of another process or of the command line. The error names the field that is wrong and what it may be. */
  parse(value: unknown): ParsedFault {
    const effect: unknown = z.looseObject({ effect: z.unknown() }).safeParse(value).data?.effect;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new FaultError('a fault must be a JSON object: {"call": ..., "effect": ...}');
    }
    const definition = this.#definitions.get(effect);
    if (definition === undefined) {
      const effects = this.definitions.map((one) => one.effect).join(', ');
      throw new FaultError(`effect must be one of ${effects}; it is ${JSON.stringify(effect)}`);
    }
    const schema = z.extend(definition.schema, createAddressFields(this.calls));
    const { data: fault, error } = schema.safeParse(value);
    if (fault === undefined) throw new FaultError(renderProblem(schema, value, error, definition.effect));
    this.#checkCall(definition, fault.call);
    return { fault, definition };
  }

  #checkCall(definition: FaultDefinition, call: string): void {
    const { effect, calls } = definition;
    const services = this.#services.filter(({ faults }) => faults.includes(definition));
    if (calls === undefined ? services.some((one) => hasCall(one, call)) : calls.includes(call)) return;
    const owners = [...new Set(services.map(({ owner }) => `${owner}'s`))].join(' or ');
    const allowed = calls?.join(', ') ?? owners;
    throw new FaultError(`call of a fault with effect ${effect} must be one of ${allowed}; it is ${call}`);
  }
}

function hasCall({ endpoints, anyCall }: FaultyService, call: string): boolean {
  return call === anyCall || endpoints.some((endpoint) => endpoint.call === call);
}

function renderProblem(schema: z.core.$ZodType, value: unknown, error: z.core.$ZodError, effect: string): string {
  const { path, words, value: given, unknownField } = findProblem(schema, value, error);
  if (unknownField !== undefined) return `${unknownField} is no field of a fault with effect ${effect}`;
  return `${path.join('.')} must be ${words}; it is ${JSON.stringify(given)}`;
}
