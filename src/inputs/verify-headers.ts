import { isOrdinaryWord } from '../domain/variables.ts';
import { addLineProblems, type LineProblem } from './line-problems.ts';
import { maskText } from './masks.ts';
import type { ReadContext } from './readers.ts';
import type { InputSource } from './source.ts';

/** The lines of `verify-headers`: `Name: value`. Blank lines are allowed, and comment lines, which begin with `#`. */

const INPUT = 'verify-headers';
const REMEDY = 'Write one header on each line, as `Name: value`.';
const MAX_HEADERS = 20;

/** RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Of the connection or the body, and so of the client that makes both (RFC 9110, sections 7.2, 7.6.1 and 10.1.1). */
const REFUSED: ReadonlySet<string> = new Set([
  ...['host', 'connection', 'content-length', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'keep-alive'],
  ...['proxy-connection', 'proxy-authorization', 'expect', 'accept-encoding', 'range'],
]);

/** Masks every value, and everything on a bad line that may be one. Call this before anything else. */
export function maskVerifyHeaders(source: InputSource): void {
  for (const text of source
    .input(INPUT)
    .split(/[\r\n]+/)
    .flatMap(secretsOf)) {
    // With a key: a value may be a part of an address that everybody can see (`X-Forwarded-Host: shop.example`).
    if (!isOrdinaryWord(text)) maskText(source, text, '');
  }
}

/** A header's value, and what of it a server may repeat by itself. */
function secretsOf(line: string): string[] {
  const colon = line.indexOf(':');
  if (colon === -1)
    return [
      line.trim(),
      ...line
        .trim()
        .split(/[\s=]+/)
        .slice(1),
    ];
  const name = line.slice(0, colon).trim().toLowerCase();
  const value = line.slice(colon + 1).trim();
  const credentials = /^[A-Za-z]+\s+(\S.*)$/.exec(value)?.[1];
  if (name === 'cookie') return [value, ...value.split(';').map((pair) => pair.slice(pair.indexOf('=') + 1).trim())];
  if (!name.endsWith('authorization') || credentials === undefined) return [value];
  // Basic: `user:password` in Base64 (RFC 7617).
  const [, password = ''] = /^[^:]*:(.+)$/s.exec(Buffer.from(credentials, 'base64').toString('utf8')) ?? [];
  return [value, credentials, ...(/^basic\s/i.test(value) ? [password] : [])];
}

/** The headers, with names in lower case; undefined if any line is wrong. Messages show no text of a line. */
export function readVerifyHeaders({ source, problems }: ReadContext): Record<string, string> | undefined {
  const headers = new Map<string, string>();
  const found: LineProblem[] = [];
  for (const [index, text] of source
    .input(INPUT)
    .split(/\r\n|[\r\n]/)
    .entries()) {
    if (/^\s*(?:#|$)/.test(text)) continue;
    const colon = text.indexOf(':');
    const name = text.slice(0, Math.max(0, colon)).trim().toLowerCase();
    const value = text.slice(colon + 1).trim();
    const problem = colon === -1 ? 'no `:` between a name and a value' : headerProblem(name, value, headers);
    if (problem === undefined) headers.set(name, value);
    else found.push({ line: index + 1, problem });
  }
  addLineProblems(problems, INPUT, { found, remedy: REMEDY });
  if (headers.size > MAX_HEADERS) {
    problems.add({ input: INPUT, problem: `It has ${headers.size} headers.`, allowed: `at most ${MAX_HEADERS}.` });
    return undefined;
  }
  return found.length > 0 ? undefined : Object.fromEntries(headers);
}

function headerProblem(name: string, value: string, others: ReadonlyMap<string, string>): string | undefined {
  if (!TOKEN.test(name)) return "the text before the first `:` is not a header's name";
  if (REFUSED.has(name)) return `the header \`${name}\` is set by the request itself`;
  if (others.has(name)) return 'a header that is given before';
  if (value === '') {
    return 'no value (a GitHub secret that does not exist arrives empty, and so does every one in a run for a fork or Dependabot)';
  }
  return /^[\x20-\x7e\t]+$/.test(value) ? undefined : 'the value has characters that are not visible ASCII';
}
