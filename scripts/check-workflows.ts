/**
 * Checks workflows, examples, `action.yml` files and the whole workflows in Markdown with zizmor, actionlint and GitHub's
 * language service: `npm run check:workflows`. An exception is a comment where it stands, or in `.github/zizmor.yml`.
 * A checker that cannot be had is skipped with a sentence, or is a failure with --require-tools. With --online zizmor
 * asks GitHub about the pinned commits, too (token in GH_TOKEN).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runActionlint } from './check-workflows/actionlint.ts';
import { type CheckedFile, collectFiles } from './check-workflows/files.ts';
import { runLanguageService } from './check-workflows/language-service.ts';
import { type Finding, ToolUnavailable } from './check-workflows/tool.ts';
import { runZizmor } from './check-workflows/zizmor.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const USAGE = 'Usage: npm run check:workflows -- [--require-tools] [--online]';
/** By the time limits of the checkers. */
const boundOf = (isOnline: boolean): string =>
  `Ends within ${isOnline ? 7 : 3} minutes; the first time, which installs the tools, 7 more`;

/** A line for people and for the terminal's links: `README.md:58: …`. */
export function renderFinding({ tool, path, line, rule, message }: Finding, files: readonly CheckedFile[]): string {
  const source = files.find((file) => file.path === path)?.source ?? path;
  return `${source}:${line}: ${message} [${tool}: ${rule}]`;
}

async function checkWorkflows({ isRequired, isOnline }: { isRequired: boolean; isOnline: boolean }): Promise<number> {
  const files = collectFiles(ROOT);
  console.log(`${files.length} files: ${[...new Set(files.map(({ source }) => source))].join(', ')}`);
  const folder = mkdtempSync(join(tmpdir(), 'check-workflows-'));
  const tools: Record<string, () => Promise<Finding[]>> = {
    zizmor: () => runZizmor(files, { root: ROOT, folder: join(folder, 'zizmor'), isOnline }),
    actionlint: () => runActionlint(files, { root: ROOT, folder: join(folder, 'actionlint') }),
    '@actions/languageservice': async () => {
      await import('./check-workflows/json-modules.ts');
      return runLanguageService(files);
    },
  };
  let failed = 0;
  try {
    for (const [name, run] of Object.entries(tools)) {
      const begin = performance.now();
      try {
        const findings = await run();
        for (const finding of findings) console.log(renderFinding(finding, files));
        const seconds = ((performance.now() - begin) / 1000).toFixed(1);
        console.log(`${findings.length === 0 ? 'ok  ' : 'FAIL'} ${name}: ${findings.length} findings (${seconds} s)`);
        if (findings.length > 0) failed += 1;
      } catch (error) {
        const isSkipped = error instanceof ToolUnavailable && !isRequired;
        console.log(`${isSkipped ? 'skip' : 'FAIL'} ${name}: ${error instanceof Error ? error.message : error}`);
        if (!isSkipped) failed += 1;
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return failed === 0 ? 0 : 1;
}

function readOptions(): { isRequired: boolean; isOnline: boolean } | undefined {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({ options: { 'require-tools': flag, online: flag } });
    return { isRequired: values['require-tools'], isOnline: values.online };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    return undefined;
  }
}

if (import.meta.main) {
  const options = readOptions();
  if (options !== undefined) console.log(boundOf(options.isOnline));
  process.exitCode = options === undefined ? 1 : await checkWorkflows(options);
}
