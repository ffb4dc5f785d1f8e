/**
 * Copies of the repository with all mutants in them, so that several can be tried at once and src/ and dist/ stay as they
 * are, even when the command is killed. Each copy has a folder of its own with
 * - tree/: the repository
 * - mutant: which mutant is on (copy/switch.ts)
 * - test: which test file runs; hits/<test file>: the mutants that it reaches
 * - order, results: what goes to and comes from Jest (run-tests.ts)
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { listFiles, ROOT } from '../build.ts';
import { RECORD, renderRecord } from '../dist-sources.ts';
import { hashText } from './cache.ts';
import { instrument, SWITCH_FILE } from './instrument.ts';
import type { Instrumented, Mutant } from './mutant.ts';

/** What no test needs, or what is made anew. */
const LEFT_OUT: ReadonlySet<string> = new Set(['.git', '.bench', '.demo', 'build', 'coverage', 'dist', 'node_modules']);
const BUNDLE = `import { addEntries, bundle } from './scripts/build.ts'; bundle('dist'); addEntries('dist');`;

export function instrumentAll(root: string = ROOT): Instrumented {
  const mutants: Mutant[] = [];
  const hashes = new Map<string, string>();
  const sources = new Map<string, string>();
  for (const name of listFiles(join(root, 'src')).filter((path) => path.endsWith('.ts'))) {
    const file = `src/${name}`;
    const text = readFileSync(join(root, file), 'utf8');
    const made = instrument(file, text, mutants.length + 1);
    mutants.push(...made.mutants);
    sources.set(file, made.code);
    hashes.set(file, hashText([text, ...made.mutants.map(({ key }) => key)].join('\n')));
  }
  return { mutants, sources, hashes };
}

/**
 * Makes the copies and builds one of them: half a minute.
 * @returns their folders
 */
export function makeCopies(folder: string, count: number, sources: ReadonlyMap<string, string>): string[] {
  const first = join(folder, '0');
  makeCopy(first, sources);
  buildCopy(join(first, 'tree'));
  const others = Array.from({ length: count - 1 }, (_, index) => join(folder, String(index + 1)));
  for (const other of others) {
    cpSync(first, other, { recursive: true, verbatimSymlinks: true });
    move(join(other, 'tree'), first, other);
  }
  return [first, ...others];
}

/** Without dist/. */
export function makeCopy(copy: string, sources: ReadonlyMap<string, string>): void {
  const tree = join(copy, 'tree');
  for (const name of ['tree', 'hits', 'temporary']) mkdirSync(join(copy, name), { recursive: true });
  for (const name of readdirSync(ROOT).filter((entry) => !LEFT_OUT.has(entry))) {
    cpSync(join(ROOT, name), join(tree, name), { recursive: true, filter: (path) => !LEFT_OUT.has(basename(path)) });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'), 'dir');
  for (const [file, code] of sources) writeFileSync(join(tree, file), code);
  const switchText = readFileSync(join(import.meta.dirname, 'copy', 'switch.ts'), 'utf8');
  writeFileSync(join(tree, SWITCH_FILE), switchText.replace('FOLDER_OF_THE_COPY', copy));
  writeFileSync(join(copy, 'mutant'), 'none');
}

function buildCopy(tree: string): void {
  // Types fit no more.
  editJson(join(tree, 'scripts/tsconfig.build.json'), (json) => {
    json.compilerOptions['noCheck'] = true;
  });
  execFileSync(process.execPath, ['--input-type=module', '--eval', BUNDLE], { cwd: tree, stdio: 'inherit' });
  // Entries stand outside of the bundle.
  cpSync(join(tree, 'build/mutant-switch.js'), join(tree, 'dist/mutant-switch.js'));
  rmSync(join(tree, 'build'), { recursive: true });
}

function editJson(path: string, edit: (json: { compilerOptions: Record<string, unknown> }) => void): void {
  const json = JSON.parse(readFileSync(path, 'utf8'));
  edit(json);
  writeFileSync(path, JSON.stringify(json));
}

/** Makes a copy of a copy look at its own files. */
function move(tree: string, from: string, to: string): void {
  const scripts = listFiles(join(tree, 'dist')).filter((path) => path.endsWith('.js'));
  for (const path of [SWITCH_FILE, ...scripts.map((name) => `dist/${name}`)]) {
    const text = readFileSync(join(tree, path), 'utf8');
    if (text.includes(from)) writeFileSync(join(tree, path), text.replaceAll(from, to));
  }
  writeFileSync(join(tree, 'dist', RECORD), renderRecord(tree));
}

/** Test files of a copy, as paths from its root with `/`. */
export function testFilesOf(tree: string): string[] {
  const tests = listFiles(join(tree, '__tests__')).filter((path) => path.endsWith('.test.ts'));
  return tests.map((path) => relative('.', join('__tests__', path)).replaceAll('\\', '/'));
}
