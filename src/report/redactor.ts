/**
 * The last guard before anything is printed or written: replaces every known secret, in the forms in which one could
 * appear, with `***`. The runner masks as well, but only in the log, and only what it was told.
 */
export interface Redactor {
  add(secret: string): void;
  redact(text: string): string;
}

/** Shorter values would cut words to pieces: a mask of `1` wrecks a log. */
const MIN_MASKED_LENGTH = 4;

/** Parameters of signed URLs (Google's and Amazon's V4) whose values are credentials, known as secrets or not. */
const SIGNED_PARAMETERS = /(X-(?:Goog|Amz)-(?:Signature|Credential|Security-Token)=)[^&\s"'<]+/gi;
/** A piece of a secret of this length, before a `…`, gives away too much of it. */
const MIN_CUT_LENGTH = 6;

export function createRedactor(): Redactor {
  const forms = new Set<string>();
  let pattern: RegExp | undefined;
  return {
    add: (secret) => {
      for (const form of formsOf(secret)) forms.add(form);
      pattern = undefined;
    },
    redact: (original) => {
      const text = original.replace(SIGNED_PARAMETERS, '$1***');
      if (forms.size === 0) return text;
      // Longest first, so that a secret that contains another one goes whole.
      pattern ??= new RegExp(
        [...forms]
          .sort((a, b) => b.length - a.length)
          .map((form) => RegExp.escape(form))
          .join('|'),
        'g',
      );
      return redactCuts(text.replace(pattern, '***'), forms);
    },
  };
}

function formsOf(secret: string): string[] {
  const lines = [secret, ...secret.split(/[\r\n]+/), secret.replace(/\s+/g, ' ').trim()];
  const encoded = lines.flatMap((line) => [line, JSON.stringify(line).slice(1, -1), safeEncode(line)]);
  return encoded.filter((form) => form.length >= MIN_MASKED_LENGTH && form.trim() !== '');
}

function safeEncode(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text; // A lone surrogate has no such form.
  }
}

/** Texts are shortened before they come here: the start of a secret just before a `…` goes too. */
function redactCuts(text: string, forms: ReadonlySet<string>): string {
  if (!text.includes('…')) return text;
  return text
    .split('…')
    .map((piece, index, pieces) => (index === pieces.length - 1 ? piece : withoutCutSecret(piece, forms)))
    .join('…');
}

function withoutCutSecret(piece: string, forms: ReadonlySet<string>): string {
  let longest = 0;
  for (const form of forms) {
    for (
      let length = Math.min(form.length - 1, piece.length);
      length >= MIN_CUT_LENGTH && length > longest;
      length -= 1
    ) {
      if (piece.endsWith(form.slice(0, length))) longest = length;
    }
  }
  return longest === 0 ? piece : `${piece.slice(0, -longest)}***`;
}
