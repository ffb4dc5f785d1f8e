/** npm packages that the benchmark works on or compares with, cached outside of the repository. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Cached between runs. */
export const CACHE = resolve(process.env['BENCH_CACHE'] ?? join(tmpdir(), 'storefront-deploy-bench'));

/** Name and version, with the registry's `integrity` for the tarball. */
export type Pinned = readonly [spec: string, integrity: string];

/**
 * The folder with the unpacked package; fetched if the cache lacks it.
 * @throws when the tarball is not the pinned one, or npm cannot fetch it
 */
export function fetchPackage([spec, integrity]: Pinned): string {
  const folder = join(CACHE, 'packages', spec.replaceAll('/', '+'));
  if (existsSync(folder)) return folder;
  const work = emptyFolder(`${folder}.partial`);
  runNpm(['pack', spec, '--loglevel=error', '--pack-destination', work], work);
  const tarball = readdirSync(work).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(`npm pack left no tarball of ${spec}`);
  const found = `sha512-${createHash('sha512')
    .update(readFileSync(join(work, tarball)))
    .digest('base64')}`;
  if (found !== integrity) throw new Error(`${spec}: its tarball has the integrity ${found} instead of ${integrity}`);
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1'], { cwd: work });
  rmSync(join(work, tarball));
  renameSync(work, folder);
  return folder;
}

/**
 * A folder with these packages and their dependencies in its node_modules. None of their scripts are run.
 * @param specs name and exact version
 */
export function installPackages(name: string, specs: readonly string[]): string {
  const folder = join(CACHE, 'peers', name);
  const wanted = JSON.stringify({ private: true, description: specs.join(' ') });
  if (existsSync(folder) && readFileSync(join(folder, 'wanted.json'), 'utf8') === wanted) return folder;
  rmSync(folder, { recursive: true, force: true });
  const work = emptyFolder(`${folder}.partial`);
  writeFileSync(join(work, 'package.json'), wanted);
  runNpm(
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', '--loglevel=error', ...specs],
    work,
  );
  writeFileSync(join(work, 'wanted.json'), wanted);
  renameSync(work, folder);
  return folder;
}

function runNpm(args: readonly string[], cwd: string): void {
  try {
    const patience = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
    execFileSync('npm', [...args, ...patience], {
      cwd,
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      timeout: 300_000,
    });
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : String(cause);
    throw new Error(`npm ${args.join(' ')} failed. The benchmark needs the npm registry:\n${said}`, { cause });
  }
}

/** Creates or empties a folder. */
export function emptyFolder(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}
