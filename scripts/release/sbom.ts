/** The SBOM of a release: CycloneDX 1.5, by `npm sbom`, of the packages that dist/ is built from. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitOf, fileAt, git } from './git.ts';

const TIMEOUT_MS = 60_000;
const INSTALLED = 'node_modules/';

interface LockEntry {
  dev?: boolean;
  /** A link to a folder of the repository. */
  link?: boolean;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

type LockedPackages = Record<string, LockEntry>;

interface Manifest {
  name: string;
  version: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  overrides?: Record<string, unknown>;
}

interface Lockfile {
  packages: LockedPackages;
}

interface Component {
  type?: unknown;
  name?: unknown;
  version?: unknown;
  purl?: unknown;
  'bom-ref'?: unknown;
}

/** What of CycloneDX 1.5 is read here: https://cyclonedx.org/docs/1.5/json/ */
interface Bom {
  bomFormat?: unknown;
  specVersion?: unknown;
  serialNumber?: unknown;
  version?: unknown;
  metadata?: { timestamp?: unknown; component?: Component };
  components?: Component[];
  dependencies?: { ref?: unknown; dependsOn?: unknown[] }[];
}

/**
 * The SBOM of a commit, from its lockfile alone: nothing has to be installed. The same commit gives the same text with
 * the same version of npm.
 */
export function createSbom(root: string, commit: string): string {
  const manifest = JSON.parse(fileAt(root, commit, 'package.json') ?? '{}') as Manifest;
  const lock = JSON.parse(fileAt(root, commit, 'package-lock.json') ?? '{}') as Lockfile;
  const bom = JSON.parse(runSbom(...shippedPackages(manifest, lock))) as Bom;
  const date = git(root, ['show', '--no-patch', '--format=%cI', commit]);
  const seed = `${commitOf(root, commit)}\n${JSON.stringify(bom.components)}`;
  bom.serialNumber = `urn:uuid:${uuidOf(seed)}`;
  bom.metadata = { ...bom.metadata, timestamp: new Date(date).toISOString() };
  return `${JSON.stringify(bom, null, 2)}\n`;
}

/**
 * Without packages of development, and without the stubs that package.json puts in the place of packages (`overrides`
 * with `file:`): npm takes a stub for an invalid version, and gives no SBOM.
 */
export function shippedPackages(manifest: Manifest, lock: Lockfile): [Manifest, Lockfile] {
  const stubs = Object.entries(lock.packages).flatMap(([folder, { link }]) => (link ? [folder] : []));
  const packages: LockedPackages = {};
  for (const [folder, entry] of Object.entries(lock.packages)) {
    const isPackage = folder === '' || folder.startsWith(INSTALLED);
    if (!isPackage || entry.dev || entry.link) continue;
    const { devDependencies: _, dependencies = {}, ...rest } = entry;
    const kept = Object.entries(dependencies).filter(([name]) => !isStub(folder, name, lock.packages, stubs));
    packages[folder] = { ...rest, dependencies: Object.fromEntries(kept) };
  }
  delete packages['']?.optionalDependencies;
  const { devDependencies: _, optionalDependencies: __, overrides = {}, ...rest } = manifest;
  const versions = Object.entries(overrides).filter(([, value]) => typeof value === 'string');
  return [
    { ...rest, overrides: Object.fromEntries(versions) },
    { ...lock, packages },
  ];
}

/** Whether an import of the package from the folder finds a stub, by Node's search through the folders. */
function isStub(folder: string, name: string, packages: LockedPackages, stubs: readonly string[]): boolean {
  for (let at = folder; ; at = at.slice(0, Math.max(0, at.lastIndexOf(`/${INSTALLED}`)))) {
    const place = at === '' ? INSTALLED + name : `${at}/${INSTALLED}${name}`;
    if (packages[place] !== undefined) return stubs.includes(place);
    if (at === '') return false;
  }
}

function runSbom(manifest: Manifest, lock: Lockfile): string {
  const temporary = mkdtempSync(join(tmpdir(), 'sbom-'));
  // npm names the component after the folder.
  const folder = join(temporary, manifest.name);
  // Of `npm run`, which would send npm to another folder.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const args = [
    'sbom',
    '--sbom-format=cyclonedx',
    '--package-lock-only',
    '--omit=dev',
    '--omit=optional',
    '--offline',
    '--no-update-notifier',
  ];
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
    // On Windows npm is a script, which only a shell starts.
    const shell = process.platform === 'win32';
    return execFileSync('npm', args, {
      ...{ cwd: folder, env, shell, encoding: 'utf8', timeout: TIMEOUT_MS },
      ...{ stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 << 20 },
    });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(`npm gives no SBOM: ${stderr?.trim() || message}`, { cause: error });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** A UUID (version 8 of RFC 9562) that a text gives. */
function uuidOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/**
 * What keeps a text from being the SBOM of this version.
 * @param dependencies versions of the packages that have to be in it
 */
export function sbomProblems(
  text: string,
  { name, version, dependencies = {} }: Pick<Manifest, 'name' | 'version' | 'dependencies'>,
): string[] {
  let bom: Bom;
  try {
    bom = JSON.parse(text) as Bom;
  } catch {
    return ['SBOM: it is no JSON.'];
  }
  const components = bom.components ?? [];
  const found = new Set(components.map((one) => `${one.name}@${one.version}`));
  const root = bom.metadata?.component;
  return [
    ...headProblems(bom),
    ...(root?.name === name && root.version === version
      ? []
      : [`SBOM: it is of ${root?.name}@${root?.version}, not of ${name}@${version}.`]),
    ...components.flatMap(componentProblems),
    ...referenceProblems(bom),
    ...Object.entries(dependencies)
      .filter(([dependency, exact]) => !found.has(`${dependency}@${exact}`))
      .map(([dependency, exact]) => `SBOM: ${dependency}@${exact} is missing.`),
  ];
}

function headProblems({ bomFormat, specVersion, serialNumber, version, metadata }: Bom): string[] {
  const wrong = [
    bomFormat === 'CycloneDX' ? [] : ['bomFormat'],
    /^1\.\d$/.test(String(specVersion)) ? [] : ['specVersion'],
    /^urn:uuid:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(String(serialNumber)) ? [] : ['serialNumber'],
    Number.isInteger(version) ? [] : ['version'],
    Number.isNaN(Date.parse(String(metadata?.timestamp))) ? ['metadata.timestamp'] : [],
  ].flat();
  return wrong.map((field) => `SBOM: ${field} is not what CycloneDX says.`);
}

function componentProblems({ type, name, version, purl }: Component): string[] {
  const expected = `pkg:npm/${String(name).replace('@', '%40')}@${version}`;
  return [
    ...(typeof type === 'string' && typeof name === 'string' && typeof version === 'string'
      ? []
      : [`SBOM: a component lacks its type, name or version: ${name}@${version}.`]),
    ...(purl === expected ? [] : [`SBOM: the purl of ${name}@${version} is ${purl}, not ${expected}.`]),
  ];
}

/** Each reference is of one component, and each dependency names one that is there. */
function referenceProblems({ metadata, components = [], dependencies = [] }: Bom): string[] {
  const references = [metadata?.component, ...components].map((component) => component?.['bom-ref']);
  const known = new Set(references);
  const named = dependencies.flatMap(({ ref, dependsOn = [] }) => [ref, ...dependsOn]);
  return [
    ...(known.size === references.length && !known.has(undefined) ? [] : ['SBOM: its bom-refs are not unique.']),
    ...new Set(named.filter((ref) => !known.has(ref)).map((ref) => `SBOM: ${ref} is named, but no component.`)),
  ];
}
