/**
 * Completes package-lock.json: `node scripts/complete-lockfile.ts [folder]`, after every `npm install`. The folder is
 * that of the lockfile; without one it is the repository's own.
 *
 * A registry mirror that lacks, say, `@biomejs/cli-darwin-arm64` makes npm drop it from the lockfile, and `npm ci`
 * then refuses the lockfile ("Missing: ... from lock file") on every machine. An entry with version, os and cpu is
 * enough for npm to skip the package where it does not fit and to fetch it where it does. Each entry gets the
 * `integrity` that the registry names, so that npm checks what it fetches.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface LockEntry {
  name?: string;
  version?: string;
  integrity?: string;
  /** A link to a folder of this repository. */
  link?: boolean;
  os?: string[];
  cpu?: string[];
  dev?: boolean;
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
}

/** Entries of a lockfile by their folder; '' is the repository itself. */
export type LockedPackages = Record<string, LockEntry>;

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));
const INSTALLED = 'node_modules/';
const EXACT_VERSION = /^\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/;
const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS: Record<string, string> = { armeabi: 'arm', gnueabihf: 'arm', musleabihf: 'arm', eabi: 'arm' };
const KNOWN_CPUS = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/**
 * Adds the optional packages of other platforms that npm left out. As npm does, it marks as `dev` what only development
 * dependencies bring along.
 * @returns their folders
 */
export function addOtherPlatforms(packages: LockedPackages): string[] {
  const added: string[] = [];
  for (const [folder, owner] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
      const platform = platformOf(name);
      if (platform === undefined) continue;
      const place = placeFor(packages, folder, name, version);
      const entry = packages[place];
      if (entry === undefined) {
        packages[place] = { version, ...platform, ...(owner.dev && { dev: true }), optional: true };
        added.push(place);
      } else if (!owner.dev && added.includes(place)) delete entry.dev;
    }
  }
  return added;
}

/** Where an import from the folder finds the package; where it is not there, or another version is, where it goes. */
function placeFor(packages: LockedPackages, folder: string, name: string, version: string): string {
  const found = findLocked(packages, folder, name);
  if (found === undefined) return INSTALLED + name;
  const there = packages[found]?.version;
  const isOther = there !== undefined && EXACT_VERSION.test(version) && there !== version;
  return isOther ? nestedIn(folder, name) : found;
}

/** Beside the folder's own packages, or in a folder further up. */
function findLocked(packages: LockedPackages, folder: string, name: string): string | undefined {
  const nested = nestedIn(folder, name);
  if (packages[nested] !== undefined) return nested;
  if (folder === '') return undefined;
  return findLocked(packages, folder.slice(0, Math.max(0, folder.lastIndexOf(`/${INSTALLED}`))), name);
}

function nestedIn(folder: string, name: string): string {
  return folder === '' ? INSTALLED + name : `${folder}/${INSTALLED}${name}`;
}

function platformOf(packageName: string): { os: string[]; cpu: string[] } | undefined {
  const words = packageName.split(/[-/]/);
  const os = words.find((word) => SYSTEMS.includes(word));
  const cpu = words.find((word) => KNOWN_CPUS.includes(word)) ?? words.map((word) => PROCESSORS[word]).find(Boolean);
  return os !== undefined && cpu !== undefined ? { os: [os], cpu: [cpu] } : undefined;
}

/**
 * Adds `integrity` where it is missing. Folders of this repository have none.
 * @param readIntegrity asks the registry; undefined where it does not have the version
 * @returns the folders of the packages that still lack it
 */
export function addIntegrity(
  packages: LockedPackages,
  readIntegrity: (name: string, version: string) => string | undefined,
): string[] {
  return Object.entries(packages).flatMap(([folder, entry]) => {
    const { version, link } = entry;
    if (!folder.includes(INSTALLED) || link || version === undefined || entry.integrity !== undefined) return [];
    const name = entry.name ?? folder.slice(folder.lastIndexOf(INSTALLED) + INSTALLED.length);
    const integrity = readIntegrity(name, version);
    if (integrity === undefined) return [folder];
    packages[folder] = { version, integrity, ...entry };
    return [];
  });
}

function askRegistry(name: string, version: string): string | undefined {
  const args = ['view', `${name}@${version}`, 'dist.integrity'];
  try {
    // On Windows npm is a script, which only a shell starts.
    const answer = execFileSync('npm', args, { encoding: 'utf8', shell: process.platform === 'win32' }).trim();
    return answer === '' ? undefined : answer;
  } catch {
    return undefined;
  }
}

function completeLockfile(folder: string): void {
  const path = join(folder, 'package-lock.json');
  const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: LockedPackages };
  const added = addOtherPlatforms(lock.packages);
  const lacking = addIntegrity(lock.packages, askRegistry);
  // In the order in which npm writes them.
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`package-lock.json: ${added.length} entries of other platforms added`);
  for (const name of lacking) console.warn(`${name}: the registry names no integrity`);
}

if (import.meta.main) completeLockfile(process.argv[2] ?? REPOSITORY);
