/** zizmor finds weaknesses of workflows: https://docs.zizmor.sh. It is a program that PyPI has as a wheel. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type CheckedFile, type Stage, stageFiles } from './files.ts';
import { type Finding, installTool, runCommand } from './tool.ts';

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));
const VERSION = /^zizmor==(\S+)/m.exec(readFileSync(REQUIREMENTS, 'utf8'))?.[1];
const INSTALL_TIMEOUT_MS = 120_000;
const OFFLINE_TIMEOUT_MS = 60_000;
/** It asks GitHub for each action. */
const ONLINE_TIMEOUT_MS = 300_000;

const Point = z.object({ row: z.int() });
const Location = z.object({
  symbolic: z.object({ kind: z.string(), key: z.record(z.string(), z.object({ verbatim_path: z.string() })) }),
  concrete: z.object({ location: z.object({ start_point: Point }) }),
});
const Report = z.array(
  z.object({ ident: z.string(), desc: z.string(), url: z.string(), locations: z.array(Location) }),
);

export interface ZizmorOptions extends Stage {
  /** It asks GitHub, with the token in GH_TOKEN, whether each pinned commit is of the action, and that of its tag. */
  isOnline: boolean;
}

/** @throws {ToolUnavailable} when it cannot be installed here; another error when it cannot read a file */
export async function runZizmor(files: readonly CheckedFile[], options: ZizmorOptions): Promise<Finding[]> {
  const { root, folder, isOnline } = options;
  const program = await installZizmor();
  stageFiles(files, options);
  const args = ['--persona=pedantic', '--format=json', '--no-progress', '--no-exit-codes', '--strict-collection'];
  const config = `--config=${join(root, '.github/zizmor.yml')}`;
  const mode = isOnline ? [] : ['--offline'];
  const { exitCode, stdout, stderr } = await runCommand(
    program,
    [...args, config, ...mode, '--', ...files.map(({ path }) => path)],
    { cwd: folder, timeoutMs: isOnline ? ONLINE_TIMEOUT_MS : OFFLINE_TIMEOUT_MS },
  );
  if (exitCode !== 0) throw new Error(`zizmor ended with exit status ${exitCode}: ${stderr}`);
  return parseZizmor(stdout);
}

/** @param output its JSON */
export function parseZizmor(output: string): Finding[] {
  return Report.parse(JSON.parse(output)).map(({ ident, desc, url, locations }) => {
    const place = locations.find(({ symbolic }) => symbolic.kind === 'Primary') ?? locations[0];
    const [key] = Object.values(place?.symbolic.key ?? {});
    const line = (place?.concrete.location.start_point.row ?? 0) + 1;
    return { tool: 'zizmor', path: key?.verbatim_path ?? '', line, rule: ident, message: `${desc} (${url})` };
  });
}

async function installZizmor(): Promise<string> {
  const python = process.platform === 'win32' ? 'python' : 'python3';
  const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:'];
  return installTool({
    name: `zizmor-${VERSION}`,
    programs: ['bin/zizmor', 'Scripts/zizmor.exe', 'bin/zizmor.exe'],
    command: (folder) => ({
      command: python,
      args: [...args, '--require-hashes', `--target=${folder}`, `--requirement=${REQUIREMENTS}`],
    }),
    timeoutMs: INSTALL_TIMEOUT_MS,
  });
}
