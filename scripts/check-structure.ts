/**
 * Checks the structure of the sources: `node scripts/check-structure.ts`. No file over 400 lines, no cycle between
 * files (imports of types count), and each layer of src/ imports only what it may. Functions over 50 lines are found by
 * the linter (noExcessiveLinesPerFunction).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAX_LINES = 400;
const FOLDERS = ['src', 'emulator', 'scripts', '__tests__', '.github'];
const SOURCE_FILE = /\.(ts|js|mjs|cjs)$/;

interface Layer {
  /** Layers that it may import, besides itself; `net/errors` is that file alone. */
  uses: readonly string[];
  /** Layers of which it may import types. */
  types?: readonly string[];
  /** It imports no package and none of Node's modules. */
  pure?: true;
}

/**
 * A layer is a folder of src/ or a file in it, or the embedded platform. What is not listed here may not be imported by
 * anything.
 */
const LAYERS: Readonly<Record<string, Layer>> = {
  entries: { uses: ['main'] },
  main: {
    uses: ['compose', 'errors', 'files', 'github', 'inputs', 'pause', 'report'],
    types: ['run-context'],
  },
  compose: {
    uses: [
      'actions',
      'bigcommerce',
      'domain',
      'errors',
      'files',
      'github',
      'github-status',
      'inputs',
      'net',
      'pause',
      'report',
      'sitecore-cdp',
      'storefront',
      'version',
    ],
    types: ['run-context'],
  },
  'run-context': { uses: [], types: ['errors', 'report'] },
  inputs: { uses: ['domain', 'errors', 'inside', 'regular-file'] },
  actions: {
    uses: ['domain', 'errors', 'github-status', 'net/errors', 'pause', 'report', 'schema'],
    types: ['bigcommerce', 'deployment-payload', 'files', 'github', 'help-topics', 'inputs', 'sitecore-cdp'],
  },
  'github-status': {
    uses: ['deployment-payload', 'domain', 'errors', 'net/errors', 'pause', 'report', 'schema'],
    types: ['github', 'inputs'],
  },
  report: { uses: ['domain', 'errors', 'help-topics', 'version'], types: ['inputs', 'github', 'files'] },
  bigcommerce: { uses: ['net', 'domain', 'errors', 'pause', 'schema'] },
  storefront: { uses: ['net', 'domain', 'errors', 'pause'] },
  'sitecore-cdp': { uses: ['net', 'domain', 'errors', 'pause', 'schema'] },
  github: {
    uses: ['deployment-payload', 'net', 'domain', 'errors', 'pause', 'regular-file', 'schema', 'thread-entry'],
  },
  files: { uses: ['domain', 'errors', 'inside', 'regular-file', 'thread-entry'] },
  net: { uses: ['errors', 'pause', 'regular-file', 'version'], types: ['help-topics'] },
  domain: { uses: ['errors'], types: ['deployment-payload', 'help-topics'], pure: true },
  'deployment-payload': { uses: ['domain', 'schema'] },
  errors: { uses: [], types: ['help-topics'], pure: true },
  'help-topics': { uses: [], pure: true },
  pause: { uses: [] },
  'regular-file': { uses: [] },
  schema: { uses: [] },
  version: { uses: [] },
  inside: { uses: [] },
  'thread-entry': { uses: [] },
  /** It shares no code with the client, so that they do not share mistakes. */
  emulator: { uses: [] },
};

/** Packages that only a few layers may import. */
const PACKAGE_LAYERS: Readonly<Record<string, readonly string[]>> = {
  '@actions/core': ['main', 'inputs', 'report'],
  '@actions/github': ['github'],
};

interface Import {
  specifier: string;
  typeOnly: boolean;
  /** Path of the file in this repository, if it is one. */
  target: string | undefined;
}

/** Offences of these files (keyed by their path from the root), a line each. */
export function structureProblems(files: ReadonlyMap<string, string>): string[] {
  const imports = new Map([...files].map(([path, text]) => [path, importsOf(path, text, files)]));
  return [
    ...[...files].flatMap(([path, text]) => tooLong(path, text)),
    ...[...imports].flatMap(([path, found]) => found.flatMap((one) => layerProblems(path, one))),
    ...cycles(imports),
  ];
}

function countLines(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

function tooLong(path: string, text: string): string[] {
  const lines = countLines(text);
  return lines > MAX_LINES ? [`${path}: ${lines} lines, ${MAX_LINES} are allowed`] : [];
}

const STATEMENT = /^[ \t]*(?:import|export)\b([^'"`;]*?)\bfrom\s*['"]([^'"\n]+)['"]/gm;
const SIDE_EFFECT = /^[ \t]*import\s*['"]([^'"\n]+)['"]/gm;
const DYNAMIC = /\bimport\(\s*(?:\/\*.*?\*\/\s*)?['"]([^'"\n]+)['"]/gs;

function importsOf(path: string, text: string, files: ReadonlyMap<string, string>): Import[] {
  const found = (specifier: string, typeOnly: boolean): Import => {
    const target = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined;
    return { specifier, typeOnly, target: target !== undefined && files.has(target) ? target : undefined };
  };
  return [
    ...[...text.matchAll(STATEMENT)].map(([, what = '', from = '']) => found(from, /^\s+type\b/.test(what))),
    ...[...text.matchAll(SIDE_EFFECT)].map(([, from = '']) => found(from, false)),
    ...[...text.matchAll(DYNAMIC)].map(([, from = '']) => found(from, false)),
  ];
}

/** `domain` for src/domain/x.ts, `main` for src/main.ts, `emulator`, undefined outside of these two folders. */
function layerOf(path: string): string | undefined {
  return /^(?:src\/([^/]+?)(?:\.ts)?(?:\/|$)|(emulator)\/)/
    .exec(path)
    ?.slice(1)
    .find((name) => name !== undefined);
}

function layerProblems(path: string, { specifier, typeOnly, target }: Import): string[] {
  const name = layerOf(path);
  if (name === undefined) return [];
  const layer = LAYERS[name];
  if (layer === undefined) return [`${path}: src/${name} is not a layer in scripts/check-structure.ts`];
  if (target === undefined) return packageProblems(path, name, layer, specifier);
  const other = layerOf(target);
  if (other === undefined) return [`${path}: imports ${target}, which is neither in src nor in emulator`];
  const file = target.slice('src/'.length, -'.ts'.length);
  if (other === name || layer.uses.includes(other) || layer.uses.includes(file)) return [];
  if (!layer.types?.includes(other)) return [`${path}: ${name} may not import ${other} (${specifier})`];
  return typeOnly ? [] : [`${path}: ${name} may import types only from ${other} (${specifier})`];
}

function packageProblems(path: string, name: string, layer: Layer, specifier: string): string[] {
  if (specifier.startsWith('.')) return [];
  if (layer.pure) return [`${path}: ${name} is pure, it may not import ${specifier}`];
  const allowed = Object.entries(PACKAGE_LAYERS).find(([prefix]) => `${specifier}/`.startsWith(`${prefix}/`))?.[1];
  if (allowed === undefined || allowed.includes(name)) return [];
  return [`${path}: ${specifier} is for ${allowed.join(', ')} alone, not for ${name}`];
}

/** One line for each import that closes a cycle. */
function cycles(imports: ReadonlyMap<string, readonly Import[]>): string[] {
  const found: string[] = [];
  const finished = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push(`import cycle: ${[...trail.slice(start), path].join(' -> ')}`);
    if (start >= 0 || finished.has(path)) return;
    const targets = new Set(imports.get(path)?.map((one) => one.target));
    for (const target of targets) if (target !== undefined) visit(target, [...trail, path]);
    finished.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  return found;
}

function readSources(root: string): Map<string, string> {
  const sources = new Map<string, string>();
  for (const folder of FOLDERS) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      // Packages that a folder has of its own.
      if (name.split(sep).includes('node_modules')) continue;
      if (!SOURCE_FILE.test(name)) continue;
      const path = posix.join(folder, name.replaceAll('\\', '/'));
      sources.set(path, readFileSync(join(root, path), 'utf8'));
    }
  }
  return new Map([...sources].sort(([a], [b]) => (a < b ? -1 : 1)));
}

if (import.meta.main) {
  const sources = readSources(fileURLToPath(new URL('..', import.meta.url)));
  const problems = structureProblems(sources);
  for (const problem of problems) console.error(problem);
  const lines = [...sources.values()].reduce((sum, text) => sum + countLines(text), 0);
  console.log(`${sources.size} source files, ${lines} lines, ${problems.length} offences`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
