const COMMAND = /^::([\w-]+)(?:[^\w:-][^:]*)?::(.*)$/s;
const UNBROKEN = /[^\s"'<>]+/g;
const SIGNATURE = /\bsig=[^\s&"'<>]+/gi;
/** What the package's client of the service prints of each answer (its artifact-twirp-client.js). */
const RESPONSE = /^\[Response\] - (\d{3})$/;
/** The package prints an answer's whole body, however large a server made it. */
const MAX_DEBUG_CHARS = 4000;
/** Shorter ones would be found in any text. */
const MIN_SECRET_LENGTH = 4;

export interface ArtifactOutputOptions {
  /** Secrets known from the start. */
  secrets: readonly string[];
  maskSecret: (value: string) => void;
  debug: (text: string) => void;
}

/**
 * What the thread prints, made harmless: masks are passed on, the rest is text without secrets, and never a command.
 */
export interface ArtifactOutput {
  /** From the artifact service's last answer, as far as the thread has printed it. */
  readonly lastStatus: number | undefined;
  takeLine(line: string): void;
  /** A text from the package, such as an error's message, without signatures and other secrets. */
  clean(text: string): string;
}

export function createArtifactOutput({ secrets, maskSecret, debug }: ArtifactOutputOptions): ArtifactOutput {
  const known = new Set<string>();
  const learn = (secret: string) => {
    if (secret.length < MIN_SECRET_LENGTH || known.has(secret)) return;
    known.add(secret);
    maskSecret(secret);
  };
  for (const secret of secrets) learn(secret);
  const clean = (text: string) => {
    let cleaned = text.replace(UNBROKEN, withoutQuery).replace(SIGNATURE, 'sig=…');
    for (const secret of known) cleaned = cleaned.replaceAll(secret, '***');
    return cleaned;
  };
  let lastStatus: number | undefined;
  return {
    get lastStatus() {
      return lastStatus;
    },
    clean,
    takeLine: (line) => {
      const [, command, data] = COMMAND.exec(line) ?? [];
      const text = data === undefined ? line : unescapeData(data);
      const [, status] = RESPONSE.exec(text) ?? [];
      if (status !== undefined) lastStatus = Number(status);
      if (command === 'add-mask') learn(text);
      else if (text.trim() !== '') debug(shorten(clean(text)));
    },
  };
}

/** Of a text that has no secrets any more: a cut might leave half of one. */
function shorten(text: string): string {
  if (text.length <= MAX_DEBUG_CHARS) return text;
  return `${text.slice(0, MAX_DEBUG_CHARS)}… (of ${text.length} characters)`;
}

/** Of a text without white space, which may begin or hold a URL. */
function withoutQuery(text: string): string {
  const start = text.search(/https?:\/\//i);
  const query = start === -1 ? -1 : text.indexOf('?', start);
  return query === -1 ? text : `${text.slice(0, query)}?…`;
}

/** Undoes what `@actions/core` does to the text of a command (its command.js, `escapeData`). */
function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}
