import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { collectFiles } from '../../scripts/check-workflows/files.ts';
import { followsTheRules, type Job, readWorkflow } from './workflow-rules.ts';

const FOLDER = fileURLToPath(new URL('../../.github/workflows', import.meta.url));
/** https://github.com/ossf/scorecard/blob/main/docs/checks.md */
const SCORECARD_CHECKS = [
  'Binary-Artifacts',
  'Branch-Protection',
  'CI-Tests',
  'CII-Best-Practices',
  'Code-Review',
  'Contributors',
  'Dangerous-Workflow',
  'Dependency-Update-Tool',
  'Fuzzing',
  'License',
  'Maintained',
  'Packaging',
  'Pinned-Dependencies',
  'SAST',
  'SBOM',
  'Security-Policy',
  'Signed-Releases',
  'Token-Permissions',
  'Vulnerabilities',
  'Webhooks',
];
const PIN = /(?<=uses: )[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/gm;

describe.each(readdirSync(FOLDER))('%s', (name) => {
  const file = readWorkflow(FOLDER, name);
  followsTheRules(file);
});

test('an action is pinned by one commit, in the workflows, the examples and each README', () => {
  const texts = collectFiles(join(FOLDER, '../..')).map(({ text }) => text);
  const pins = new Set(texts.flatMap((text) => text.match(PIN) ?? []));
  const actions = [...pins].map((pin) => pin.replace(/@.*/, ''));
  expect(actions.length).toBeGreaterThan(4);
  expect(actions.filter((action, index) => actions.indexOf(action) !== index)).toEqual([]);
});

test("no workflow starts by what would give a stranger's code secrets", () => {
  const triggers = readdirSync(FOLDER).flatMap((name) => Object.keys(readWorkflow(FOLDER, name).workflow.on ?? {}));
  expect(triggers).toContain('pull_request');
  for (const dangerous of ['pull_request_target', 'workflow_run', 'issue_comment']) {
    expect(triggers).not.toContain(dangerous);
  }
});

test("SECURITY.md answers each of Scorecard's checks, and names files that are there", () => {
  const security = readFileSync(join(FOLDER, '../SECURITY.md'), 'utf8');
  const answered = [...security.matchAll(/^\| ([A-Z][\w-]+) \|/gm)].map(([, check]) => check);
  expect(answered).toEqual(SCORECARD_CHECKS);
  const folders = [FOLDER, join(FOLDER, '..'), join(FOLDER, '../..')];
  const named = [...security.matchAll(/`([\w-]+\.yml|LICENSE)`/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !folders.some((folder) => readdirSync(folder).includes(name)))).toEqual([]);
});

test('the other YAML of .github can be read', () => {
  const dependabot: unknown = parse(readFileSync(join(FOLDER, '../dependabot.yml'), 'utf8'));
  expect(dependabot).toMatchObject({ version: 2 });
});

test('all workflows, examples and actions are checked in CI, which has all checkers', () => {
  const { steps } = readWorkflow(FOLDER, 'ci.yml');
  expect(steps.map(({ run }) => run)).toContain('npm run check:workflows -- --require-tools');
});

test('each command of npm that a workflow runs is there', () => {
  const { scripts } = JSON.parse(readFileSync(join(FOLDER, '../../package.json'), 'utf8'));
  const texts = readdirSync(FOLDER).map((name) => readFileSync(join(FOLDER, name), 'utf8'));
  const commands = texts.flatMap((text) => [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name = '']) => name));
  expect(commands).toEqual(expect.arrayContaining(['faults', 'load', 'mutants', 'e2e', 'check:workflows', 'release']));
  expect(commands.filter((name) => !(name in scripts))).toEqual([]);
});

test('the full forms run by the schedule, bounded by less than their job, and drawn anew', () => {
  const { jobs } = readWorkflow(FOLDER, 'full.yml').workflow;
  const { strategy, 'timeout-minutes': limit = 0 } = jobs['full'] as Job & {
    strategy: { matrix: { command: string[] } };
  };
  const { command } = strategy.matrix;
  expect(command.map((one) => /^npm run ([\w:]+)/.exec(one)?.[1])).toEqual(['faults', 'load', 'mutants', 'test:heavy']);
  const minutes = command.flatMap((one) => /--minutes (\d+)/.exec(one)?.[1] ?? []).map(Number);
  expect(minutes).toHaveLength(2);
  expect(Math.max(...minutes)).toBeLessThan(limit - 20);
  for (const one of command.filter((text) => /load|mutants/.test(text))) {
    expect(one).toContain('--seed "$GITHUB_RUN_NUMBER"');
  }
});

test('nothing that a package brings along runs when it is installed', () => {
  const { steps } = readWorkflow(FOLDER, 'ci.yml');
  const installs = readdirSync(FOLDER)
    .flatMap((name) => readWorkflow(FOLDER, name).steps)
    .filter(({ run }) => /\bnpm (?:ci|i|install)\b/.test(run ?? ''));
  expect(installs.length).toBeGreaterThan(steps.length / 10);
  expect(installs.filter(({ run }) => !run?.includes('--ignore-scripts'))).toEqual([]);
});
