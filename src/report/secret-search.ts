import { formsOf, MIN_MASKED_LENGTH, type SecretForm } from './secret-forms.ts';
import { foldedLayers, isPlain, type Layer, NOT_PLAIN, placeOf } from './text-layers.ts';

/** A piece of a secret of this length, before a `…`, gives away too much of it. */
const MIN_CUT_LENGTH = 6;
/** Units by which forms are looked up: no form is shorter. A slot has four bits for each. */
const START = MIN_MASKED_LENGTH;
const MAX_STARTS = 500;
const SLOTS = 2 ** (4 * START);

interface KnownForm extends SecretForm {
  owner: Owner;
}

/** Whose a secret is: keys of the input `secrets` that have it for their value, or the action's, as a credential. */
export type Owner = 'credential' | ReadonlySet<string>;

/** Where a secret occurs in a text. */
export interface Span {
  start: number;
  end: number;
  owner: Owner;
}

/**
 * Finds forms of secrets by the hash of their first units: the time that a text takes hardly depends on how many secrets
 * there are.
 */
export class SecretSearch {
  readonly #forms = new Map<string, KnownForm>();
  readonly #slots = new Map<number, KnownForm[]>();
  readonly #isTaken = new Uint8Array(SLOTS);
  #hasBlanks = false;
  #suspicious: RegExp | undefined;

  /** @param key undefined: it is a credential; '': none is to be named */
  add(secret: string, key: string | undefined): void {
    const owner = key === undefined ? 'credential' : new Set(key === '' ? [] : [key]);
    for (const form of formsOf(secret)) {
      const earlier = this.#forms.get(form.text);
      if (earlier !== undefined) {
        earlier.owner = shared(earlier.owner, owner);
        // It is found in more places by itself than as what encodes another one.
        if (form.encoding === undefined) delete earlier.encoding;
        continue;
      }
      const known: KnownForm = { ...form, owner };
      this.#forms.set(form.text, known);
      const slot = slotOf(form.text);
      this.#isTaken[slot] = 1;
      const others = this.#slots.get(slot);
      if (others === undefined) this.#slots.set(slot, [known]);
      else others.push(known);
      if (form.text.includes(' ')) this.#hasBlanks = true;
      this.#suspicious = undefined;
    }
  }

  /** Where they occur in the text, in no order. */
  find(text: string, isWanted: (owner: Owner) => boolean): Span[] {
    const spans: Span[] = [];
    if (this.#forms.size === 0) return spans;
    const withPlus = this.#hasBlanks && text.includes('+');
    this.#suspicious ??= createSuspicion([...this.#forms.keys()]);
    if (!withPlus && !this.#suspicious.test(text)) return spans;
    if (!withPlus && isPlain(text)) this.#findIn({ text, places: undefined }, isWanted, spans);
    else for (const layer of foldedLayers(text, this.#hasBlanks)) this.#findIn(layer, isWanted, spans);
    return spans;
  }

  #findIn(layer: Layer, isWanted: (owner: Owner) => boolean, spans: Span[]): void {
    const { text } = layer;
    const hasCuts = text.includes('…');
    // Read once: this is the one loop that every character of the log goes through.
    const isTaken = this.#isTaken;
    let slot = 0;
    for (let end = 1; end <= text.length; end += 1) {
      slot = nextSlot(slot, text.charCodeAt(end - 1));
      const at = end - START;
      if (isTaken[slot] === 0 || at < 0) continue;
      for (const form of this.#slots.get(slot) ?? []) {
        if (!isWanted(form.owner)) continue;
        const found = text.startsWith(form.text, at)
          ? extent(text, at, form)
          : hasCuts
            ? cutExtent(text, at, form)
            : undefined;
        if (found === undefined) continue;
        spans.push({ start: placeOf(layer, found[0]), end: placeOf(layer, found[1]), owner: form.owner });
      }
    }
  }
}

/** What is a credential, too, is one. */
function shared(one: Owner, other: Owner): Owner {
  return one === 'credential' || other === 'credential' ? 'credential' : one.union(other);
}

/** What a text has in which there could be anything: most lines have none of it, and are done with. */
function createSuspicion(forms: readonly string[]): RegExp {
  const starts = new Set(forms.map((form) => form.slice(0, START)));
  // Of too many alternatives each takes its time, and the text is gone through anyway.
  if (starts.size > MAX_STARTS) return /(?:)/;
  return new RegExp([NOT_PLAIN.source, ...[...starts].map((start) => RegExp.escape(start))].join('|'));
}

/** The slot of the last four units: what was before them has been shifted out. */
function nextSlot(slot: number, unit: number): number {
  return ((slot << 4) ^ unit) & (SLOTS - 1);
}

function slotOf(form: string): number {
  return [0, 1, 2, 3].reduce((slot, unit) => nextSlot(slot, form.charCodeAt(unit)), 0);
}

/** Start and end of a form that occurs there; undefined where it is a part of another word. */
function extent(text: string, at: number, { text: form, encoding }: SecretForm): [number, number] | undefined {
  if (encoding === undefined) return [at, at + form.length];
  const { before, length, alphabet, isWord } = encoding;
  const belongs = (unit: number) => unit >= 0 && unit < text.length && alphabet.test(text.charAt(unit));
  if (isWord && (belongs(at - 1) || belongs(at + form.length))) return undefined;
  let end = at + form.length;
  while (end < at + length && belongs(end)) end += 1;
  return [before === 1 && belongs(at - 1) ? at - 1 : at, end];
}

/** Nothing, or an escape that was cut itself, before a `…`: a part of one may be of another notation. */
const CUT = /(?:[\\%&][\w#{%&\\]{0,24})?(?=…)/y;

/** Texts are shortened before they come here: the start of a secret just before a `…` goes too. */
function cutExtent(text: string, at: number, { text: form }: SecretForm): [number, number] | undefined {
  let length = 0;
  while (length < form.length && text.charCodeAt(at + length) === form.charCodeAt(length)) length += 1;
  if (length < MIN_CUT_LENGTH) return undefined;
  CUT.lastIndex = at + length;
  return CUT.test(text) ? [at, CUT.lastIndex] : undefined;
}
