/**
 * Packages a folder as the action does, every check included. Arguments: the folder, the zip. Prints size and SHA-256.
 */
import { packageDirectory } from '../../../src/files/package-directory.ts';

const [, , directory = '', destination = ''] = process.argv;
const { sizeBytes, sha256 } = await packageDirectory({
  directory,
  displayDirectory: directory,
  exclude: [],
  destination,
  // As many values as a storefront has: each is searched for in every file, in all notations that a build may use.
  forbidden: ['bench-storefront-token-0123456789', 'bench-access-token-9876543210'].map((value) => ({
    label: 'a secret of the benchmark',
    value,
    severity: 'refuse' as const,
  })),
  signal: new AbortController().signal,
});
console.log(JSON.stringify({ sizeBytes, sha256 }));
