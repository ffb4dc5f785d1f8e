/** Extensions of formats that are compressed already: deflate takes its time over them and gains next to nothing. */
const COMPRESSED_EXTENSIONS: ReadonlySet<string> = new Set(
  [
    ['avif', 'gif', 'heic', 'heif', 'jpeg', 'jpg', 'jxl', 'png', 'webp'],
    ['woff', 'woff2'],
    ['aac', 'flac', 'm4a', 'm4v', 'mov', 'mp3', 'mp4', 'oga', 'ogg', 'ogv', 'opus', 'weba', 'webm'],
    ['7z', 'br', 'bz2', 'docx', 'gz', 'pptx', 'rar', 'tgz', 'xlsx', 'xz', 'zip', 'zst'],
  ].flat(),
);

/** Whether a file of this name holds what is compressed already. Only the name is looked at, in any case. */
export function isCompressedType(name: string): boolean {
  return COMPRESSED_EXTENSIONS.has(name.slice(name.lastIndexOf('.') + 1).toLowerCase());
}
