/** What ncc put into the bundle, judged: nothing that has to be installed beside it, nothing that ships twice. */
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';

interface BundledModule {
  name?: string;
  /** The module's file; null for what webpack made itself. */
  nameForCondition?: string | null;
  /** The parts of modules that were joined into one. */
  modules?: BundledModule[];
}

/** The part of webpack's stats that is read here. */
export interface BundleStats {
  modules: BundledModule[];
  errors?: { message: string }[];
  warnings?: { message: string }[];
}

/** Packages that may be there in two versions, each with the reason. */
const TWICE_ALLOWED: Readonly<Record<string, string>> = {
  'readable-stream': 'lazystream (of archiver) needs version 2, archiver itself version 4; no version serves both',
};

const PACKAGE_FOLDER = /^.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/;

export function bundleProblems(stats: BundleStats, versionOf = readVersion): string[] {
  const modules = flatten(stats.modules);
  const files = new Set(modules.map((module) => module.nameForCondition).filter((file) => typeof file === 'string'));
  return [
    ...(stats.errors ?? []).map((error) => error.message),
    ...(stats.warnings ?? []).map((warning) => warning.message).filter((text) => text.includes("Can't resolve")),
    ...leftOutside(modules),
    ...packagesTwice(files, versionOf),
    ...formatsTwice(files),
  ];
}

function flatten(modules: readonly BundledModule[]): BundledModule[] {
  return modules.flatMap((module) => [module, ...flatten(module.modules ?? [])]);
}

/** Modules that the bundle imports when it runs must be Node's own: a runner installs nothing. */
function leftOutside(modules: readonly BundledModule[]): string[] {
  const names = modules.map((module) => /^external "([^"]+)"/.exec(module.name ?? '')?.[1]);
  const foreign = new Set(names.filter((name) => name !== undefined && !isBuiltin(name)));
  return [...foreign].map((name) => `${name} was left outside of the bundle`);
}

function packagesTwice(files: ReadonlySet<string>, versionOf: (folder: string) => string): string[] {
  const folders = new Map<string, Set<string>>();
  for (const file of files) {
    const [folder, name] = PACKAGE_FOLDER.exec(file) ?? [];
    if (folder !== undefined && name !== undefined) folders.set(name, (folders.get(name) ?? new Set()).add(folder));
  }
  return [...folders]
    .filter(([name, places]) => places.size > 1 && TWICE_ALLOWED[name] === undefined)
    .map(([name, places]) => `${name} ships ${places.size} times: ${[...places].map(versionOf).join(' and ')}`);
}

/** A package that is loaded both with `import` and with `require` may bring itself along in two formats. */
function formatsTwice(files: ReadonlySet<string>): string[] {
  return [...files]
    .filter((file) => file.includes('node_modules') && file.endsWith('.cjs'))
    .filter((file) => ['.js', '.mjs'].some((ending) => files.has(file.replace(/\.cjs$/, ending))))
    .map((file) => `${file} ships in two formats`);
}

function readVersion(folder: string): string {
  return String((JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version?: unknown }).version);
}
