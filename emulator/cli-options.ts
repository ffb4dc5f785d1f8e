import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { Control } from './control.ts';
import type { EmulatorOptions } from './emulator.ts';
import type { AddressedFault, FaultDefinition } from './faults/define.ts';
import { FaultParser } from './faults/parse.ts';
import { described, findProblem, numberText } from './schema.ts';
import type { CliFlags, CliOption, CliValues } from './service.ts';
import type { ServiceMembers } from './services.ts';
import { SERVICES } from './services.ts';
import { UsageError } from './usage-error.ts';

const FAULTS = new FaultParser(SERVICES);

const PLATFORM_OPTIONS = {
  port: {
    placeholder: 'PORT',
    help: 'port to listen on (8787; 0: any free one)',
    schema: numberText({ max: 65_535, isWhole: true }),
  },
  'step-ms': {
    placeholder: 'MS',
    help: 'time that a deployment takes for each of its seven steps, and a job of redirects or a batch for each of its own (300)',
    schema: numberText({}),
  },
  'stream-cut-ms': {
    placeholder: 'MS',
    help: 'event streams are ended after so long (30000, as on the real platform)',
    schema: numberText({}),
  },
  'sse-form': {
    placeholder: 'bare|documented',
    help: 'events as "data:" lines alone (bare), or with "event: message" as documented',
    schema: described(z.enum(['bare', 'documented']), 'bare or documented'),
  },
  fault: {
    placeholder: 'JSON',
    help: 'a fault on request; may be given more than once: {"call": CALL, "effect": EFFECT, "skip"?: N, "times"?: N or "always", ...}. For GitHub\'s rate limit: {"call": "github.any", "effect": "rate-limit", "times": N}',
    multiple: true,
    schema: z.array(z.string()),
  },
} as const satisfies Readonly<Record<string, CliOption>>;

const FLAGS = { tls: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;

const WIDTH = 120;
const INDENT = ' '.repeat(31);

export const HELP = `An embedded BigCommerce: try a deployment, or redirects, without a store.
It includes Sitecore CDP's Batch API, at the same address, with the store that its files go to,
and GitHub, for deployments, comments, check runs and artifacts.

Usage: npm run emulator -- [options]

${renderOption('--tls', "https, with a certificate made on the spot; the vendor's own tool supports nothing else")}
${listOptions()
  .map(([name, { placeholder, help }]) => renderOption(`--${name} ${placeholder}`, help))
  .join('\n')}
${listFlags()
  .map(([name, help]) => renderOption(`--${name}`, help))
  .join('\n')}
${renderOption('--help', 'this text')}

CALL is one of:
${wrap(FAULTS.calls.join(', '), '  ')}
EFFECT is one of these, with further fields:
${wrap(FAULTS.definitions.map(renderEffect).join(', '), '  ')}

The running emulator is controlled over HTTP:
${new Control<ServiceMembers>(SERVICES).help.map(([route, description]) => renderOption(route, description)).join('\n')}
`;

/**
 * Options from the command line; `help` where that was asked for. Throws `UsageError`.
 * @param print shows a line, for what happens while the emulator runs
 */
export function parseCommandLine(args: readonly string[], print: (line: string) => void): EmulatorOptions | 'help' {
  const texts = parseTexts(args);
  if (texts['help'] === true) return 'help';
  const values = parseValues(PLATFORM_OPTIONS, texts);
  const parts = SERVICES.map(
    ({ cli }) => cli?.read(parseValues(cli.options, texts), print, findFlags(cli.flags, texts)) ?? {},
  );
  const faults = [...(values.fault ?? []).map(readFault), ...parts.flatMap((part) => part.faults ?? [])];
  return Object.assign(
    { port: values.port ?? 8787, tls: texts['tls'] === true },
    { stepMs: values['step-ms'], streamCutMs: values['stream-cut-ms'], sseForm: values['sse-form'] },
    ...parts,
    { faults },
  );
}

function listOptions(): (readonly [name: string, option: CliOption])[] {
  return [PLATFORM_OPTIONS, ...SERVICES.map(({ cli }) => cli?.options ?? {})].flatMap((one) => Object.entries(one));
}

function listFlags(): [name: string, help: string][] {
  return SERVICES.flatMap(({ cli }) => Object.entries(cli?.flags ?? {}));
}

/** Those that are given. */
function findFlags(flags: CliFlags = {}, texts: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  return new Set(Object.keys(flags).filter((name) => texts[name] === true));
}

function parseTexts(args: readonly string[]): Readonly<Record<string, unknown>> {
  const texts = listOptions().map(([name, { multiple = false }]) => [name, { type: 'string', multiple }] as const);
  const flags = listFlags().map(([name]) => [name, { type: 'boolean' }] as const);
  const options = { ...FLAGS, ...Object.fromEntries(flags), ...Object.fromEntries(texts) };
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function parseValues<Options extends Readonly<Record<string, CliOption>>>(
  options: Options,
  texts: Readonly<Record<string, unknown>>,
): CliValues<Options> {
  const given = Object.entries(options).filter(([name]) => texts[name] !== undefined);
  const values = given.map(([name, { schema }]) => [name, parseValue(name, schema, texts[name])]);
  // Each value is the output of its own option's schema.
  return Object.fromEntries(values) as CliValues<Options>;
}

function parseValue(name: string, schema: z.ZodMiniType, text: unknown): unknown {
  const { success, data, error } = schema.safeParse(text);
  if (success) return data;
  const { words, value } = findProblem(schema, text, error);
  throw new UsageError(`--${name} must be ${words}; it is '${value}'`);
}

function readFault(text: string): AddressedFault {
  try {
    return FAULTS.parse(JSON.parse(text)).fault;
  } catch (error) {
    throw new UsageError(`--fault: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** `delay {delayMs}` */
function renderEffect({ effect, schema }: FaultDefinition): string {
  const fields = Object.entries<z.core.$ZodType>(schema.shape)
    .filter(([name]) => name !== 'effect')
    .map(([name, field]) => (field instanceof z.ZodMiniOptional ? `${name}?` : name));
  return fields.length === 0 ? effect : `${effect} {${fields.join(', ')}}`;
}

function renderOption(name: string, help: string): string {
  return `  ${`${name}  `.padEnd(INDENT.length - 2)}${wrap(help, INDENT).trimStart()}`;
}

/** In lines of a limited width, each indented. */
function wrap(text: string, indent: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || indent.length + line.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.map((line) => `${indent}${line}`).join('\n');
}
