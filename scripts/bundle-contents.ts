/** Checks what ncc put into the bundle: nothing that has to be installed beside it, nothing that ships twice. */
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';

interface BundledModule {
  name?: string;
  /** The module's file; null for what webpack made itself. */
  nameForCondition?: string | null;
  /** The modules that were joined into one. */
  modules?: BundledModule[];
}

/** The part of webpack's stats that this script reads. */
export interface BundleStats {
  modules: BundledModule[];
  errors?: { message: string }[];
  warnings?: { message: string }[];
}

/** Packages that may ship in two versions, each with the reason. */
const TWICE_ALLOWED: Readonly<Record<string, string>> = {
  '@actions/core':
    'of the one that build.ts makes only what actions use is there; the thread that uploads artifacts loads it whole',
};

/** Of all JavaScript: a runner downloads everything for any action. */
const MAX_BYTES = 4_000_000;

/** What a build leaves: the bundle, the parts of it that are loaded when needed, the entries, and what it was built from. */
const FILES = /^(?:main\.js|\d+\.index\.js|(?:licenses|sources)\.txt|package\.json|entries\/[^/]+\.js)$/;

const PACKAGE_FOLDER = /^.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/;

/** A package by the name in its package.json. */
export interface PackageIdentity {
  name: string;
  version: string;
}

export function bundleProblems(stats: BundleStats, identify = readIdentity): string[] {
  const modules = flatten(stats.modules);
  const files = new Set(modules.map((module) => module.nameForCondition).filter((file) => typeof file === 'string'));
  return [
    ...(stats.errors ?? []).map((error) => error.message),
    ...(stats.warnings ?? []).map((warning) => warning.message).filter((text) => text.includes("Can't resolve")),
    ...leftOutside(modules),
    ...packagesTwice(files, identify),
    ...formatsTwice(files),
  ];
}

function flatten(modules: readonly BundledModule[]): BundledModule[] {
  return modules.flatMap((module) => [module, ...flatten(module.modules ?? [])]);
}

/** Modules that the bundle imports at run time must be Node's own: a runner installs nothing. */
function leftOutside(modules: readonly BundledModule[]): string[] {
  const names = modules.map((module) => /^external "([^"]+)"/.exec(module.name ?? '')?.[1]);
  const foreign = new Set(names.filter((name) => name !== undefined && !isBuiltin(name)));
  return [...foreign].map((name) => `${name} was left outside of the bundle`);
}

/** Folders of the packages that are in the bundle, each once. */
export function packageFolders(stats: BundleStats): string[] {
  return foldersOf(flatten(stats.modules).flatMap(({ nameForCondition }) => nameForCondition ?? []));
}

function foldersOf(files: Iterable<string>): string[] {
  return [...new Set([...files].flatMap((file) => PACKAGE_FOLDER.exec(file)?.[0] ?? []))];
}

/** Compares the packages' own names: the folder of a substitute has the name of the package that it replaces. */
function packagesTwice(files: ReadonlySet<string>, identify: (folder: string) => PackageIdentity): string[] {
  const versions = new Map<string, string[]>();
  for (const { name, version } of foldersOf(files).map(identify)) {
    versions.set(name, [...(versions.get(name) ?? []), version]);
  }
  return [...versions]
    .filter(([name, found]) => found.length > 1 && TWICE_ALLOWED[name] === undefined)
    .map(([name, found]) => `${name} ships ${found.length} times: ${found.join(' and ')}`);
}

/** A package that is loaded both with `import` and with `require` may ship in two formats. */
function formatsTwice(files: ReadonlySet<string>): string[] {
  return [...files]
    .filter((file) => file.includes('node_modules') && file.endsWith('.cjs'))
    .filter((file) => ['.js', '.mjs'].some((ending) => files.has(file.replace(/\.cjs$/, ending))))
    .map((file) => `${file} ships in two formats`);
}

/** Files that do not belong in a build, such as one that a package wants beside it. */
export function fileProblems(files: readonly string[]): string[] {
  return files.filter((file) => !FILES.test(file)).map((file) => `${file} does not belong in a build`);
}

/** All JavaScript together has to stay small. */
export function sizeProblems(files: readonly { path: string; sizeBytes: number }[]): string[] {
  const scripts = files.filter(({ path }) => path.endsWith('.js'));
  const bytes = scripts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return bytes > MAX_BYTES ? [`${bytes} bytes of JavaScript are more than ${MAX_BYTES}`] : [];
}

function readIdentity(folder: string): PackageIdentity {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  return { name: String(name), version: String(version) };
}
