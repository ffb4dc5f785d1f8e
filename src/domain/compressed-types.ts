/** Extensions of formats that are already compressed: deflate takes long for them and gains next to nothing. */
const COMPRESSED_EXTENSIONS: ReadonlySet<string> = new Set(
  [
    ['avif', 'gif', 'heic', 'heif', 'jpeg', 'jpg', 'jxl', 'png', 'webp'],
    ['woff', 'woff2'],
    ['aac', 'flac', 'm4a', 'm4v', 'mov', 'mp3', 'mp4', 'oga', 'ogg', 'ogv', 'opus', 'weba', 'webm'],
    ['7z', 'br', 'bz2', 'docx', 'gz', 'pptx', 'rar', 'tgz', 'xlsx', 'xz', 'zip', 'zst'],
  ].flat(),
);

/** Whether a file of this name is already compressed. Only the name counts, in upper or lower case. */
export function isCompressedType(name: string): boolean {
  return COMPRESSED_EXTENSIONS.has(name.slice(name.lastIndexOf('.') + 1).toLowerCase());
}
