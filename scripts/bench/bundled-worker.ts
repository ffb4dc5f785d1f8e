/**
 * A `worker.js` with its source map, as a build for the platform makes them: modules without their white space (as
 * OpenNext's server function has them), printed again by esbuild (as wrangler does). Sources of Next.js and React from
 * pinned packages: no `next build`, whose output changes from one build to the next one.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { installPackages } from './packages.ts';

/** Its output is a part of the sample: another version would be another sample. */
export const ESBUILD = 'esbuild@0.25.12';

/** As much of esbuild as is used here. It is not a dependency of the project: only the benchmark fetches it. */
interface Esbuild {
  transformSync(code: string, options: object): { code: string; map: string };
}

export interface BundledWorker {
  worker: Uint8Array;
  /** One line of JSON: the sources, and then the mappings, each about half of it. */
  map: Uint8Array;
}

/**
 * @param paths of modules, as far as they are needed; what esbuild cannot read is left out
 * @param sourceBytes of all modules without their white space; the worker has about 1.3 and its map 1.8 times as much
 */
export function bundleWorker(paths: readonly string[], sourceBytes: number): BundledWorker {
  const folder = installPackages('esbuild', [ESBUILD]);
  const esbuild = createRequire(join(folder, 'package.json'))('esbuild') as Esbuild;
  const modules: string[] = [];
  let bytes = 0;
  for (const path of paths) {
    const code = withoutWhiteSpace(esbuild, path);
    if (code === undefined) continue;
    modules.push(`var require_${modules.length} = __commonJS({ "${modules.length}.js"(exports, module) {${code}} });`);
    bytes += code.length;
    if (bytes >= sourceBytes) break;
  }
  const uses = modules.map((_, index) => `require_${index}()`);
  const contents = `${modules.join('\n')}\nexport default [${uses}];`;
  // Not `buildSync`, which would look for what the modules require in the folder where it runs.
  const options = { sourcemap: true, sourcefile: 'handler.mjs', format: 'esm', platform: 'node', logLevel: 'silent' };
  const { code, map } = esbuild.transformSync(contents, options);
  return { worker: Buffer.from(code), map: Buffer.from(map) };
}

/** Undefined for what esbuild cannot parse as a module, like the few templates among the sources. */
function withoutWhiteSpace(esbuild: Esbuild, path: string): string | undefined {
  const options = { minifyWhitespace: true, minifySyntax: true, format: 'cjs', logLevel: 'silent' };
  try {
    return esbuild.transformSync(readFileSync(path, 'utf8'), options).code;
  } catch {
    return undefined;
  }
}
