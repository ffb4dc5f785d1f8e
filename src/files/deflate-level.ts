/** Level 5 takes two thirds of the time of 6, for a zip that is about 1 % larger. */
const DEFLATE_LEVEL = 5;
/**
 * For mappings of source maps. They are a few dozen characters in ever new order, so that each three of them have been
 * there many times: level 5 gives up after 32 of these places, with 5.5 % more bytes than level 6, which tries 128.
 */
const MAPPINGS_LEVEL = 6;
/**
 * The first two of each three blocks get it. It takes twice the time of level 5, and more of it would undo what packaging
 * on several threads has won.
 */
const CHOSEN_BLOCKS = 2;
const OF_BLOCKS = 3;
/** The mappings have neither spaces nor quotes; the sources before them have both in any piece of this size. */
const PROBE_BYTES = 1024;
const SPACE = 0x20;
const QUOTE = 0x22;

/**
 * zlib's level for a block of a file. Depends on the file's name and the block's place and bytes alone, so that the same
 * files give the same zip.
 * @param index of the block in its file, from 0
 */
export function deflateLevel(name: string, bytes: Buffer, index: number): number {
  const isChosen = name.endsWith('.map') && index % OF_BLOCKS < CHOSEN_BLOCKS && isMappings(bytes);
  return isChosen ? MAPPINGS_LEVEL : DEFLATE_LEVEL;
}

/** Whether a block of a source map is of its mappings, by what is in its middle. */
function isMappings(bytes: Buffer): boolean {
  const middle = bytes.length >> 1;
  const probe = bytes.subarray(middle, middle + PROBE_BYTES);
  return !probe.includes(SPACE) && !probe.includes(QUOTE);
}
