import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { addressProblems, isForUsers, withAddress } from '../../../scripts/release/addresses.ts';
import { actionStepProblems, ourAction, readActions } from '../action-steps.ts';
import type { Workflow } from '../workflow-rules.ts';
import { versionOf } from './versions.ts';

const ROOT = join(import.meta.dirname, '../../..');
const VERSION = versionOf('1.2.3');

function problemsOf(text: string, owner?: string): string[] {
  return addressProblems('README.md', text, VERSION, owner);
}

test('each placeholder is named with its line', () => {
  expect(problemsOf('a\n- uses: OWNER/catalyst-deploy-action@v1\n\n# Replace OWNER.\nReplace `OWNER`')).toEqual([
    'README.md:2: OWNER is a placeholder.',
    'README.md:4: OWNER is a placeholder.',
    'README.md:5: OWNER is a placeholder.',
  ]);
});

test("GitHub's association OWNER is no placeholder, and no part of a name is", () => {
  expect(problemsOf(`contains('["OWNER", "MEMBER"]')\nGITHUB_REPOSITORY_OWNER OWNERS OWNER_ONLY`)).toEqual([]);
});

test('an address of another account or another major version is named', () => {
  expect(problemsOf('uses: acme/catalyst-deploy-action/logs@v1\nuses: Acme/catalyst-deploy-action@v1', 'acme')).toEqual(
    [],
  );
  expect(problemsOf('uses: acne/catalyst-deploy-action/logs@v1', 'acme')).toEqual([
    "README.md:1: acne/catalyst-deploy-action/logs@v1 is not acme's.",
  ]);
  expect(problemsOf('uses: acme/catalyst-deploy-action@v0')).toEqual([
    'README.md:1: acme/catalyst-deploy-action@v0 is not v1.',
  ]);
  expect(problemsOf('uses: acme/catalyst-deploy-action@v11')).toHaveLength(1);
});

test.each([
  ['uses: OWNER/catalyst-deploy-action/logs@v0 # why', 'uses: acme/catalyst-deploy-action/logs@v1 # why'],
  [
    'uses: OWNER/catalyst-deploy-action/.github/workflows/deploy-storefront.yml@v0',
    'uses: acme/catalyst-deploy-action/.github/workflows/deploy-storefront.yml@v1',
  ],
  ['`OWNER/catalyst-deploy-action@<commit SHA> # v0.1.0`', '`acme/catalyst-deploy-action@<commit SHA> # v1.2.3`'],
  ['Set it. Replace\n`OWNER` with the account that hosts this repository.\n', 'Set it.\n'],
  ['Replace `OWNER` with the account that\nhosts the action. More.', 'More.'],
  ['Copy it, and replace `OWNER`.', 'Copy it.'],
  ['Copy it, replace `OWNER`, and set it.', 'Copy it, and set it.'],
  ['# Replace OWNER. Before it.', '# Before it.'],
  ['# Before it. Replace OWNER.\n#', '# Before it.\n#'],
  ['# Replace OWNER, and this file.', '# Replace this file.'],
  ['["OWNER", "MEMBER"]', '["OWNER", "MEMBER"]'],
  ['* @OWNER\n', '* @acme\n'],
  ['https://github.com/OWNER/catalyst-deploy-action/actions', 'https://github.com/acme/catalyst-deploy-action/actions'],
])('%j becomes %j', (before, after) => {
  expect(withAddress(before, 'acme', VERSION)).toBe(after);
});

test('what users read is found in its folders', () => {
  const read = ['README.md', 'logs/README.md', 'action.yml', 'logs/action.yml', 'docs/api.md', 'examples/staging.yml'];
  read.push('.github/CODEOWNERS', '.github/SECURITY.md', '.github/ISSUE_TEMPLATE/bug.yml');
  expect(read.filter(isForUsers)).toEqual(read);
  expect(['CONTRIBUTING.md', 'CHANGELOG.md', 'src/README.ts', 'emulator/a/README.md'].filter(isForUsers)).toEqual([]);
});

const TRACKED = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0');
const FILES = TRACKED.filter((path) => isForUsers(path)).map((path) => ({
  path,
  text: withAddress(readFileSync(join(ROOT, path), 'utf8'), 'acme', VERSION),
}));

test('`prepare` leaves no placeholder in any text of this repository', () => {
  expect(FILES.length).toBeGreaterThan(20);
  expect(FILES.flatMap(({ path, text }) => addressProblems(path, text, VERSION, 'acme'))).toEqual([]);
});

test('no file that has the placeholder is forgotten: a release would keep it', () => {
  const own = /^(?:src|scripts|__tests__|emulator|dist)\/|^(?:CONTRIBUTING|CHANGELOG)\.md$|^$/;
  const others = TRACKED.filter((path) => !isForUsers(path) && !own.test(path) && !/\.(?:webp|svg)$/.test(path));
  expect(others.filter((path) => /(?<!["\w])OWNER\b/.test(readFileSync(join(ROOT, path), 'utf8')))).toEqual([]);
});

test('the examples are workflows with our actions after it, too', () => {
  const examples = FILES.filter(({ path }) => path.startsWith('examples/')).map(({ text }) => parse(text) as Workflow);
  const jobs = examples.flatMap(({ jobs }) => Object.values(jobs));
  expect(jobs.flatMap((job) => job.steps.flatMap((step) => ourAction(step) ?? [])).length).toBeGreaterThan(10);
  expect(jobs.flatMap((job) => actionStepProblems(job, readActions(ROOT)))).toEqual([]);
});
