/**
 * The last guard before anything is printed or written: replaces every known secret, in the forms in which one could
 * appear, with `***`. The runner masks as well, but only in the log, and only what it was told.
 */
export interface Redactor {
  add(secret: string): void;
  redact(text: string): string;
}

/** Shorter values would cut words to pieces: a mask of `1` wrecks a log. */
export const MIN_MASKED_LENGTH = 4;

export function createRedactor(): Redactor {
  const forms = new Set<string>();
  let pattern: RegExp | undefined;
  return {
    add: (secret) => {
      for (const form of formsOf(secret)) forms.add(form);
      pattern = undefined;
    },
    redact: (text) => {
      if (forms.size === 0) return text;
      // Longest first, so that a secret that contains another one goes whole.
      pattern ??= new RegExp(
        [...forms]
          .sort((a, b) => b.length - a.length)
          .map((form) => RegExp.escape(form))
          .join('|'),
        'g',
      );
      return text.replace(pattern, '***');
    },
  };
}

function formsOf(secret: string): string[] {
  const lines = [secret, ...secret.split(/\r?\n/)];
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

/** A copy in which every string, at any depth, has passed the redactor. */
export function redactStrings<T>(value: T, redact: (text: string) => string): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map((item) => redactStrings(item, redact)) as T;
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactStrings(item, redact)])) as T;
}
