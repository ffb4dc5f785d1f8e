/**
 * A text without these characters at its start and its end. A regular expression for the end would be tried at each of
 * them everywhere: a long run in the middle would take quadratic time.
 */
export function trimEnds(text: string, characters: string): string {
  let start = 0;
  while (start < text.length && characters.includes(text.charAt(start))) start += 1;
  return trimEnd(text.slice(start), characters);
}

/** Trims the end alone. */
export function trimEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
