/** act in a cache folder outside of the repository, built by Go from its module. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const VERSION = '0.2.89';
/** Of the module, as Go's checksum database has it. */
const MODULE_SUM = 'h1:d9oFeJ6jUkaVExuG+XzAaMPDqoDrNHaGeiRb8IU+N5w=';
/** What act's go.mod asks for. */
const OLDEST_GO = { major: 1, minor: 25 };
const INSTALL_TIMEOUT_MS = 300_000;

const run = promisify(execFile);

/** There is no act here, and none can be had; the message says why. It says nothing about the actions. */
export class ActUnavailable extends Error {}

/**
 * Path of act; built if the cache lacks it (half a minute, and the Go module proxy).
 * @param cache the folder; else E2E_CACHE from the environment, else one of the system's temporary folder
 * @throws {ActUnavailable} without Go, or without its module
 * @throws Error where what is in the cache is not that version of act
 */
export async function installAct(cache = readCacheFolder()): Promise<string> {
  const go = await findGo();
  const act = join(cache, `act-${VERSION}`);
  if (!existsSync(act)) await buildAct(go, cache, act);
  await checkModule(go, act);
  return act;
}

function readCacheFolder(): string {
  return resolve(process.env['E2E_CACHE'] ?? join(tmpdir(), 'catalyst-deploy-action-e2e'));
}

async function findGo(): Promise<string> {
  let text: string;
  try {
    ({ stdout: text } = await run('go', ['version']));
  } catch {
    throw new ActUnavailable(`act ${VERSION} is built with Go, which is not installed`);
  }
  if (!isRecentGo(text)) {
    throw new ActUnavailable(`act needs Go ${OLDEST_GO.major}.${OLDEST_GO.minor}, and this is ${text.trim()}`);
  }
  return 'go';
}

/** @param text what `go version` prints */
export function isRecentGo(text: string): boolean {
  const [, major = 0, minor = 0] = /\bgo(\d+)\.(\d+)/.exec(text)?.map(Number) ?? [];
  return major > OLDEST_GO.major || (major === OLDEST_GO.major && minor >= OLDEST_GO.minor);
}

async function buildAct(go: string, cache: string, act: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'building-'));
  try {
    await run(go, ['install', `github.com/nektos/act@v${VERSION}`], {
      env: { ...process.env, GOBIN: folder, GOFLAGS: '' },
      timeout: INSTALL_TIMEOUT_MS,
    });
    renameSync(join(folder, 'act'), act);
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    const [reason = String(error)] = stderr.trim().split('\n').slice(-1);
    throw new ActUnavailable(`act ${VERSION} cannot be built here: ${reason}`, { cause: error });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** By what Go wrote into the program: another version, or a file that was cut off, is noticed. */
async function checkModule(go: string, act: string): Promise<void> {
  const module = `mod\tgithub.com/nektos/act\tv${VERSION}\t${MODULE_SUM}`;
  const { stdout } = await run(go, ['version', '-m', act]).catch(() => ({ stdout: '' }));
  if (!stdout.split('\n').some((line) => line.trim() === module)) {
    throw new Error(`${act} is not act ${VERSION} as published. Remove it, and it is built again.`);
  }
}
