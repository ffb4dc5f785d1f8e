import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import {
  type CheckedFile,
  collectFiles,
  stageFiles,
  withTags,
  workflowsIn,
} from '../../scripts/check-workflows/files.ts';
import { installTool, runCommand, ToolUnavailable } from '../../scripts/check-workflows/tool.ts';
import { parseZizmor } from '../../scripts/check-workflows/zizmor.ts';
import { renderFinding } from '../../scripts/check-workflows.ts';
import { temporaryFolder } from '../clean-up.ts';
import { timeoutMs } from '../timeouts.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SHA = '0123456789012345678901234567890123456789';

test('it reads all workflows, examples, actions, and the workflows in Markdown', () => {
  const sources = collectFiles(ROOT).map(({ source }) => source);
  for (const folder of ['.github/workflows', 'examples']) {
    for (const name of readdirSync(join(ROOT, folder))) expect(sources).toContain(`${folder}/${name}`);
  }
  expect(sources).toEqual(expect.arrayContaining(['.github/dependabot.yml', 'action.yml', 'README.md']));
  for (const name of readdirSync(ROOT).filter((one) => existsSync(join(ROOT, one, 'action.yml')))) {
    expect(sources).toEqual(expect.arrayContaining([`${name}/action.yml`, `${name}/README.md`]));
  }
});

test('a workflow in Markdown keeps the numbers of its lines; parts of one and those with an ellipsis are left out', () => {
  const workflow = 'on: push\njobs: {}\n';
  const markdown = `# Title\n\n\`\`\`yaml\n- uses: x\n\`\`\`\n\n\`\`\`yaml\n${workflow}\`\`\`\n\`\`\`yaml\n${workflow}# …\n\`\`\`\n`;
  const [file, ...others] = workflowsIn('docs/a.md', markdown);
  expect(others).toEqual([]);
  expect(file).toMatchObject({ source: 'docs/a.md', path: 'docs/a.md-8.yml' });
  expect(file?.text.split('\n').indexOf('on: push')).toBe(markdown.split('\n').indexOf('on: push'));
});

test('actionlint sees the major version of what is pinned by a commit', () => {
  expect(withTags(`- uses: a/b@${SHA} # v7.0.1\n- uses: ./c # v1`)).toBe('- uses: a/b@v7\n- uses: ./c # v1');
});

test('copies of the files look like the repository', () => {
  const folder = join(temporaryFolder(), 'stage');
  stageFiles([{ source: 'a/b.md', path: 'a/b.md-2.yml', text: 'x' }], { root: ROOT, folder });
  expect(readdirSync(folder).sort()).toEqual(['.git', 'a', 'dist']);
  expect(readdirSync(join(folder, 'a'))).toEqual(['b.md-2.yml']);
});

test("a finding of zizmor is at its main place, and is printed with the Markdown file's path", () => {
  const location = (kind: string, row: number) => ({
    symbolic: { kind, key: { Local: { verbatim_path: 'README.md-39.yml' } } },
    concrete: { location: { start_point: { row, column: 2 } } },
  });
  const finding = { ident: 'unpinned-uses', desc: 'unpinned', url: 'https://docs.example.com' };
  const [parsed] = parseZizmor(
    JSON.stringify([{ ...finding, locations: [location('Related', 3), location('Primary', 57)] }]),
  );
  const files = [{ source: 'README.md', path: 'README.md-39.yml', text: '' }];
  expect(parsed && renderFinding(parsed, files)).toBe(
    'README.md:58: unpinned (https://docs.example.com) [zizmor: unpinned-uses]',
  );
});

/** In a process of its own: Jest has a loader of its own, which takes no hooks. */
async function languageService(...files: CheckedFile[]): Promise<string[]> {
  const script = `import('./scripts/check-workflows/language-service.ts')
    .then(({ runLanguageService }) => runLanguageService(JSON.parse(process.argv[1])))
    .then((findings) => console.log(JSON.stringify(findings)));`;
  const hooks = './scripts/check-workflows/json-modules.ts';
  const args = ['--import', hooks, '-e', script, JSON.stringify(files)];
  const { stdout } = await runCommand(process.execPath, args, { cwd: ROOT, timeoutMs: timeoutMs(20_000) });
  const findings = JSON.parse(stdout) as { path: string; line: number; message: string }[];
  return findings.map(({ path, line, message }) => `${path}:${line}: ${message}`);
}

test("the language service knows this repository's inputs, GitHub's syntax, and action.yml files", async () => {
  const workflow = (path: string, step: string): CheckedFile => {
    const text = `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - ${step}\n`;
    return { source: path, path, text };
  };
  const ours = 'OWNER/catalyst-deploy-action/redirects';
  const found = await languageService(
    ...collectFiles(ROOT).filter(({ path }) => path === 'redirects/action.yml'),
    workflow('missing.yml', `uses: ${ours}@v0`),
    workflow('unknown.yml', `{ uses: ${ours}@v0, with: { command: plan, file: a, nope: c } }`),
    workflow('no-action.yml', `uses: ${ours}/nope@v0`),
    workflow('context.yml', `run: echo \${{ nope.x }}`),
    workflow('foreign.yml', 'uses: actions/checkout@v7'),
    { source: 'a/action.yml', path: 'a/action.yml', text: 'name: a\ndescription: b\nruns:\n  using: node1\n' },
  );
  expect(found).toEqual([
    expect.stringContaining('missing.yml:6: Missing required input'),
    "unknown.yml:6: Invalid action input 'nope'",
    expect.stringContaining('no-action.yml:6: Unable to resolve action'),
    expect.stringContaining('context.yml:6: '),
    expect.stringContaining('a/action.yml:'),
    expect.stringContaining('a/action.yml:'),
  ]);
});

test('a tool is installed once; one that cannot be had says why, and leaves nothing', async () => {
  const cache = temporaryFolder();
  const install = (script: string, name = 'tool-1') =>
    installTool(
      {
        name,
        programs: ['missing', 'program'],
        command: (folder) => ({ command: process.execPath, args: ['-e', script, folder] }),
        timeoutMs: timeoutMs(20_000),
      },
      cache,
    );
  const make = "fs.mkdirSync(process.argv[1]); fs.writeFileSync(process.argv[1] + '/program', '')";
  expect(await install(make)).toBe(join(cache, 'tool-1', 'program'));
  expect(await install('process.exit(1)')).toBe(join(cache, 'tool-1', 'program'));
  const failing = install(`${make}; console.error('no registry'); process.exit(2)`, 'tool-2');
  await expect(failing).rejects.toThrow(ToolUnavailable);
  await expect(failing).rejects.toThrow('tool-2 cannot be installed here: no registry');
  await expect(install('fs.mkdirSync(process.argv[1])', 'tool-3')).rejects.toThrow(
    'tool-3 was installed, but missing, program is not there',
  );
  expect(readdirSync(cache).filter((name) => !['tool-1', 'tool-3'].includes(name))).toEqual([]);
});

test('a command that is not there, or takes too long, is an error that names it', async () => {
  await expect(runCommand('no-such-program', [], { timeoutMs: 1000 })).rejects.toThrow('no-such-program: ');
  const endless = runCommand(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { timeoutMs: 200 });
  await expect(endless).rejects.toThrow(`${process.execPath}: took more than 0.2 s`);
});

test('without Python and Go the command skips their checkers, and fails when they are required', async () => {
  const cache = temporaryFolder();
  const run = (...args: string[]) =>
    runCommand(process.execPath, ['scripts/check-workflows.ts', ...args], {
      cwd: ROOT,
      timeoutMs: timeoutMs(20_000),
      env: { PATH: cache, WORKFLOWS_CACHE: cache },
    });
  const skipped = await run();
  expect(skipped.stdout).toMatch(/^skip zizmor: .* cannot be installed here: /m);
  expect(skipped.stdout).toMatch(/^skip actionlint: .* cannot be installed here: /m);
  expect(skipped.stdout).toMatch(/^ok {3}@actions\/languageservice: 0 findings/m);
  expect(skipped.exitCode).toBe(0);
  const required = await run('--require-tools');
  expect(required.stdout).toMatch(/^FAIL zizmor: /m);
  expect(required.exitCode).toBe(1);
  const wrong = await run('--nope');
  expect(wrong).toMatchObject({ exitCode: 1, stdout: '' });
  expect(wrong.stderr).toContain('Usage: npm run check:workflows');
});
