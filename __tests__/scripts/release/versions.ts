import { parseVersion, type Version } from '../../../scripts/release/version.ts';

/** @throws Error for what is no version */
export function versionOf(text: string): Version {
  const version = parseVersion(text);
  if (version === undefined) throw new Error(`${text} is no version`);
  return version;
}
