import { foldedLayers } from './text-layers.ts';

/** A text that gives a secret away: the secret itself, as it looks when its escapes are read, or an encoding of it. */
export interface SecretForm {
  /** What is searched for, in texts whose white space is folded. */
  text: string;
  /** Of an encoding: how far it goes, and which characters belong to it. */
  encoding?: EncodedExtent;
}

export interface EncodedExtent {
  /** Characters before the form that have a few of the secret's bits, too. */
  before: number;
  /** Characters of the form and of what follows it of the same secret. */
  length: number;
  alphabet: RegExp;
  /** It is so short that it counts only where no other character of the alphabet is beside it. */
  isWord: boolean;
}

/** Shorter values would cut words to pieces: a mask of `1` wrecks a log. */
export const MIN_MASKED_LENGTH = 4;

/** What was echoed in a hostname comes back in lower case; of a shorter secret that may be any word. */
const MIN_LOWERED_LENGTH = 8;

/** Shorter pieces of encodings turn up by chance in what is encoded as well, and in identifiers. */
const MIN_PIECE = { base64: 6, hex: 12 } as const;

/** Of a longer secret, the encoding of so many bytes is searched for; what follows of it goes along. */
const SEARCHED_BYTES = 96;

interface Encoding {
  what: string;
  formsOf: (bytes: Buffer) => readonly SecretForm[];
}

/** Of both alphabets: a form without `+`, `/`, `-` and `_` is of both. */
const BASE64 = /[A-Za-z0-9+/_-]/;
const HEX = /[0-9A-Fa-f]/;

/** Encodings of a whole text, of which a secret is a part. Another one is another row. */
const ENCODINGS: readonly Encoding[] = [
  { what: 'base64', formsOf: (bytes) => base64Forms(bytes, 'base64') },
  { what: 'base64 for URLs', formsOf: (bytes) => base64Forms(bytes, 'base64url') },
  { what: 'hex', formsOf: (bytes) => [hexForm(bytes, (digits) => digits)] },
  { what: 'hex in upper case', formsOf: (bytes) => [hexForm(bytes, (digits) => digits.toUpperCase())] },
];

/** All forms of a secret that are long enough, each once. Of several lines, each is a secret by itself. */
export function formsOf(secret: string): SecretForm[] {
  const forms = new Map<string, SecretForm>();
  for (const text of new Set([secret, ...secret.split(/[\r\n]+/)].map((line) => line.trim()))) {
    if (text.length < MIN_MASKED_LENGTH) continue;
    // In a text whose escapes are read, those of the secret itself are read, too.
    for (const layer of foldedLayers(text)) {
      addPlain(forms, layer.text);
      if (text.length >= MIN_LOWERED_LENGTH) addPlain(forms, layer.text.toLowerCase());
    }
    const bytes = Buffer.from(text);
    for (const form of ENCODINGS.flatMap((encoding) => encoding.formsOf(bytes))) {
      if (!forms.has(form.text)) forms.set(form.text, form);
    }
  }
  return [...forms.values()];
}

function addPlain(forms: Map<string, SecretForm>, form: string): void {
  const text = form.trim();
  if (text.length >= MIN_MASKED_LENGTH) forms.set(text, { text });
}

/**
 * A text's base64 depends on where the secret begins in it: at the first, second or third byte of a group of three. The
 * characters that have bits of a neighbour as well are not searched for; they go along.
 */
function base64Forms(bytes: Buffer, name: 'base64' | 'base64url'): SecretForm[] {
  return [0, 1, 2].flatMap((phase) => {
    const searched = Math.min(bytes.length, SEARCHED_BYTES);
    const bits = (phase + searched) * 8;
    const first = Math.ceil((phase * 8) / 6);
    const certain = Buffer.concat([Buffer.alloc(phase), bytes.subarray(0, searched)])
      .toString(name)
      .slice(first, Math.floor(bits / 6));
    const last = Math.ceil(((phase + bytes.length) * 8) / 6);
    const before = phase === 0 ? 0 : 1;
    const extent = { before, length: last - first, alphabet: BASE64, isWord: false };
    if (certain.length >= MIN_PIECE.base64) return [{ text: certain, encoding: extent }];
    // In the first phase, a short one may still be a form by itself.
    if (phase > 0) return [];
    return [{ text: bytes.toString(name).replaceAll('=', ''), encoding: { ...extent, isWord: true } }];
  });
}

function hexForm(bytes: Buffer, write: (digits: string) => string): SecretForm {
  const text = write(bytes.subarray(0, SEARCHED_BYTES).toString('hex'));
  const isWord = text.length < MIN_PIECE.hex;
  return { text, encoding: { before: 0, length: bytes.length * 2, alphabet: HEX, isWord } };
}
