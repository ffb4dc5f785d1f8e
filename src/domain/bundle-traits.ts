/** What the content of a bundle says of the storefront in it. */

import { WORKER_NAME } from './bundle-names.ts';
import { NameScanner } from './content-scanners.ts';

export interface BundleTraits {
  /** See `Bundle`. */
  buildId?: string;
  isCatalyst?: true;
}

/** Looks at one file as its bytes stream past. */
export interface TraitScanner {
  /** @param window as the one of a ContentInspector. @param fresh those of its bytes, at its end, that are new */
  look(window: Buffer, fresh: Buffer): void;
  readonly traits: BundleTraits;
}

/** Next's own file, which OpenNext puts where it is served. */
const BUILD_ID_NAME = 'assets/BUILD_ID';
const MAX_BUILD_ID_CHARACTERS = 200;
/** With room for white space. */
const MAX_BUILD_ID_BYTES = 1024;
/** Catalyst's client of the storefront API reads it at run time, so a build keeps the name as it is. */
const CATALYST_VARIABLE = 'BIGCOMMERCE_STOREFRONT_TOKEN';

/** Of what came before, in bytes: so much has to be at the start of a window. */
export const TRAIT_CONTEXT_BYTES = CATALYST_VARIABLE.length - 1;

/** Undefined for a file that says nothing. @param name relative to the packaged folder, or to `output/` in a zip */
export function createTraitScanner(name: string): TraitScanner | undefined {
  if (name === WORKER_NAME) return createCatalystScanner();
  return name === BUILD_ID_NAME ? createBuildIdScanner() : undefined;
}

function createCatalystScanner(): TraitScanner {
  const names = new NameScanner([CATALYST_VARIABLE]);
  return {
    look: (window) => names.look(window),
    get traits(): BundleTraits {
      return names.missing.length === 0 ? { isCatalyst: true } : {};
    },
  };
}

function createBuildIdScanner(): TraitScanner {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return {
    look: (_window, fresh) => {
      // Copied: the buffer is used again. Of a file that is too long, so much is enough to tell.
      if (bytes <= MAX_BUILD_ID_BYTES) chunks.push(Buffer.from(fresh.subarray(0, MAX_BUILD_ID_BYTES + 1)));
      bytes += fresh.length;
    },
    get traits(): BundleTraits {
      const text = bytes > MAX_BUILD_ID_BYTES ? '' : Buffer.concat(chunks).toString('latin1').trim();
      const isOne = /^[\x20-\x7e]+$/.test(text) && text.length <= MAX_BUILD_ID_CHARACTERS;
      return isOne ? { buildId: text } : {};
    },
  };
}
