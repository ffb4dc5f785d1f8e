import type { PathCheck } from '../domain/verification/checks.ts';
import { addLineProblems, type LineProblem, renderLines } from './line-problems.ts';
import type { ReadContext } from './readers.ts';

/**
 * The lines of `verify-paths`: `path [status] [location target] [contains text]`, in this order or another. Words are
 * divided by white space. A word in quotes may hold some: in double quotes with the escapes of JSON, in single quotes as it
 * is, `''` for one of them. Blank lines are allowed, and a word that begins with `#` begins a comment.
 */

const INPUT = 'verify-paths';
/** Four at a time, and each twice: more would not fit into the time of a verification. */
const MAX_PATHS = 50;
const MAX_PATH_CHARACTERS = 2000;
const REMEDY =
  'Write one path on each line, such as `/`, `/cart 200`, `/search?term=x contains "Results"` or `/old 301 location /new`.';

/** A word of a line. */
interface Word {
  text: string;
  isQuoted: boolean;
}

type Read<T> = { ok: true; value: T } | { ok: false; problem: string };

/** The paths in the order given, empty if there are none; undefined if any line is wrong. */
export function readVerifyPaths({ source, problems }: ReadContext): PathCheck[] | undefined {
  const checks: PathCheck[] = [];
  const found: LineProblem[] = [];
  const linesOf = new Map<string, { line: number }[]>();
  for (const [index, text] of source
    .input(INPUT)
    .split(/\r\n|[\r\n]/)
    .entries()) {
    const line = index + 1;
    const parsed = parsePathLine(text);
    if (!parsed.ok) found.push({ line, problem: parsed.problem });
    if (!parsed.ok || parsed.value === undefined) continue;
    checks.push(parsed.value);
    linesOf.set(parsed.value.path, [...(linesOf.get(parsed.value.path) ?? []), { line }]);
  }
  addLineProblems(problems, INPUT, { found, remedy: REMEDY });
  const repeated = [...linesOf.values()].filter((lines) => lines.length > 1);
  for (const lines of repeated) {
    problems.add({ input: INPUT, problem: `${renderLines(lines)}: the same path.`, remedy: 'Give each path once.' });
  }
  if (checks.length > MAX_PATHS) {
    problems.add({ input: INPUT, problem: `It has ${checks.length} paths.`, allowed: `at most ${MAX_PATHS}.` });
  }
  return found.length + repeated.length > 0 || checks.length > MAX_PATHS ? undefined : checks;
}

/** What a line wishes for; undefined for a blank one or a comment. A problem never repeats any of it. */
export function parsePathLine(line: string): Read<PathCheck | undefined> {
  const words = wordsOf(line);
  if (!words.ok) return words;
  const [path, ...rest] = words.value;
  if (path === undefined) return { ok: true, value: undefined };
  const problem = path.isQuoted ? 'the path is in quotes' : pathProblem(path.text);
  if (problem !== undefined) return bad(problem);
  const wishes = readWishes(rest);
  if (!wishes.ok) return wishes;
  const { status, location } = wishes.value;
  if (location !== undefined && status !== undefined && (status < 300 || status > 399)) {
    return bad('`location` beside a status that is no redirect (300 to 399)');
  }
  return { ok: true, value: { path: path.text, ...wishes.value } };
}

/** White space in a line, quotes and a comment. */
function wordsOf(line: string): Read<Word[]> {
  const words: Word[] = [];
  for (let rest = line.trim(); rest !== '' && !rest.startsWith('#'); ) {
    const [written = ''] = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'][^\s]*)/.exec(rest) ?? [];
    if (written === '') return bad('a quote that is never closed');
    const word = unquote(written);
    if (!word.ok) return word;
    words.push(word.value);
    rest = rest.slice(written.length);
    if (/^\S/.test(rest)) return bad('text right behind a closing quote');
    rest = rest.trimStart();
  }
  return { ok: true, value: words };
}

function unquote(written: string): Read<Word> {
  const inner = written.slice(1, -1);
  if (written.startsWith("'")) return { ok: true, value: { text: inner.replaceAll("''", "'"), isQuoted: true } };
  if (!written.startsWith('"')) return { ok: true, value: { text: written, isQuoted: false } };
  try {
    // A tab is allowed here, and not in JSON.
    const text: unknown = JSON.parse(written.replaceAll('\t', String.raw`\t`));
    return typeof text === 'string' ? { ok: true, value: { text, isQuoted: true } } : bad('a broken text');
  } catch {
    return bad(String.raw`an invalid escape (\" \\ \n \t \u0041 are; within '…' a backslash is one)`);
  }
}

function pathProblem(path: string): string | undefined {
  if (!path.startsWith('/'))
    return 'the path does not begin with `/` (no scheme and no host: the platform names these)';
  // The URL standard takes a backslash for a slash: both begin with a host.
  if (/^\/[/\\]/.test(path)) return 'the path begins with `//`, which is a host';
  if (path.includes('#')) return 'the path has a fragment (`#…`), which is never sent to a server';
  if (path.includes('\\')) return 'the path has a backslash';
  if (path.length > MAX_PATH_CHARACTERS) return `the path has more than ${MAX_PATH_CHARACTERS} characters`;
  return /\p{Cc}/u.test(path) ? 'the path has a control character' : undefined;
}

type Wishes = Omit<PathCheck, 'path'>;

function readWishes(words: readonly Word[]): Read<Wishes> {
  const wishes: Wishes = {};
  const left = [...words];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const key = keyOf(word);
    if (key === undefined)
      return bad('a word that is neither a status, `location` nor `contains` (a text with spaces needs quotes)');
    if (wishes[key] !== undefined) return bad(`more than one ${key === 'status' ? 'status' : `\`${key}\``}`);
    const next = key === 'status' ? word : left.shift();
    if (next === undefined || next.text === '') return bad(`nothing behind \`${key}\``);
    const problem = wish(wishes, key, next.text);
    if (problem !== undefined) return bad(problem);
  }
  return { ok: true, value: wishes };
}

function keyOf(word: Word): keyof Wishes | undefined {
  if (word.isQuoted) return undefined;
  if (/^\d+$/.test(word.text)) return 'status';
  return word.text === 'location' || word.text === 'contains' ? word.text : undefined;
}

/** @returns what is wrong with it */
function wish(wishes: Wishes, key: keyof Wishes, text: string): string | undefined {
  if (key === 'contains') wishes.contains = text;
  else if (key === 'location') {
    if (!isTarget(text)) return 'the text behind `location` is neither a path (`/new`) nor an http or https URL';
    wishes.location = text;
  } else {
    if (!/^[1-5]\d\d$/.test(text)) return 'the status is not one of 100 to 599';
    wishes.status = Number(text);
  }
  return undefined;
}

/** Whether a redirect may lead there: a path, or a URL without credentials. */
function isTarget(text: string): boolean {
  if (/[\s\\]/.test(text)) return false;
  if (text.startsWith('/')) return !text.startsWith('//');
  const url = /^https?:\/\/[^/]/i.test(text) ? URL.parse(text) : null;
  return url !== null && url.username === '' && url.password === '';
}

function bad(problem: string): { ok: false; problem: string } {
  return { ok: false, problem };
}
