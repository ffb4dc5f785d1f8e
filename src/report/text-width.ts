/**
 * The room that texts take in a monospaced font, in columns. An estimate: fonts differ in how wide they draw what is not
 * Latin, and no text here must be exact to be read.
 */

const PLAIN = /^[ -~]*$/;
/** Marks that stand on the character before them. */
const COMBINING = /^\p{M}$/u;
/** What East Asian fonts draw in twice the width, and emoji. Several, since the checker of expressions cannot read one of all. */
const WIDE = [
  /^[\p{Script=Han}\p{Script=Hangul}]$/u,
  /^[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Yi}]$/u,
  /^\p{Emoji_Presentation}$/u,
  /^[\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]$/u,
];

export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += widthOfCharacter(character);
  return width;
}

function widthOfCharacter(character: string): number {
  if (PLAIN.test(character)) return 1;
  if (COMBINING.test(character)) return 0;
  return WIDE.some((one) => one.test(character)) ? 2 : 1;
}

/** After these, a path or URL may be broken. */
const BREAKS = /[/?&=_.\-+,;]$/;

/** The text in lines of at most so many columns, broken after a mark of punctuation where one is in a line's second half. */
export function wrapText(text: string, columns: number): string[] {
  if (widthOf(text) <= columns) return [text];
  const lines: string[] = [];
  let line = '';
  let width = 0;
  for (const character of text) {
    const wide = widthOfCharacter(character);
    if (width + wide > columns) {
      const cut = breakOf(line);
      lines.push(line.slice(0, cut));
      line = line.slice(cut);
      width = widthOf(line);
    }
    line += character;
    width += wide;
  }
  return [...lines, line];
}

/** Where a full line is broken. */
function breakOf(line: string): number {
  for (let end = line.length; end > line.length / 2; end -= 1) if (BREAKS.test(line.slice(end - 1, end))) return end;
  return line.length;
}
