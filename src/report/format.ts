/** Numbers as a person reads them. A MB is 2^20 bytes here as in the platform's limits. */
const MB = 2 ** 20;

/** `512 B`, `12.3 kB`, `4.1 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < MB) return `${(bytes / 1024).toFixed(1)} kB`;
  return `${(bytes / MB).toFixed(1)} MB`;
}

const DAY_MS = 24 * 60 * 60_000;

/** `< 0.1 s`, `0.4 s`, `42.1 s`, `3 min 12 s`; `26,331 days`, as servers may ask for. */
export function formatDuration(ms: number): string {
  if (ms >= 2 * DAY_MS) return `${formatCount(Math.round(ms / DAY_MS))} days`;
  if (ms < 50) return '< 0.1 s';
  const tenths = Math.round(ms / 100) / 10;
  if (tenths < 60) return `${tenths.toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
}

/** `312`, `1,198`. */
export function formatCount(n: number): string {
  return n.toLocaleString('en-US');
}

/** `1 file`, `312 files`, `1,198 files`. */
export function count(n: number, noun: string): string {
  return `${formatCount(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** The first so many UTF-16 units, and never half of a character that takes two. */
export function limitChars(value: string, maxChars: number): string {
  return value.slice(0, maxChars).replace(/[\ud800-\udbff]$/, '');
}
