/**
 * Characters that people do not see: controls, zero-width ones, the soft hyphen, what turns the reading direction, a
 * byte-order mark, and each blank but the common one (Unicode 16, `Default_Ignorable_Code_Point` and general categories).
 */
const INVISIBLE = /(?! )[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Zs}]/u;
const ALL_INVISIBLE = new RegExp(INVISIBLE, 'gu');
// Only what is not plain ASCII needs a look; most paths are ASCII.
const PLAIN = /^[ -~]*$/;

/** A text as people can see it: `\u200b` is a zero-width space, `\u00a0` a non-breaking space. */
export function escapeInvisible(text: string): string {
  return PLAIN.test(text) ? text : text.replace(ALL_INVISIBLE, escapeOf);
}

/** The first character that people do not see, as `U+200B`. */
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
