import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8 from enlarging the space of young objects: the objects of one line of a large file, or of one page of a log, are garbage at the next, and
 * would fill up to a hundred megabytes before they are collected. No cost in time was measured. A runner starts actions
 * without flags of Node, so the flag is set here; it is V8's own, and therefore only for the version of Node that runs actions.
 */
export function keepYoungGenerationSmall(): void {
  if (process.versions.node.startsWith('24.')) setFlagsFromString('--semi-space-growth-factor=1');
}
