/** Makes a bundle small, and quick to parse: all of it is parsed before its first line runs. */
import { readFileSync, writeFileSync } from 'node:fs';
import { minify } from 'terser';
import { withEagerModules } from './eager-modules.ts';

/**
 * Minifies a file in place. Names of functions and classes are preserved, for stack traces and for packages that use
 * them. In ASCII alone, V8 stores the text as one byte per character and Node need not decode it.
 */
export async function minifyFile(path: string): Promise<void> {
  const { code = '' } = await minify(readFileSync(path, 'utf8'), {
    module: true,
    ecma: 2020,
    compress: { keep_classnames: true, keep_fnames: true, passes: 3 },
    mangle: { keep_classnames: true, keep_fnames: true },
    format: { ascii_only: true, comments: false },
  });
  writeFileSync(path, withEagerModules(code));
}
