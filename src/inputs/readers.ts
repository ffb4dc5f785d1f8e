import type { Parsed, Parser } from './parsers.ts';
import { type InputProblems, showValue } from './problems.ts';
import type { InputSource } from './source.ts';

/** What every reader gets: the source of inputs, and the list of problems. */
export interface ReadContext {
  source: InputSource;
  problems: InputProblems;
}

/** The value of an input without the white space at its ends; '' means absent. */
export function readText(source: Pick<InputSource, 'input'>, name: string): string {
  return source.input(name).trim();
}

/** The value of an environment variable without the white space at its ends; '' means absent. */
export function readEnv(source: InputSource, name: string): string {
  return (source.env[name] ?? '').trim();
}

/** Lines of an input; blank ones and the CR of a CRLF are dropped, other white space may be significant. */
export function readLines(source: InputSource, name: string): string[] {
  return source
    .input(name)
    .split(/\r\n|[\r\n]/)
    .filter((line) => line.trim() !== '');
}

/** An input's value, or else its default; undefined when it is wrong, which is then in `problems`. */
export function readValue<T>({ source, problems }: ReadContext, name: string, parse: Parser<T>, otherwise: T) {
  const text = readText(source, name);
  return text === '' ? otherwise : acceptParsed(problems, name, parse(text), { text });
}

/** Where a value was found, for the message if it is bad. */
export interface Finding {
  /** The value itself, where it may be shown. */
  text?: string;
  /** Undefined: the input. */
  origin?: string;
}

/** The parsed value; if it is bad, undefined and a problem. */
export function acceptParsed<T>(problems: InputProblems, name: string, parsed: Parsed<T>, found: Finding) {
  if (parsed.ok) return parsed.value;
  const subject = found.text === undefined ? 'The value (not shown)' : showValue(found.text);
  const origin = found.origin === undefined ? '' : `, from ${found.origin},`;
  const hint = found.text === undefined || parsed.hint === undefined ? '' : ` ${parsed.hint}`;
  problems.add({ input: name, problem: `${subject}${origin} ${parsed.reason}.${hint}`, allowed: parsed.allowed });
  return undefined;
}
