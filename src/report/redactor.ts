import { MIN_MASKED_LENGTH } from './secret-forms.ts';
import { type Owner, SecretSearch, type Span } from './secret-search.ts';

/**
 * The last guard before anything is printed or written: replaces every known secret, in every form in which it could
 * appear, with `***`. The runner masks as well, but only in the log, and only what it knows.
 *
 * There are two kinds of secrets. Credentials (the access token, the GitHub token, Sitecore CDP's token and what is sent
 * of it, signed URLs) are found everywhere: a server may echo one in a hostname. Values of the input `secrets` are found
 * everywhere but in public values of the run: URLs of the storefront and of GitHub, ids, hashes, paths, names of projects
 * and environments. There the user may have given a part of what everybody can see (`production`, the hostname, the
 * store's hash), and an address with `***` in it would mislead later steps: the value stays, and a warning names its key.
 * A text that is both is a credential. Every other text, log lines included, loses both.
 */
export interface Redactor {
  /** @param key of a value of the input `secrets`, '' where none is to be named; undefined: it is a credential */
  add(secret: string, key?: string): void;
  /** A free text without any secret. */
  redact(text: string): string;
  /** A public value: without credentials. */
  redactPublic(text: string): string;
  /** Keys of `secrets` whose values occur in a text, each once. */
  keysIn(text: string): string[];
  /** Whether a text has a secret as it is, or as JSON writes it. A search of its own: it checks what `redact` has made. */
  holds(text: string): boolean;
  /** One that knows these credentials, too; this one does not. */
  withMore(secrets: readonly string[]): Redactor;
}

/** Parameters of signed URLs (Google's and Amazon's V4) whose values are credentials, known as secrets or not. */
const SIGNED_PARAMETERS =
  /(X-(?:Goog|Amz)-(?:Signature|Credential|Security-Token)(?:=|%3D|\\u003d|&#61;|&#x3d;|&equals;))[^&\s"'<\\]+/gi;

interface Added {
  secret: string;
  key: string | undefined;
}

export function createRedactor(): Redactor {
  const all: Added[] = [];
  const added: Added[] = [];
  const known = new Set<string>();
  let search: SecretSearch | undefined;
  /** Made with the first text: a run that prints nothing needs no forms of secrets. */
  const find = (text: string, isWanted: (owner: Owner) => boolean) => {
    search ??= new SecretSearch();
    if (added.length > 0) for (const { secret, key } of added.splice(0)) search.add(secret, key);
    return search.find(text, isWanted);
  };
  const without = (original: string, isWanted: (owner: Owner) => boolean) => {
    const text = original.replace(SIGNED_PARAMETERS, '$1***');
    return known.size === 0 ? text : cutOut(text, find(text, isWanted));
  };
  return {
    add: (secret, key) => {
      // Signed URLs are repeated in each answer.
      const name = `${key}=${secret}`;
      if (known.has(name)) return;
      known.add(name);
      all.push({ secret, key });
      added.push({ secret, key });
    },
    redact: (text) => without(text, () => true),
    redactPublic: (text) => without(text, (owner) => owner === 'credential'),
    keysIn: (text) => {
      if (known.size === 0) return [];
      const spans = find(text, (owner) => owner !== 'credential');
      return [...new Set(spans.flatMap(({ owner }) => (owner === 'credential' ? [] : [...owner])))];
    },
    holds: (text) => all.some(({ secret }) => writingsOf(secret).some((one) => text.includes(one))),
    withMore: (secrets) => {
      const redactor = createRedactor();
      for (const { secret, key } of all) redactor.add(secret, key);
      for (const secret of secrets) redactor.add(secret);
      return redactor;
    },
  };
}

/** Of several lines, each is a secret by itself. */
function writingsOf(secret: string): string[] {
  const lines = secret.split(/[\r\n]+/).map((line) => line.trim());
  const long = lines.filter(({ length }) => length >= MIN_MASKED_LENGTH);
  return [...new Set(long.flatMap((line) => [line, JSON.stringify(line).slice(1, -1)]))];
}

/** Overlapping spans are replaced as one. */
function cutOut(text: string, spans: Span[]): string {
  if (spans.length === 0) return text;
  spans.sort((one, other) => one.start - other.start);
  let clean = '';
  let end = 0;
  for (const span of spans) {
    if (span.start >= end) clean += `${text.slice(end, span.start)}***`;
    end = Math.max(end, span.end);
  }
  return clean + text.slice(end);
}
