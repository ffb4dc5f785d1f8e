/**
 * Adds the optional packages of other platforms that `npm install` left out of package-lock.json.
 *
 * A registry mirror that lacks, say, `@biomejs/cli-darwin-arm64` makes npm drop it from the lockfile, and `npm ci`
 * then refuses the lockfile ("Missing: ... from lock file") on every machine. An entry with version, os and cpu is
 * enough for npm to skip the package where it does not fit and to fetch it where it does.
 * Run it after every `npm install`: `node scripts/complete-lockfile.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface LockEntry {
  version?: string;
  os?: string[];
  cpu?: string[];
  dev?: boolean;
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
}

const LOCKFILE = new URL('../package-lock.json', import.meta.url);
const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS: Record<string, string> = { armeabi: 'arm', gnueabihf: 'arm', musleabihf: 'arm', eabi: 'arm' };
const KNOWN_CPUS = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

function platformOf(packageName: string): { os: string[]; cpu: string[] } | undefined {
  const words = packageName.split(/[-/]/);
  const os = words.find((word) => SYSTEMS.includes(word));
  const cpu = words.find((word) => KNOWN_CPUS.includes(word)) ?? words.map((word) => PROCESSORS[word]).find(Boolean);
  return os !== undefined && cpu !== undefined ? { os: [os], cpu: [cpu] } : undefined;
}

const lock = JSON.parse(readFileSync(LOCKFILE, 'utf8')) as { packages: Record<string, LockEntry> };
let added = 0;
for (const owner of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    const platform = platformOf(name);
    if (lock.packages[key] !== undefined || platform === undefined) continue;
    lock.packages[key] = { version, ...platform, dev: true, optional: true };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(LOCKFILE, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${added} entries of other platforms added`);
