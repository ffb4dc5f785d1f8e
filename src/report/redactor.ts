import { formsOf, MIN_MASKED_LENGTH, type SecretForm } from './secret-forms.ts';
import { foldedLayers, type Layer, placeOf } from './text-layers.ts';

/**
 * The last guard before anything is printed or written: replaces every known secret, in the forms in which one could
 * appear, with `***`. The runner masks as well, but only in the log, and only what it was told.
 *
 * There are two kinds of secrets. Credentials (the access token, the GitHub token, Sitecore CDP's token and what is sent
 * of it, signed URLs) are found everywhere: a server may echo one in a hostname. Values of the input `secrets` are found
 * everywhere but in public values of the run: URLs of the storefront and of GitHub, ids, hashes, paths, names of projects
 * and environments. There the user may have given a part of what everybody can see (`production`, the hostname, the
 * store's hash), and an address with `***` in it would send later steps astray: the value stays, and a warning names its
 * key. A text that is both is a credential. In every other text, log lines included, both go.
 */
export interface Redactor {
  /** @param key of a value of the input `secrets`; undefined: it is a credential */
  add(secret: string, key?: string): void;
  /** A free text without any secret. */
  redact(text: string): string;
  /** A public value: without credentials. */
  redactPublic(text: string): string;
  /** Keys of `secrets` whose values stand in a text, each once. */
  keysIn(text: string): string[];
}

/** Parameters of signed URLs (Google's and Amazon's V4) whose values are credentials, known as secrets or not. */
const SIGNED_PARAMETERS =
  /(X-(?:Goog|Amz)-(?:Signature|Credential|Security-Token)(?:=|%3D|\\u003d|&#61;|&#x3d;|&equals;))[^&\s"'<\\]+/gi;
/** A piece of a secret of this length, before a `…`, gives away too much of it. */
const MIN_CUT_LENGTH = 6;
/** Units by which forms are looked up: no form is shorter. */
const START = MIN_MASKED_LENGTH;
const SLOTS = 1 << 16;

interface KnownForm extends SecretForm {
  key: string | undefined;
}

interface Span {
  start: number;
  end: number;
  key: string | undefined;
}

export function createRedactor(): Redactor {
  const added: { secret: string; key: string | undefined }[] = [];
  const known = new Map<string, string | undefined>();
  let search: SecretSearch | undefined;
  /** Forms are made when the first text comes by: a run that says nothing needs none. */
  const find = (text: string, isWanted: (form: KnownForm) => boolean) => {
    search ??= new SecretSearch();
    for (const { secret, key } of added.splice(0)) search.add(secret, key);
    return search.find(text, isWanted);
  };
  const without = (original: string, isWanted: (form: KnownForm) => boolean) => {
    const text = original.replace(SIGNED_PARAMETERS, '$1***');
    return known.size === 0 ? text : cutOut(text, find(text, isWanted));
  };
  return {
    add: (secret, key) => {
      // Signed URLs come again with each answer that is asked for.
      if (known.has(secret) && (key !== undefined || known.get(secret) === undefined)) return;
      known.set(secret, key);
      added.push({ secret, key });
    },
    redact: (text) => without(text, () => true),
    redactPublic: (text) => without(text, ({ key }) => key === undefined),
    keysIn: (text) => {
      if (known.size === 0) return [];
      const keys = find(text, ({ key }) => key !== undefined).map(({ key }) => key ?? '');
      return [...new Set(keys)];
    },
  };
}

/**
 * Finds forms of secrets by the hash of their first units: the time that a text takes hardly depends on how many secrets
 * there are.
 */
class SecretSearch {
  readonly #forms = new Map<string, KnownForm>();
  readonly #slots = new Map<number, KnownForm[]>();
  readonly #isTaken = new Uint8Array(SLOTS);
  #hasBlanks = false;

  add(secret: string, key: string | undefined): void {
    for (const form of formsOf(secret)) {
      const earlier = this.#forms.get(form.text);
      if (earlier !== undefined) {
        // What is a credential, too, is one.
        if (key === undefined) earlier.key = undefined;
        continue;
      }
      const known = { ...form, key };
      this.#forms.set(form.text, known);
      const slot = hashAt(form.text, 0);
      this.#isTaken[slot] = 1;
      const others = this.#slots.get(slot);
      if (others === undefined) this.#slots.set(slot, [known]);
      else others.push(known);
      if (form.text.includes(' ')) this.#hasBlanks = true;
    }
  }

  /** Where they stand in the text, in no order. */
  find(text: string, isWanted: (form: KnownForm) => boolean): Span[] {
    const spans: Span[] = [];
    if (this.#forms.size === 0) return spans;
    for (const layer of foldedLayers(text, this.#hasBlanks)) this.#findIn(layer, isWanted, spans);
    return spans;
  }

  #findIn(layer: Layer, isWanted: (form: KnownForm) => boolean, spans: Span[]): void {
    const { text } = layer;
    const hasCuts = text.includes('…');
    const last = text.length - START;
    for (let at = 0; at <= last; at += 1) {
      const slot = hashAt(text, at);
      if (this.#isTaken[slot] === 0) continue;
      for (const form of this.#slots.get(slot) ?? []) {
        if (!isWanted(form)) continue;
        const found = text.startsWith(form.text, at)
          ? extent(text, at, form)
          : hasCuts
            ? cutExtent(text, at, form)
            : undefined;
        if (found === undefined) continue;
        spans.push({ start: placeOf(layer, found[0]), end: placeOf(layer, found[1]), key: form.key });
      }
    }
  }
}

function hashAt(text: string, at: number): number {
  let hash = 0;
  for (let unit = at; unit < at + START; unit += 1) hash = (hash * 31 + text.charCodeAt(unit)) & (SLOTS - 1);
  return hash;
}

/** From where to where a form goes that stands there; undefined where it is a part of a word that is something else. */
function extent(text: string, at: number, { text: form, encoding }: SecretForm): [number, number] | undefined {
  if (encoding === undefined) return [at, at + form.length];
  const { before, length, alphabet, isWord } = encoding;
  const belongs = (unit: number) => unit >= 0 && unit < text.length && alphabet.test(text.charAt(unit));
  if (isWord && (belongs(at - 1) || belongs(at + form.length))) return undefined;
  let end = at + form.length;
  while (end < at + length && belongs(end)) end += 1;
  return [before === 1 && belongs(at - 1) ? at - 1 : at, end];
}

/** Texts are shortened before they come here: the start of a secret just before a `…` goes too. */
function cutExtent(text: string, at: number, { text: form }: SecretForm): [number, number] | undefined {
  let length = 0;
  while (length < form.length && text.charCodeAt(at + length) === form.charCodeAt(length)) length += 1;
  return length >= MIN_CUT_LENGTH && text.charAt(at + length) === '…' ? [at, at + length] : undefined;
}

/** Spans that overlap go as one. */
function cutOut(text: string, spans: Span[]): string {
  if (spans.length === 0) return text;
  spans.sort((one, other) => one.start - other.start);
  let kept = '';
  let end = 0;
  for (const span of spans) {
    if (span.start >= end) kept += `${text.slice(end, span.start)}***`;
    end = Math.max(end, span.end);
  }
  return kept + text.slice(end);
}
