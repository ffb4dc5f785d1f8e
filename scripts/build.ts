/**
 * Builds what a runner executes: `node scripts/build.ts [folder]`, dist/ by default.
 *
 * `tsc` strips the types into build/, ncc bundles build/main.js with all actions and packages, and the entries, a few
 * lines each, are copied beside it. Modules imported with `import()` get their own files (`123.index.js`), so that a
 * run reads and compiles only what it needs. The same sources give the same bytes in any folder.
 */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type BundleStats, bundleProblems, fileProblems, packageFolders, sizeProblems } from './bundle-contents.ts';
import { RECORD, renderRecord } from './dist-sources.ts';
import { renderLicenses } from './licenses.ts';
import { minifyFile } from './minify.ts';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BUILD = join(ROOT, 'build');
const STATS = join(BUILD, 'stats.json');
/** The bundle's exports, which the entries import. */
const EXPORTS = 'run,runAction,runArtifactWorker,runListWorker';

/** Empties `outDir` and builds into it. Throws when the bundle breaks a rule. */
export async function build(outDir: string): Promise<void> {
  const stats = bundle(outDir);
  // ncc itself would minify only the first of the files, and list the licenses of only one of them.
  await minifyScripts(outDir);
  writeFileSync(join(outDir, 'licenses.txt'), renderLicenses(packageFolders(stats)));
  addEntries(outDir);
  checkBundle(outDir, stats);
}

/** Empties `outDir` and puts main.js with its chunks there, as ncc makes them. */
export function bundle(outDir: string): BundleStats {
  emptyFolder(outDir);
  rmSync(BUILD, { recursive: true, force: true });
  runTool('typescript', 'tsc', ['-p', 'scripts/tsconfig.build.json']);
  for (const name of ['@actions/core', 'archiver']) copyFreeOfSideEffects(name);
  leaveOut('lazystream');
  runTool('@vercel/ncc', 'ncc', [
    ...['build', 'build/main.js', '--out', outDir, '--target', 'es2022'],
    ...['--stats-out', STATS, '--no-cache', '--quiet'],
  ]);
  renameSync(join(outDir, 'index.js'), join(outDir, 'main.js'));
  return JSON.parse(readFileSync(STATS, 'utf8')) as BundleStats;
}

/** Puts the entries beside a bundle, and which sources it is made of. */
export function addEntries(outDir: string): void {
  writeFileSync(join(outDir, RECORD), renderRecord());
  mkdirSync(join(outDir, 'entries'));
  for (const name of readdirSync(join(BUILD, 'entries'))) {
    copyFileSync(join(BUILD, 'entries', name), join(outDir, 'entries', name));
  }
}

/**
 * Puts a package beside the compiled sources, where it is found first, with a field in its package.json that it does
 * not set itself: importing it has no side effects, so unused parts of it may be left out. As a whole, `@actions/core`
 * brings an HTTP client along (to ask for OIDC tokens), which takes longer to load than everything else before the
 * first line of a log; archiver brings the writers of other formats.
 */
function copyFreeOfSideEffects(packageName: string): void {
  const copy = join(BUILD, 'node_modules', packageName);
  cpSync(join(ROOT, 'node_modules', packageName), copy, { recursive: true });
  const manifest = join(copy, 'package.json');
  const content = JSON.parse(readFileSync(manifest, 'utf8')) as object;
  writeFileSync(manifest, JSON.stringify({ ...content, sideEffects: false }));
}

/**
 * Puts the stub beside the compiled sources, in place of a package that archiver needs for files only: it is given texts
 * here. lazystream would bring a second version of readable-stream along.
 */
function leaveOut(packageName: string): void {
  cpSync(join(ROOT, 'scripts', 'stub'), join(BUILD, 'node_modules', packageName), { recursive: true });
}

/** Minifies every script under a folder in place. */
export async function minifyScripts(folder: string): Promise<void> {
  for (const file of listFiles(folder)) if (file.endsWith('.js')) await minifyFile(join(folder, file));
}

/** All files under a folder, as sorted paths with `/`. */
export function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const start = resolve(folder).length + 1;
  return files.map((file) => join(resolve(file.parentPath), file.name).slice(start).replaceAll('\\', '/')).sort();
}

/** Only a folder with an earlier build, or none, is emptied. */
function emptyFolder(folder: string): void {
  const traces = ['main.js', 'index.js', 'entries'];
  if (listFiles(folder).length > 0 && !traces.some((name) => existsSync(join(folder, name)))) {
    throw new Error(`${folder} is not empty and has no build in it: it was left unchanged`);
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

/** Path of a package's command: a shim in node_modules/.bin needs a shell on some systems. */
export function runTool(packageName: string, command: string, args: string[]): void {
  const manifest = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: Record<string, string> };
  const file = bin[command];
  if (file === undefined) throw new Error(`${packageName} has no command ${command}`);
  execFileSync(process.execPath, [join(dirname(manifest), file), ...args], { cwd: ROOT, stdio: 'inherit' });
}

function checkBundle(outDir: string, stats: BundleStats): void {
  const files = listFiles(outDir);
  const sizes = files.map((path) => ({ path, sizeBytes: statSync(join(outDir, path)).size }));
  const problems = [...bundleProblems(stats), ...fileProblems(files), ...sizeProblems(sizes)];
  for (const file of files) {
    const text = readFileSync(join(outDir, file), 'utf8');
    if (text.includes(ROOT) || text.includes(outDir)) problems.push(`${file} holds a path of this machine`);
    if (file.startsWith('entries/') && !/'(?:\.\.\/main|\.\/start)\.js'/.test(text)) {
      problems.push(`${file} imports neither '../main.js' nor './start.js'`);
    }
  }
  const printed = exportedNames(join(outDir, 'main.js'));
  if (printed !== EXPORTS) problems.push(`main.js must export ${EXPORTS} and print nothing; it gave "${printed}"`);
  if (problems.length > 0) throw new Error(`The bundle is not as it should be:\n- ${problems.join('\n- ')}`);
}

/** Imports the bundle in a separate process: it must do nothing but export. */
function exportedNames(bundle: string): string {
  const code = `process.stdout.write(Object.keys(await import(${JSON.stringify(pathToFileURL(bundle).href)})).join())`;
  const args = ['--input-type=module', '--eval', code];
  return execFileSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: 60_000,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function printSizes(outDir: string): void {
  for (const file of listFiles(outDir)) {
    const bytes = readFileSync(join(outDir, file));
    const sizes = [bytes.length, gzipSync(bytes).length].map((size) => `${(size / 1024).toFixed(1)} KiB`.padStart(12));
    console.log(`${sizes[0]} ${sizes[1]} gzipped  ${file}`);
  }
}

if (import.meta.main) {
  const outDir = resolve(process.argv[2] ?? join(ROOT, 'dist'));
  try {
    await build(outDir);
    printSizes(outDir);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
