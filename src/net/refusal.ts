import type { HttpAnswer, HttpCall } from './call.ts';
import { HttpError } from './errors.ts';
import { foreignBodyOf } from './foreign-body.ts';

const MAX_SERVER_WORDS = 500;

/** An answer outside of 2xx as the error it is, with the server's own words. */
export function refusal(call: HttpCall, answer: HttpAnswer): HttpError {
  const { words, code, fields } = readRefusal(answer.text);
  const foreignBody = foreignBodyOf(answer.text, call.cleanWords);
  const failure = {
    method: call.method,
    url: call.url,
    status: answer.status,
    headers: answer.headers,
    service: call.service,
    serverWords: words === undefined ? undefined : (call.cleanWords?.(words) ?? words),
    foreignBody,
    serverCode: code,
    fields,
  };
  const explained = call.explain?.(answer.status, fields ?? {});
  const isBlocked = foreignBody !== undefined && answer.status >= 400 && answer.status < 500;
  const fix = isBlocked ? blockedFix(call.url, explained) : explained;
  return new HttpError(call.what, failure, fix === undefined ? {} : { fix });
}

/** A new token or another input does not help if the request never reached the server. */
function blockedFix({ host }: URL, otherwise: string | undefined): string {
  const fix = `If there is a firewall or proxy between the runner and ${host}, have it let this request through.`;
  return otherwise === undefined ? fix : `${fix} Else: ${otherwise}`;
}

/** What the server gave as its reason: an API's JSON, storage's XML, or nothing that can be quoted. */
function readRefusal(text: string): { words?: string; code?: string; fields?: Record<string, string> } {
  const json = parseObject(text);
  if (json !== undefined) {
    const fields = Object.fromEntries(
      Object.entries(asObject(json['errors']) ?? {}).map(([key, value]) => [key, wordOf(value)]),
    );
    const fieldTexts = Object.entries(fields).map(([key, value]) => `${key}: ${value}`);
    const words = joinWords([json['title'], json['detail'], ...fieldTexts]) || joinWords([json['message']]);
    return { fields, ...(words === '' ? {} : { words: shorten(words) }) };
  }
  // Storage answers `<Error><Code>…</Code><Message>…</Message></Error>`; two elements do not ask for an XML parser.
  const code = /<Code>([\w.-]{1,80})<\/Code>/.exec(text)?.[1];
  const message = /<Message>([^<]{1,2000})<\/Message>/.exec(text)?.[1];
  return {
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { words: shorten(unescapeXml(message)) }),
  };
}

/** Anything but text is shown as JSON: converting a foreign object to a string would call its own `toString`. */
function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function joinWords(words: readonly unknown[]): string {
  return words
    .filter((word): word is string => typeof word === 'string' && word !== '')
    .map((word) => word.trim().replace(/\.$/, ''))
    .join('; ');
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function shorten(words: string): string {
  const line = words.replace(/\s+/g, ' ').trim();
  return line.length > MAX_SERVER_WORDS ? `${line.slice(0, MAX_SERVER_WORDS)}…` : line;
}

/** The five entities that XML itself defines (XML 1.0, section 4.6). */
function unescapeXml(text: string): string {
  const entities = new Map(Object.entries({ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }));
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (whole, name: string) => entities.get(name) ?? whole);
}
