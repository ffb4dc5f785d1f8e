/** A runner that starts an action with a Node that is too old. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { parse } from 'acorn';
import { startRun, workspaceWith } from './harness.ts';

const ENTRIES = fileURLToPath(new URL('../../dist/entries/', import.meta.url));
const NEEDED_MAJOR = 24;

/** The first Node of the machine that is older than what an action needs: npm's scripts have Node 24 before it. */
function findOldNode(): { path: string; version: string } | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, process.platform === 'win32' ? 'node.exe' : 'node');
    if (!existsSync(path)) continue;
    const version = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim();
    if (Number(/^v(\d+)/.exec(version)?.[1]) < NEEDED_MAJOR) return { path, version };
  }
  return undefined;
}

const oldNode = findOldNode();
const withOldNode = oldNode === undefined ? test.skip : test;

withOldNode.each(['.', 'batch-upload', 'logs', 'preview-cleanup', 'preview-gate', 'redirects', 'rollback'])(
  'one line names the Node that was found, the one that is needed, and what to do (%s)',
  async (action) => {
    const { path = '', version = '' } = oldNode ?? {};
    const run = await startRun({ action, workspace: workspaceWith(), nodePath: path, measuresMemory: false }).finished;
    expect({ code: run.exitCode, stderr: run.stderr, lines: run.lines.length }).toEqual({
      code: 1,
      stderr: '',
      lines: 1,
    });
    expect(run.annotations).toMatchObject([{ level: 'error', title: 'Node.js too old' }]);
    const message = run.annotations[0]?.message ?? '';
    for (const words of ['Node.js 24', version, 'runner']) expect(message).toContain(words);
  },
);

withOldNode('outside of a runner that line is plain text', async () => {
  const options = { workspace: workspaceWith(), nodePath: oldNode?.path ?? '', env: { GITHUB_ACTIONS: '' } };
  const run = await startRun({ ...options, measuresMemory: false }).finished;
  expect({ code: run.exitCode, stdout: run.lines }).toEqual({ code: 1, stdout: [] });
  expect(run.stderr.trim().split('\n')).toHaveLength(1);
  expect(run.stderr).toContain(`needs Node.js 24 or newer, and was started with ${oldNode?.version}`);
});

withOldNode('a post step that has nothing to do says nothing', async () => {
  const options = { workspace: workspaceWith(), nodePath: oldNode?.path ?? '', postOf: {} };
  const run = await startRun({ ...options, measuresMemory: false }).finished;
  expect({ code: run.exitCode, stdout: run.lines, stderr: run.stderr }).toEqual({ code: 0, stdout: [], stderr: '' });
});

/** Runners do not start the entry files of threads. */
const started = readdirSync(ENTRIES).filter((name) => !name.endsWith('-worker.js'));

test.each(started)('%s is valid in old Nodes, and loads the bundle only to run it', (name) => {
  const text = readFileSync(join(ENTRIES, name), 'utf8');
  expect(() => parse(text, { ecmaVersion: 2020, sourceType: 'module' })).not.toThrow();
  expect(text).not.toMatch(/^import .*main\.js/m);
});
