/** What the checkers of workflows have in common: their findings, and how those that are no npm package are installed. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

export interface Finding {
  tool: string;
  /** Path of the file for the tool, and the line in it, from 1. */
  path: string;
  line: number;
  rule: string;
  message: string;
}

/** A checker cannot be had here, for want of a program or of its registry. */
export class ToolUnavailable extends Error {}

export const CACHE = resolve(process.env['WORKFLOWS_CACHE'] ?? join(tmpdir(), 'storefront-deploy-workflows'));
const MAX_OUTPUT_BYTES = 20_000_000;

export interface CommandResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a command to its end, whatever its exit status.
 * @throws when it cannot be started, or the time is over
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: { timeoutMs: number; cwd?: string; env?: NodeJS.ProcessEnv },
): Promise<CommandResult> {
  const { timeoutMs: timeout, ...rest } = options;
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args, {
      ...rest,
      timeout,
      killSignal: 'SIGKILL',
      maxBuffer: MAX_OUTPUT_BYTES,
    });
    return { exitCode: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr, killed } = error as Error & Record<string, unknown>;
    if (typeof code === 'number') return { exitCode: code, stdout: String(stdout), stderr: String(stderr) };
    const reason =
      killed === true ? `took more than ${timeout / 1000} s` : error instanceof Error ? error.message : error;
    throw new Error(`${command}: ${reason}`, { cause: error });
  }
}

export interface Installation {
  /** With its version: `zizmor-1.32.0`. */
  name: string;
  /** Path of the program below the folder of the installation. */
  programs: readonly string[];
  /** The command that installs it into a folder. */
  command: (folder: string) => { command: string; args: string[]; env?: NodeJS.ProcessEnv };
  timeoutMs: number;
}

/**
 * The program of an installation in the cache, which is made where it is not there yet.
 * @throws {ToolUnavailable} when it cannot be installed here
 */
export async function installTool(installation: Installation, cache = CACHE): Promise<string> {
  const { name, programs, timeoutMs } = installation;
  const folder = join(cache, name);
  const find = () => programs.map((program) => join(folder, program)).find((path) => existsSync(path));
  const installed = find();
  if (installed !== undefined) return installed;
  const partial = `${folder}.${process.pid}.partial`;
  const { command, args, env } = installation.command(partial);
  try {
    mkdirSync(dirname(folder), { recursive: true });
    const { exitCode, stdout, stderr } = await runCommand(command, args, {
      timeoutMs,
      env: { ...process.env, ...env },
    });
    if (exitCode !== 0) throw new Error(lastLine(stderr) || lastLine(stdout) || `exit status ${exitCode}`);
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ToolUnavailable(`${name} cannot be installed here: ${reason}`, { cause: error });
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  const program = find();
  if (program === undefined)
    throw new ToolUnavailable(`${name} was installed, but ${programs.join(', ')} is not there`);
  return program;
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
