/**
 * Invisible characters: controls, zero-width ones, the soft hyphen, those that change the reading direction, a
 * byte-order mark, and each blank but the common one (Unicode 16, `Default_Ignorable_Code_Point` and general
 * categories).
 */
const INVISIBLE = /(?! )[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Zs}]/u;
const ALL_INVISIBLE = new RegExp(INVISIBLE, 'gu');
// Only text beyond plain ASCII needs a check; most paths are ASCII.
const PLAIN = /^[ -~]*$/;

/** A text with these characters escaped: `\u200b` is a zero-width space, `\u00a0` a non-breaking space. */
export function escapeInvisible(text: string): string {
  return PLAIN.test(text) ? text : text.replace(ALL_INVISIBLE, escapeOf);
}

/** The first invisible character, as `U+200B`. */
export function findInvisible(text: string): string | undefined {
  if (PLAIN.test(text)) return undefined;
  const found = INVISIBLE.exec(text)?.[0].codePointAt(0);
  return found === undefined ? undefined : `U+${hexOf(found).toUpperCase()}`;
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${hexOf(code)}}` : `\\u${hexOf(code)}`;
}

function hexOf(code: number): string {
  return code.toString(16).padStart(4, '0');
}
