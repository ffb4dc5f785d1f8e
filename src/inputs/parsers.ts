import { isUuid } from '../domain/uuid.ts';

/** Parsers of single values. They take trimmed text that is not empty, and do not know its source. */

/**
 * A value, or what is wrong with the text. `reason` follows the value ("is not a UUID"), and never repeats it, so
 * that it fits secrets too; `hint` may repeat a part of it.
 */
export type Parsed<T> = { ok: true; value: T } | { ok: false; reason: string; allowed: string; hint?: string };

export type Parser<T> = (text: string) => Parsed<T>;

/**
 * Longest time that an input may ask for: more than the 6 hours after which a job on a hosted runner is ended, and less
 * than the 25 days that a timer of Node takes.
 */
const MAX_MINUTES = 1440;

/** GitHub's ids of pull requests and issues are 32-bit numbers. */
export const MAX_PULL_REQUEST = 2 ** 31 - 1;

/** Shorter texts are never masked: a mask of `1` wrecks a log. */
export const MIN_MASKED_CHARACTERS = 4;

const PRINTABLE_ASCII = /^[\x21-\x7e]+$/;

/** A boolean of the YAML 1.2 core schema. */
export function parseBoolean(text: string): Parsed<boolean> {
  if (/^(?:true|True|TRUE)$/.test(text)) return { ok: true, value: true };
  if (/^(?:false|False|FALSE)$/.test(text)) return { ok: true, value: false };
  return { ok: false, reason: 'is not a boolean', allowed: 'true or false.' };
}

/** `Number(text)` alone would accept `1e3`, `0x10`, `Infinity`. */
const DECIMAL = /^(?:\d+(?:\.\d+)?|\.\d+)$/;

/** Minutes, fractions included, as milliseconds. */
export function parseMinutes(text: string): Parsed<number> {
  const allowed = `minutes as a decimal number, such as 10 or 0.5: more than 0, and at most ${MAX_MINUTES}.`;
  if (!DECIMAL.test(text)) return { ok: false, reason: 'is not a number of minutes', allowed };
  const minutes = Number(text);
  if (minutes > MAX_MINUTES) return { ok: false, reason: 'is too long', allowed };
  const milliseconds = Math.round(minutes * 60_000);
  if (milliseconds < 1) return { ok: false, reason: 'is too short', allowed };
  return { ok: true, value: milliseconds };
}

/** A parser of seconds from `min` to `max`, fractions included, as milliseconds. */
export function secondsParser(min: number, max: number): Parser<number> {
  const allowed = `seconds as a decimal number, such as 10 or 0.5: from ${min} to ${max}.`;
  return (text) => {
    if (!DECIMAL.test(text)) return { ok: false, reason: 'is not a number of seconds', allowed };
    const seconds = Number(text);
    if (seconds < min || seconds > max) return { ok: false, reason: 'is out of range', allowed };
    return { ok: true, value: Math.round(seconds * 1000) };
  };
}

/** A parser of whole numbers from `min` to `max`. */
export function integerParser(min: number, max: number): Parser<number> {
  const allowed = `a whole number from ${min} to ${max}.`;
  return (text) => {
    if (!/^(?:0|[1-9]\d*)$/.test(text)) return { ok: false, reason: 'is not a whole number', allowed };
    const value = Number(text);
    if (value < min || value > max) return { ok: false, reason: 'is out of range', allowed };
    return { ok: true, value };
  };
}

/** A parser of one of a few words, as they are written. */
export function choiceParser<const T extends string>(choices: readonly T[]): Parser<T> {
  return (text) => {
    const value = choices.find((choice) => choice === text);
    if (value !== undefined) return { ok: true, value };
    return { ok: false, reason: 'is not one of the choices', allowed: `${choices.join(', ')}.` };
  };
}

/** A UUID of any version, in the form of RFC 9562, in lower case. */
export function parseUuid(text: string): Parsed<string> {
  if (isUuid(text)) return { ok: true, value: text.toLowerCase() };
  return { ok: false, reason: 'is not a UUID', allowed: 'a UUID, such as 01234567-89ab-4cde-8f01-23456789abcd.' };
}

/** Hash of a store: it becomes a piece of a URL's path, so nothing but letters and digits. */
export function parseStoreHash(text: string): Parsed<string> {
  if (/^[A-Za-z0-9]+$/.test(text)) return { ok: true, value: text };
  const failure = {
    ok: false,
    reason: 'is not a store hash',
    allowed: 'letters and digits only; in an API path it is what follows `stores/`.',
  } as const;
  const pasted = /\bstores\/([A-Za-z0-9]+)/.exec(text) ?? /\bstore-([A-Za-z0-9]+)[.-]/.exec(text);
  return pasted === null ? failure : { ...failure, hint: `The store hash in it is probably "${pasted[1]}".` };
}

/** An access token: something that a header can carry and that a log can mask. */
export function parseAccessToken(text: string): Parsed<string> {
  return parseSecret(text, 'an access token', 'the access token of a store-level API account');
}

/** Sitecore CDP's API token. */
export function parseApiToken(text: string): Parsed<string> {
  return parseSecret(text, 'an API token', 'the API token that goes with the client key');
}

function parseSecret(text: string, kind: string, description: string): Parsed<string> {
  const allowed = `${description}: printable ASCII characters, no white space.`;
  if (!PRINTABLE_ASCII.test(text)) {
    return { ok: false, reason: 'holds white space or characters that no header can carry', allowed };
  }
  if (text.length < MIN_MASKED_CHARACTERS) return { ok: false, reason: `is too short for ${kind}`, allowed };
  return { ok: true, value: text };
}

/** A user name of HTTP Basic authentication: it ends at the first colon (RFC 7617, section 2). */
export function parseClientKey(text: string): Parsed<string> {
  const allowed = 'the client key of the instance: printable ASCII characters, no white space, no colon.';
  if (text.includes(':')) return { ok: false, reason: 'holds a colon', allowed };
  if (!PRINTABLE_ASCII.test(text)) {
    return { ok: false, reason: 'holds white space or characters that no header can carry', allowed };
  }
  return { ok: true, value: text };
}

/** Name of a project to be created (API document, section 1). Existing projects may have any name. */
export function parseNewProjectName(text: string): Parsed<string> {
  if (/^[A-Za-z0-9._-]{3,32}$/.test(text)) return { ok: true, value: text };
  return {
    ok: false,
    reason: 'cannot be the name of a new project',
    allowed: '3 to 32 characters of letters, digits, `-`, `_` and `.`, when `create-project` is true.',
  };
}
