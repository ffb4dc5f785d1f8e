/** Bundles of parts of the action, built like dist/, so that the benchmark measures what a runner would run. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { minifyScripts, ROOT, runTool } from '../build.ts';
import { CACHE, emptyFolder } from './packages.ts';

/** Programs in the folder `ours`. */
export type OwnProgram = 'package' | 'package-bare' | 'upload';

/** Bundles these programs from the current sources; returns the path of each. */
export async function bundleOwn(programs: readonly OwnProgram[]): Promise<Record<OwnProgram, string>> {
  const work = emptyFolder(join(CACHE, 'own'));
  const compiled = join(work, 'compiled');
  mkdirSync(compiled);
  writeFileSync(join(compiled, 'package.json'), '{"type": "module"}');
  symlinkSync(join(ROOT, 'node_modules'), join(compiled, 'node_modules'));
  runTool('typescript', 'tsc', ['-p', 'scripts/bench/tsconfig.json', '--outDir', compiled]);
  const path = (name: OwnProgram) => join(work, name, 'index.js');
  for (const name of programs) {
    const source = join(compiled, 'scripts', 'bench', 'ours', `${name}.js`);
    const out = join(work, name);
    const args = ['build', source, '--out', out, '--target', 'es2022', '--no-cache', '--quiet'];
    runTool('@vercel/ncc', 'ncc', args);
    await minifyScripts(out);
  }
  rmSync(compiled, { recursive: true });
  return { package: path('package'), 'package-bare': path('package-bare'), upload: path('upload') };
}
