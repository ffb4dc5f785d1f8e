import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { vendorToolEnvironment } from '../../scripts/vendor-tool.ts';
import { timeoutMs } from '../timeouts.ts';

const run = promisify(execFile);

interface ToolResult {
  code: number;
  /** Both streams, without colours. */
  output: string;
  stdout: string;
}

interface RunningTool {
  /** Ends it as soon as its standard output matches. */
  stopAt(pattern: RegExp): Promise<ToolResult>;
  done: Promise<ToolResult>;
}

export interface VendorTool {
  /** A directory below that of the tool, which is made where it is missing. */
  directory(name: string): Promise<string>;
  start(emulator: Emulator, args: readonly string[], cwd?: string): RunningTool;
  run(emulator: Emulator, args: readonly string[], cwd?: string): Promise<ToolResult>;
}

/** Installs the vendor's own command-line tool for the tests of a file: the only other client that there is. */
export function useVendorTool(): VendorTool {
  let root = '';

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'vendor-tool-'));
    await writeFile(join(root, 'package.json'), '{"private": true}');
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '@bigcommerce/catalyst@1.4.1'];
    await run('npm', args, { cwd: root, shell: process.platform === 'win32' });
  }, timeoutMs(300_000));

  afterAll(() => rm(root, { recursive: true, force: true }));

  const start = (emulator: Emulator, args: readonly string[], cwd = root): RunningTool => {
    const tool = join(root, 'node_modules', '@bigcommerce', 'catalyst', 'dist', 'cli.js');
    const env = vendorToolEnvironment(emulator, join(root, 'home'));
    const running = run(process.execPath, [tool, ...args], { cwd, env, timeout: timeoutMs(60_000) });
    const done = running.then(
      ({ stdout, stderr }) => createResult(0, stdout, stderr),
      ({ code, stdout, stderr }) => createResult(code, stdout, stderr),
    );
    const { child } = running;
    const stopAt = (pattern: RegExp) => {
      let seen = '';
      child.stdout?.on('data', (chunk) => {
        seen += chunk;
        if (pattern.test(seen)) child.kill();
      });
      return done;
    };
    return { stopAt, done };
  };

  return {
    directory: async (name) => {
      await mkdir(join(root, name), { recursive: true });
      return join(root, name);
    },
    start,
    run: (emulator, args, cwd) => start(emulator, args, cwd).done,
  };
}

function createResult(code: number, stdout: string, stderr: string): ToolResult {
  return { code, stdout, output: stripVTControlCharacters(stdout + stderr) };
}
