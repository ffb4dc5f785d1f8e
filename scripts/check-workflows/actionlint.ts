/** actionlint checks syntax, types of expressions and inputs of actions: https://github.com/rhysd/actionlint. */
import { join } from 'node:path';
import { z } from 'zod';
import { type CheckedFile, isWorkflow, type Stage, stageFiles, withTags } from './files.ts';
import { type Finding, installTool, runCommand } from './tool.ts';

const VERSION = 'v1.7.12';
const INSTALL_TIMEOUT_MS = 300_000;
const RUN_TIMEOUT_MS = 60_000;
/** Exit statuses without and with findings. */
const USUAL_EXIT_CODES = [0, 1];

const Report = z.array(z.object({ message: z.string(), filepath: z.string(), line: z.int(), kind: z.string() }));

/** @throws {ToolUnavailable} when it cannot be installed here; another error when it cannot read a file */
export async function runActionlint(files: readonly CheckedFile[], stage: Stage): Promise<Finding[]> {
  const program = await installActionlint();
  stageFiles(
    files.map((file) => ({ ...file, text: withTags(file.text) })),
    stage,
  );
  const paths = files.filter(isWorkflow).map(({ path }) => path);
  const config = join(stage.root, '.github', 'actionlint.yml');
  const args = ['-config-file', config, '-format', '{{json .}}', '--', ...paths];
  const { exitCode, stdout, stderr } = await runCommand(program, args, {
    cwd: stage.folder,
    timeoutMs: RUN_TIMEOUT_MS,
  });
  if (!USUAL_EXIT_CODES.includes(exitCode)) throw new Error(`actionlint ended with exit status ${exitCode}: ${stderr}`);
  return Report.parse(JSON.parse(stdout)).map(({ filepath, line, kind, message }) => ({
    tool: 'actionlint',
    path: filepath.replaceAll('\\', '/'),
    line,
    rule: kind,
    message,
  }));
}

/** Built with Go, which checks it against Go's checksum database. */
async function installActionlint(): Promise<string> {
  return installTool({
    name: `actionlint-${VERSION}`,
    programs: ['actionlint', 'actionlint.exe'],
    command: (folder) => ({
      command: 'go',
      args: ['install', `github.com/rhysd/actionlint/cmd/actionlint@${VERSION}`],
      env: { GOBIN: folder },
    }),
    timeoutMs: INSTALL_TIMEOUT_MS,
  });
}
