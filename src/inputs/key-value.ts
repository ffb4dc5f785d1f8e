/**
 * Parser of `KEY=VALUE` lines, as the `dotenv` package (18, its default parser) reads them: the first `=` splits, with
 * white space around it or not; blank lines, comments, `export KEY=VALUE`; values without quotes are trimmed; single,
 * double and backtick quotes, over several lines too; in double quotes `\n` and `\r` become the characters; a quote
 * behind a backslash does not close (unless no other one can), and the backslash stays; no `$` is ever expanded.
 *
 * Departures from that package:
 *
 * 1. A `#` starts a comment only at a line's start or after white space: `A=ab#cd` is `ab#cd` and `A=#fff` is `#fff`,
 *    where dotenv gives `ab` and nothing.
 * 2. A line that is not understood is a problem, named by its number; dotenv skips it silently.
 * 3. A quote that is never closed, and text after a closing quote (`A="b" c`, `A="b"#c`), are problems; dotenv reads
 *    the quotes as a part of the value. (Quotes inside a value that does not start with one are plain text in both.)
 * 4. A key starts with a letter or `_`, and goes on with letters, digits, `_`, `.` and `-`; dotenv accepts `1A`, `-A`
 *    and `.A` as well.
 * 5. `KEY: VALUE` is a problem; dotenv accepts it.
 * 6. Key, `=` and the start of the value are on one line; in dotenv a line may end between them.
 * 7. Only LF, CRLF and CR end a line; dotenv treats U+2028 and U+2029 as a line's end in some places.
 * 8. A key that is given twice is in `entries` twice, and the readers reject it; in dotenv the last one wins.
 * 9. A value without quotes that is made only of `=` is a problem: `c2VjcmV0==` is a base64 text without a key, which
 *    may be a secret, and must not become a key. dotenv gives the key `c2VjcmV0` and the value `=`. A caller may
 *    name more keys that are rejected when nothing follows their `=`.
 */

import type { LineProblem } from './line-problems.ts';

export interface KeyValueEntry {
  key: string;
  value: string;
  /** For a value without quotes that has white space in or after it: the whole text, including a comment. */
  written?: string;
  /** Where the entry starts, from 1. */
  line: number;
}

export interface KeyValueResult {
  entries: KeyValueEntry[];
  problems: LineProblem[];
  /** Everything on the bad lines that might be a value, the whole lines included; for masks, not for messages. */
  suspects: string[];
  /** Lines that consist of a comment. */
  comments: { line: number; text: string }[];
}

type Statement = { end: number } & (
  | { kind: 'blank' }
  | { kind: 'entry'; key: string; value: string; written?: string }
  | { kind: 'bad'; problem: string; value?: string }
);

type Value = { end: number } & (
  | { ok: true; value: string; quoted: boolean; written?: string }
  | { ok: false; problem: string }
);

const KEY = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

export interface KeyValueOptions {
  /** Whether a key with nothing after its `=` looks like a value given without a key. */
  isBareValue?: (key: string) => boolean;
}

/** Reads `KEY=VALUE` lines; see the top of this file for the grammar. Takes any text, and never throws. */
export function parseKeyValue(text: string, { isBareValue = () => false }: KeyValueOptions = {}): KeyValueResult {
  const source = text.replace(/\r\n?/g, '\n');
  const entries: KeyValueEntry[] = [];
  const problems: LineProblem[] = [];
  const suspects = new Set<string>();
  const comments: KeyValueResult['comments'] = [];
  let line = 1;
  for (let position = 0; position < source.length; ) {
    const statement = readStatement(source, position, isBareValue);
    const lines = source.slice(position, statement.end).split('\n');
    if (statement.kind === 'entry') {
      const { key, value, written } = statement;
      entries.push({ key, value, ...(written === undefined ? {} : { written }), line });
    } else if (statement.kind === 'bad') {
      problems.push({ line, problem: statement.problem });
      if (statement.value !== undefined && statement.value !== '') suspects.add(statement.value);
      for (const suspect of lines.flatMap(suspectsOf)) suspects.add(suspect);
    } else if (lines[0]?.trim() !== '') {
      comments.push({ line, text: lines[0]?.trim().replace(/^#\s*/, '') ?? '' });
    }
    line += lines.length;
    position = statement.end + 1; // past the line feed
  }
  return { entries, problems, suspects: [...suspects], comments };
}

/** The statement that starts at `start`, the start of a line. Its `end` is the end of its last line. */
function readStatement(source: string, start: number, isBareValue: (key: string) => boolean): Statement {
  const end = endOfLine(source, start);
  const line = source.slice(start, end);
  if (/^\s*(?:#|$)/.test(line)) return { kind: 'blank', end };
  const equals = line.indexOf('=');
  if (equals === -1) {
    const problem = 'no `=` between a key and a value (a value of several lines needs quotes around it)';
    return { kind: 'bad', problem, end };
  }
  // The value first: a bad key must not turn the further lines of its value into statements.
  const value = readValue(source, start + equals + 1, end);
  if (!value.ok) return { kind: 'bad', problem: value.problem, end: value.end };
  const key = line
    .slice(0, equals)
    .trim()
    .replace(/^export\s+/, '');
  if (KEY.test(key)) {
    const { ok: _, quoted, ...entry } = value;
    const bare = !quoted && (/^=+$/.test(entry.value) || (entry.value === '' && isBareValue(key)));
    if (!bare) return { kind: 'entry', key, ...entry };
    const problem = 'looks like a bare value, not KEY=VALUE (if it does start with a key, put quotes around the value)';
    return { kind: 'bad', problem, end: value.end };
  }
  const problem = 'the text before the first `=` is not a key (a letter or `_`, then letters, digits, `_`, `.` or `-`)';
  return { kind: 'bad', problem, value: value.value, end: value.end };
}

function readValue(source: string, start: number, lineEnd: number): Value {
  const rest = source.slice(start, lineEnd);
  const trimmed = rest.trimStart();
  if (/^["'`]/.test(trimmed)) return readQuoted(source, lineEnd - trimmed.length, lineEnd);
  const comment = rest.search(/\s#/);
  const value = (comment === -1 ? rest : rest.slice(0, comment)).trim();
  const written = rest.trim();
  return { ok: true, value, quoted: false, ...(/\s/.test(rest) ? { written } : {}), end: lineEnd };
}

function readQuoted(source: string, open: number, lineEnd: number): Value {
  const quote = source.charAt(open);
  const { close, unescaped } = findClosingQuote(source, open, quote);
  if (close !== -1) {
    const inner = source.slice(open + 1, close);
    const value = quote === '"' ? inner.replace(/\\n/g, '\n').replace(/\\r/g, '\r') : inner;
    return { ok: true, value, quoted: true, end: endOfLine(source, close) };
  }
  if (unescaped !== -1 && unescaped < lineEnd) {
    const isFolded = /^\s+[A-Za-z_][A-Za-z0-9_.-]*=/.test(source.slice(unescaped + 1, lineEnd));
    const problem = isFolded
      ? "another KEY= after the closing quote (YAML's `>` makes one line of several: write `|`)"
      : 'text after the closing quote (a comment needs white space before its `#`)';
    return { ok: false, problem, end: lineEnd };
  }
  // Where such a value was meant to end is unknown, so the rest may belong to it and yields no keys.
  const problem =
    unescaped === -1
      ? 'a quote that is never closed (the lines after it were not read)'
      : 'a quote that is not closed on its line, and has text behind the next such quote (the lines after it were not read)';
  return { ok: false, problem, end: source.length };
}

/**
 * The quote that closes the one at `open`: the first one without a backslash before it, when only a comment follows on
 * its line; else the last earlier one for which that is true (`'C:\dir\'`), which is what dotenv's regular
 * expression finds by backtracking.
 */
function findClosingQuote(source: string, open: number, quote: string): { close: number; unescaped: number } {
  const escaped: number[] = [];
  let at = source.indexOf(quote, open + 1);
  while (at !== -1 && source[at - 1] === '\\') {
    escaped.push(at);
    at = source.indexOf(quote, at + 1);
  }
  const close = [at, ...escaped.reverse()].find(
    (candidate) => candidate !== -1 && endsStatement(source, candidate + 1),
  );
  return { close: close ?? -1, unescaped: at };
}

/** Whether nothing but white space, or a comment after white space, is between `position` and the line's end. */
function endsStatement(source: string, position: number): boolean {
  const rest = /[^\S\n]*(?:\n|$)|[^\S\n]+#/y;
  rest.lastIndex = position;
  return rest.test(source);
}

function endOfLine(source: string, position: number): number {
  const end = source.indexOf('\n', position);
  return end === -1 ? source.length : end;
}

/**
 * What might be a secret on a bad line: the line, what follows each possible end of the key, and
 * each of these without a comment, without the `=` at its end (a base64 text is often used without) and without quotes.
 */
function suspectsOf(line: string): string[] {
  const whole = line.trim();
  const tails = [/=/, /:/, /\s/].map((separator) => {
    const at = whole.search(separator);
    return at === -1 ? '' : whole.slice(at + 1).trim();
  });
  const texts = [whole, ...tails]
    .flatMap((text) => [text, text.replace(/\s#.*$/s, '').trim()])
    .flatMap((text) => [text, withoutPadding(text)]);
  return texts.flatMap((text) => [text, ...text.split(/["'`]/).map((piece) => piece.trim())]).filter((t) => t !== '');
}

/** No regular expression: `/=+$/` takes quadratic time on `===…===x`. */
function withoutPadding(text: string): string {
  let end = text.length;
  while (text[end - 1] === '=') end -= 1;
  return text.slice(0, end).trim();
}
