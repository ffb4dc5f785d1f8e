/** Versions and tags of releases: https://semver.org/spec/v2.0.0.html, without build metadata. */

export interface Version {
  /** Without the `v`. */
  text: string;
  /** Major, minor, patch. */
  numbers: readonly [number, number, number];
  /** `['rc', '1']` of `1.2.0-rc.1`; empty for a stable version. */
  preRelease: readonly string[];
}

const NUMBER = '(?:0|[1-9]\\d{0,8})';
const IDENTIFIER = '(?:0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*)';
const VERSION = new RegExp(`^(${NUMBER})\\.(${NUMBER})\\.(${NUMBER})(?:-(${IDENTIFIER}(?:\\.${IDENTIFIER})*))?$`);

/** @returns undefined for anything but `1.2.3` and `1.2.3-rc.1` */
export function parseVersion(text: string): Version | undefined {
  const [, major, minor, patch, preRelease] = VERSION.exec(text) ?? [];
  if (major === undefined) return undefined;
  return {
    text,
    numbers: [Number(major), Number(minor), Number(patch)],
    preRelease: preRelease?.split('.') ?? [],
  };
}

/** @returns undefined for anything but `v1.2.3` and `v1.2.3-rc.1` */
export function parseTag(tag: string): Version | undefined {
  return tag.startsWith('v') ? parseVersion(tag.slice(1)) : undefined;
}

export function isPreRelease(version: Version): boolean {
  return version.preRelease.length > 0;
}

/** `v1` of 1.2.3: the tag that workflows name. */
export function majorTag({ numbers }: Version): string {
  return `v${numbers[0]}`;
}

/** By precedence (section 11 of the specification): below 0 where `a` comes first. */
export function compareVersions(a: Version, b: Version): number {
  for (const [index, number] of a.numbers.entries()) {
    const difference = number - (b.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  if (!isPreRelease(a) || !isPreRelease(b)) return Number(isPreRelease(b)) - Number(isPreRelease(a));
  return comparePreReleases(a.preRelease, b.preRelease);
}

function comparePreReleases(a: readonly string[], b: readonly string[]): number {
  for (const [index, one] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (one !== other) return compareIdentifiers(one, other);
  }
  return a.length - b.length;
}

/** Numbers by their value and before words, words by their characters. */
function compareIdentifiers(a: string, b: string): number {
  const [isNumber, isOtherNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  if (isNumber && a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : 1;
}

/** The highest one; undefined for none. */
export function highestVersion(versions: readonly Version[]): Version | undefined {
  return [...versions].sort(compareVersions).at(-1);
}
