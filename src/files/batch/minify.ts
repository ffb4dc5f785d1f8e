const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** What white space that is not in a string stands between: what opens or goes on, and what may follow it; the same of what ends. */
const OPENING = tableOf('{[,:');
const AFTER_OPENING = tableOf('{}[]"-0123456789tfn \t\r\n');
const ENDING = tableOf('}]"0123456789el');
const AFTER_ENDING = tableOf('}],: \t\r\n');

/**
 * A JSON text without the white space between its tokens. Nothing else changes, not a digit of a number: it is not
 * parsed and rendered again. Gives the same buffer where there is nothing to take out.
 * @param json sound JSON
 */
export function minifyJson(json: Buffer): Buffer {
  return mayHaveSpace(json) ? withoutSpace(json) : json;
}

/**
 * Most records are minified, with a few spaces in names and streets: looking at those, and what is around them, is much
 * quicker than following every string.
 */
function mayHaveSpace(json: Buffer): boolean {
  // Within a string, these two would be escaped. Line feeds are in a text of several lines only.
  if (json.includes(0x09) || json.includes(0x0d) || json.includes(0x0a)) return true;
  for (let at = json.indexOf(SPACE); at >= 0; at = json.indexOf(SPACE, at + 1)) {
    const before = json[at - 1];
    const behind = json[at + 1];
    if (before === undefined || behind === undefined) return true;
    if ((OPENING[before] && AFTER_OPENING[behind]) || (ENDING[before] && AFTER_ENDING[behind])) return true;
  }
  return false;
}

function withoutSpace(json: Buffer): Buffer {
  let out: Buffer | undefined;
  let length = 0;
  let isInString = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] as number;
    if (!isInString && byte <= SPACE) {
      // Until now, all has been the same.
      out ??= Buffer.from(json);
      continue;
    }
    if (byte === QUOTE) isInString = !isInString;
    if (out !== undefined) out[length] = byte;
    length += 1;
    if (byte !== BACKSLASH) continue;
    // What is escaped ends no string.
    at += 1;
    if (out !== undefined) out[length] = json[at] as number;
    length += 1;
  }
  return out === undefined ? json : out.subarray(0, length);
}

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(characters)) table[byte] = 1;
  return table;
}
