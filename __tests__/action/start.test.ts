/** What an action has loaded by the time of its first line. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { platform, reach, startRun, workspaceWith } from './harness.ts';

const DIST = resolve(dirname(fileURLToPath(import.meta.url)), '../../dist');

/** Classes of undici, of `@actions/github`, and of `@actions/artifact`: their names stay in the bundle. */
const LATE = ['class EnvHttpProxyAgent', 'class Octokit', 'class DefaultArtifactClient'];

/** Reports each loaded file on standard error. */
const LISTENER = `import { registerHooks } from 'node:module';
import { writeSync } from 'node:fs';
registerHooks({ load(url, context, next) { writeSync(2, 'loaded ' + url + '\\n'); return next(url, context); } });`;
const LISTENING = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(LISTENER)}` };

function partsOf(text: string): string[] {
  return LATE.filter((name) => text.includes(name));
}

function loadedParts(stderr: string): string[] {
  const files = [...stderr.matchAll(/^loaded (file:.*\.js)$/gm)].map(([, url = '']) => fileURLToPath(url));
  return partsOf(files.map((path) => readFileSync(path, 'utf8')).join('\n'));
}

test('the bundle holds all three, none of them in its main file', () => {
  const files = readdirSync(DIST).filter((name) => name.endsWith('.js'));
  expect(partsOf(files.map((name) => readFileSync(join(DIST, name), 'utf8')).join('\n'))).toEqual(LATE);
  expect(partsOf(readFileSync(join(DIST, 'main.js'), 'utf8'))).toEqual([]);
});

test.each([
  ['.', 'dry-run'],
  ['rollback', 'dry-run'],
  ['redirects', 'timeout-minutes'],
  ['batch-upload', 'dry-run'],
  ['logs', 'max-entries'],
  ['preview-cleanup', 'dry-run'],
  ['preview-gate', 'keep-check-open'],
])('action %s reads its inputs without a network client', async (action, input) => {
  const run = await startRun({ action, inputs: { [input]: 'perhaps' }, env: LISTENING, workspace: workspaceWith() })
    .finished;
  expect(run.annotations.map(({ title }) => title)).toEqual([expect.stringMatching(/^Invalid inputs?$/)]);
  expect(run.stderr).toMatch(/^loaded .*main\.js$/m);
  expect(loadedParts(run.stderr)).toEqual([]);
});

test('a deployment loads the HTTP client, and without a token no client of GitHub', async () => {
  const emulator = await platform();
  const run = await startRun({ inputs: { ...reach(emulator), 'github-token': '' }, env: LISTENING }).finished;
  expect(run.exitCode).toBe(0);
  expect(loadedParts(run.stderr)).toEqual(['class EnvHttpProxyAgent']);
});
