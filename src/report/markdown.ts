/**
 * GitHub-flavoured Markdown out of text that nobody here wrote: file names, project names, a server's words. Every
 * character that could mean something to Markdown, HTML or GitHub's own filters becomes an entity, which is always
 * read as plain text (CommonMark 0.31, section 6.2 "Entity and numeric character references").
 */

/** Plain text in a line of Markdown or a table cell; line breaks stay visible. */
export function text(value: string): string {
  return (
    escapePunctuation(value)
      // GitHub looks at what is rendered: an entity alone would still mention @somebody and refer to issue #12.
      .replace(/&#(?:64|35);/g, '$&<!-- -->')
      .replace(/\b(gh)-(?=\d)/gi, '$1&#45;<!-- -->')
      .replace(/\r\n?|\n/g, '<br>')
      .replace(CONTROL_CHARACTERS, '\uFFFD')
  );
}

/** A sentence of this action's own, in which backticks mark code; what it quotes stays text. */
export function prose(value: string): string {
  return value
    .split(/(`[^`\n]+`)/)
    .map((piece) => (/^`.+`$/.test(piece) ? code(piece.slice(1, -1)) : text(piece)))
    .join('');
}

/** Text in a code span, on one line. HTML, since a backtick in the text would end Markdown's own. */
export function code(value: string): string {
  return `<code>${codeText(value)}</code>`;
}

function codeText(value: string): string {
  return escapePunctuation(value.replace(/\s+/g, ' ')).replace(CONTROL_CHARACTERS, '\uFFFD');
}

/** Longer words are pieces with places to break. */
const MAX_WORD_CHARS = 20;
const PIECE_CHARS = 12;

/** Text for a cell that has to fit a phone: a table is as wide as its longest words. */
export function breakable(value: string): string {
  return withBreaks(value, text);
}

/** The same as code. */
export function breakableCode(value: string): string {
  return `<code>${withBreaks(value, codeText)}</code>`;
}

function withBreaks(value: string, render: (piece: string) => string): string {
  const words = value.split(/(\s+)/).map((word) => (word.length <= MAX_WORD_CHARS ? [word] : piecesOf(word)));
  const pieces: string[] = [];
  for (const [first = '', ...others] of words) pieces.push(`${pieces.pop() ?? ''}${first}`, ...others);
  return pieces.map(render).join('<wbr>');
}

/** None splits a character that takes two UTF-16 units. */
function piecesOf(word: string): string[] {
  const characters = [...word];
  const pieces: string[] = [];
  for (let start = 0; start < characters.length; start += PIECE_CHARS) {
    pieces.push(characters.slice(start, start + PIECE_CHARS).join(''));
  }
  return pieces;
}

/**
 * Every ASCII punctuation character as an entity. `-`, `.`, `,` and `/` mean something only at a line's start (lists)
 * or after `www` (GitHub's autolinks), and stay readable elsewhere.
 */
function escapePunctuation(value: string): string {
  return value.replace(/[!-/:-@[-`{-~]/g, (character, offset: number) => {
    const before = value.slice(Math.max(0, offset - 12), offset);
    // `- ` begins a list at the start of a line, `.` after a number there as well.
    const line = before.slice(before.lastIndexOf('\n') + 1);
    const startsLine = character === '-' ? /^\s*$/.test(line) : /^\s*\d*$/.test(line);
    const harmless = /[-.,/]/.test(character) && !startsLine && !/www$/i.test(before);
    return harmless ? character : entity(character);
  });
}

/** Control characters and those that turn the reading direction of what follows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not pass
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

function entity(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

/** On one line: a number stays with its unit. */
export function unbroken(words: string): string {
  return words.replaceAll(' ', '&nbsp;');
}

/** A link whose address this action made itself; anything but http(s) becomes plain code. */
export function link(label: string, url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return code(label);
  return `<a href="${new URL(url).href.replace(/["'<>&\\`]/g, entity)}">${text(label)}</a>`;
}

/** A table of cells that are Markdown already. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  alignRight: readonly number[] = [],
): string {
  const rule = header.map((_, column) => (alignRight.includes(column) ? '---:' : '---'));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Cuts text to a number of UTF-8 bytes at a line's end, and says so. */
export function limitBytes(markdown: string, maxBytes: number): string {
  if (Buffer.byteLength(markdown) <= maxBytes) return markdown;
  const note = '\n\n*Cut here: the rest does not fit.*\n';
  const cut = Buffer.from(markdown)
    .subarray(0, maxBytes - Buffer.byteLength(note))
    .toString('utf8');
  return `${cut.slice(0, Math.max(0, cut.lastIndexOf('\n')))}${note}`;
}
