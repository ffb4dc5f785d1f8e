import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8 from giving the youngest objects more and more room: what is made for each line of a large file is gone with the
 * next one, and at V8's own pace takes up to a hundred megabytes before anybody looks. Costs no time that could be measured.
 * A runner starts actions without flags of Node, so it is set here. V8 reads it each time that it thinks of growing; it
 * is one of V8's own, and so only for the version of Node that actions run on.
 */
export function keepYoungGenerationSmall(): void {
  if (process.versions.node.startsWith('24.')) setFlagsFromString('--semi-space-growth-factor=1');
}
