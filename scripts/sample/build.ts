/** Builds the sample shop as BigCommerce's `catalyst build` builds a storefront, in a cache outside of the repository. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { renderWranglerConfig } from './wrangler-config.ts';

const CACHE = resolve(process.env['SAMPLE_CACHE'] ?? join(tmpdir(), 'storefront-deploy-sample'));
const SHOP = fileURLToPath(new URL('shop', import.meta.url));
/** A finished build's folder. */
const MADE_HERE = /^[0-9a-f]{16}$/;
/** One in the making: its process is in the name. */
const IN_THE_MAKING = /^[0-9a-f]{16}\.(\d+)\.partial$/;
/** npm's codes for a registry that cannot be reached, breaks off, or refuses what it is asked for. */
const REGISTRY_FAULT =
  /^npm (?:error|ERR!) code (?:E[45]\d\d|ENOTFOUND|EAI_AGAIN|E(?:HOST|NET)UNREACH|ECONN\w+|E\w*TIMED?OUT|ENOTCACHED)$/m;
const BUILT_HERE = ['.ts', '.json'];
const NOT_OF_THE_SHOP =
  /^(?:node_modules|\.next|\.open-next|\.bigcommerce|next-env\.d\.ts|tsconfig\.tsbuildinfo)(?:[/\\]|$)/;
const LAST_LINES = 40;
const WORKER_NAME = 'sample-shop';
const IMMUTABLE_HEADERS = '/_next/static/*\n  Cache-Control: public,max-age=31536000,immutable\n';

export interface SampleBuild {
  /** The built project: packages, sources, `.bigcommerce/dist`. */
  workspace: string;
  /** `.bigcommerce/dist` in it. */
  dist: string;
  /** It stood in the cache already. */
  reused: boolean;
}

/** The build cannot be had here, for want of npm, its registry, or time; it says nothing about the shop. */
export class SampleUnavailable extends Error {}

export interface SampleOptions {
  /** For the whole build. */
  timeoutMs?: number;
  /** Each state of the shop has a folder there, with its packages and its build: 0.8 GB. */
  cache?: string;
  /** Is told each step. */
  log?: (step: string) => void;
}

/**
 * The built sample shop; made if the cache lacks it (40 s, and 1.2 GB of memory), which needs the npm registry.
 * @throws {SampleUnavailable} without npm or its registry, or when the time is over; another error, with the end of what
 *   the failed step said, when the shop itself cannot be installed or built
 */
export async function buildSample(options: SampleOptions = {}): Promise<SampleBuild> {
  const { timeoutMs = 360_000, cache = CACHE, log = () => {} } = options;
  const workspace = join(cache, shopHash());
  const dist = join(workspace, '.bigcommerce', 'dist');
  if (existsSync(workspace)) return { workspace, dist, reused: true };
  const work = `${workspace}.${process.pid}.partial`;
  const run = stepRunner(work, Date.now() + timeoutMs, log);
  try {
    cpSync(SHOP, work, { recursive: true, filter: isOfTheShop });
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
    await buildWorker(work, run);
    keep(work, workspace);
    removeOthers(workspace);
  } catch (error) {
    // What a step started may still write there for a moment.
    rmSync(work, { recursive: true, force: true, maxRetries: 5 });
    throw error;
  }
  return { workspace, dist, reused: false };
}

/** Another process may have made the same build meanwhile: one of them stays. */
function keep(work: string, workspace: string): void {
  try {
    renameSync(work, workspace);
  } catch (error) {
    if (!existsSync(workspace)) throw error;
    rmSync(work, { recursive: true });
  }
}

/** Removes the builds of other states of the shop, and what killed processes have left of theirs; nothing else. */
export function removeOthers(workspace: string): void {
  const cache = dirname(workspace);
  for (const name of readdirSync(cache)) {
    const isOther = MADE_HERE.test(name) && name !== basename(workspace);
    if (isOther || isLeft(name)) rmSync(join(cache, name), { recursive: true, force: true });
  }
}

function isLeft(name: string): boolean {
  const pid = IN_THE_MAKING.exec(name)?.[1];
  if (pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    // Any other error means that it runs, as somebody else's.
    return failureOf(error).code === 'ESRCH';
  }
}

/** The steps of `catalyst build`, on an installed project. */
async function buildWorker(work: string, run: RunStep): Promise<void> {
  const settings = join(work, '.bigcommerce');
  const assets = join(work, '.open-next', 'assets');
  mkdirSync(settings, { recursive: true });
  cpSync(join(work, 'open-next.config.ts'), join(settings, 'open-next.config.ts'));
  writeFileSync(join(settings, 'wrangler.jsonc'), renderWranglerConfig(WORKER_NAME));
  await run(process.execPath, [
    join(work, 'node_modules/@opennextjs/cloudflare/dist/cli/index.js'),
    'build',
    '--skipWranglerConfigCheck',
    '--openNextConfigPath',
    join(settings, 'open-next.config.ts'),
  ]);
  writeFileSync(join(assets, '_headers'), IMMUTABLE_HEADERS);
  await run(process.execPath, [
    join(work, 'node_modules/wrangler/bin/wrangler.js'),
    'deploy',
    '--config',
    join(settings, 'wrangler.jsonc'),
    '--keep-vars',
    '--outdir',
    // A relative one counts from the folder of the configuration.
    join(settings, 'dist'),
    '--dry-run',
  ]);
  cpSync(assets, join(settings, 'dist', 'assets'), { recursive: true });
}

type RunStep = (program: string, args: readonly string[]) => Promise<void>;

/** Runs each step in the folder, without prompts and telemetry, until the deadline. */
function stepRunner(cwd: string, deadline: number, log: (step: string) => void): RunStep {
  const env = {
    ...process.env,
    CI: 'true',
    NODE_OPTIONS: '',
    NEXT_TELEMETRY_DISABLED: '1',
    WRANGLER_SEND_METRICS: 'false',
    NODE_ENV: undefined,
  };
  return async (program, args) => {
    const step = [program, ...args].map((word) => word.replace(`${cwd}/`, '')).join(' ');
    log(step);
    const timeout = Math.max(1, deadline - Date.now());
    const running = promisify(execFile)(program, args, { cwd, env, timeout, maxBuffer: 64 * 2 ** 20 });
    running.child.stdin?.end();
    try {
      await running;
    } catch (cause) {
      const isOver = Date.now() >= deadline;
      const lacksNpm = program === 'npm' && isNpmMissing(cause);
      const Failure = isOver || lacksNpm ? SampleUnavailable : Error;
      const reason = isOver
        ? `the time for it was over during \`${step}\``
        : `\`${step}\` failed${lacksNpm ? '. It needs npm and its registry' : ''}:\n${lastLines(cause)}`;
      throw new Failure(`The sample shop cannot be built: ${reason}`, { cause });
    }
  };
}

/** Whether there is no npm, or it had no registry. Any other failure of it is the shop's own: its lockfile, say. */
function isNpmMissing(cause: unknown): boolean {
  const { code, stderr } = failureOf(cause);
  return code === 'ENOENT' || REGISTRY_FAULT.test(String(stderr));
}

/** Builds say some of what is wrong on stdout. */
function lastLines(cause: unknown): string {
  const { stdout = '', stderr = '' } = failureOf(cause);
  const said = `${stdout}\n${stderr}`.trim();
  return (said === '' ? String(cause) : said).split('\n').slice(-LAST_LINES).join('\n');
}

/** What Node's errors tell of a system call or a program. Within Jest, they are of another class than `Error`. */
function failureOf(error: unknown): { code?: unknown; stdout?: unknown; stderr?: unknown } {
  return typeof error === 'object' && error !== null ? error : {};
}

/** Changes with each file of the shop, with this build, and with Node's major version. */
export function shopHash(): string {
  const hash = createHash('sha256').update(process.version.split('.')[0] ?? '');
  const own = fileURLToPath(new URL('.', import.meta.url));
  const ours = readdirSync(own).filter((name) => BUILT_HERE.some((ending) => name.endsWith(ending)));
  const shop = readdirSync(SHOP, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(isOfTheShop);
  for (const path of [...ours.map((name) => join(own, name)), ...shop].sort()) {
    hash
      .update(`${path.slice(own.length)}\0`)
      .update(readFileSync(path))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

/** Leaves out what an editor or a build in the shop's own folder makes. */
function isOfTheShop(path: string): boolean {
  return !NOT_OF_THE_SHOP.test(path.slice(SHOP.length + 1));
}
