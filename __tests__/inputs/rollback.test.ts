import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse as parseYaml } from 'yaml';
import { InputError } from '../../src/errors.ts';
import { readRollbackInputs } from '../../src/inputs/rollback.ts';
import {
  GITHUB_DEFAULTS,
  type Given,
  HOSTING,
  makeSource,
  makeWorkspace,
  OTHER_UUID,
  problemInputs,
  TOKEN,
  UUID,
  VERIFICATION_DEFAULTS,
} from './helpers.ts';

const GITHUB_TOKEN = 'ghs_0123456789';
const VALID = { 'store-hash': 'abc123', 'access-token': TOKEN, 'github-token': GITHUB_TOKEN };

function read(inputs: Record<string, string> = {}, rest: Given = {}) {
  return readRollbackInputs(makeSource({ ...rest, inputs: { ...VALID, ...inputs } })).inputs;
}

function problemsOf(inputs: Record<string, string>): string[] {
  return problemInputs(() => read(inputs));
}

test('missing inputs have the defaults of action.yml', () => {
  expect(read()).toEqual({
    storeHash: 'abc123',
    accessToken: TOKEN,
    project: { kind: 'default' },
    diagnostics: 'on-failure',
    from: { kind: 'previous' },
    variables: [HOSTING],
    onConflict: 'fail',
    conflictTimeoutMs: 600_000,
    maxAttempts: 2,
    timeoutMs: 900_000,
    dryRun: false,
    verification: VERIFICATION_DEFAULTS,
    apiOrigin: 'https://api.bigcommerce.com',
    environment: 'production',
    token: GITHUB_TOKEN,
    github: { ...GITHUB_DEFAULTS, token: GITHUB_TOKEN, comment: false },
  });
});

test('exactly the inputs of action.yml are read', () => {
  const action: { inputs: Record<string, { default?: string }> } = parseYaml(
    readFileSync(new URL('../../rollback/action.yml', import.meta.url), 'utf8'),
  );
  const asked = new Set<string>();
  const source = makeSource({ inputs: VALID });
  readRollbackInputs({
    ...source,
    input: (name) => {
      asked.add(name);
      return source.input(name);
    },
  });
  // Those that a rollback leaves as they are by default.
  const ofComments = ['comment', 'comment-group', 'comment-footer'];
  const ofDeployments = ['pull-request', 'sha', ...ofComments, 'preview', 'command-phrase', 'check-run-id'];
  expect([...asked].filter((name) => !ofDeployments.includes(name)).sort()).toEqual(Object.keys(action.inputs).sort());
});

test('only inputs name a project', () => {
  const workspace = makeWorkspace({ '.bigcommerce/project.json': JSON.stringify({ projectUuid: OTHER_UUID }) });
  const env = { CATALYST_PROJECT_UUID: OTHER_UUID };
  expect(read({}, { env, workspace }).project).toEqual({ kind: 'default' });
  expect(read({ 'project-uuid': UUID.toUpperCase() }, { env }).project).toEqual({ kind: 'uuid', uuid: UUID });
  expect(read({ 'project-name': 'shop' }, { env }).project).toEqual({
    kind: 'name',
    name: 'shop',
    createIfMissing: false,
  });
});

test('credentials may come from the environment and the project file', () => {
  const workspace = makeWorkspace({ '.bigcommerce/project.json': JSON.stringify({ accessToken: 'from-the-file' }) });
  const env = { CATALYST_STORE_HASH: 'fromenv' };
  expect(read({ 'store-hash': '', 'access-token': '' }, { env, workspace })).toMatchObject({
    storeHash: 'fromenv',
    accessToken: 'from-the-file',
  });
});

test.each([
  ['from-deployment', 'deployment'],
  ['from-run', 'run'],
  ['from-artifact', 'artifact'],
  ['from-pull-request', 'pull-request'],
])('%s names the bundle', (input, kind) => {
  expect(read({ [input]: '7' }).from).toEqual({ kind, id: 7 });
  for (const bad of ['0', '-1', '1e3', 'x', '9'.repeat(20)]) expect(problemsOf({ [input]: bad })).toEqual([input]);
});

test('a rollback ignores the pull request of the event', () => {
  expect(read({}, { eventPullRequest: 7 }).github.pullRequest).toBeUndefined();
});

test('all problems are reported at once', () => {
  const inputs = {
    'access-token': '',
    'github-token': '',
    'project-uuid': 'x',
    'project-name': 'shop',
    'from-run': '1',
    'from-artifact': 'x',
    'max-attempts': '0',
    'dry-run': 'perhaps',
    secrets: 'no line',
  };
  const expected = ['access-token', 'github-token', 'project-name', 'project-uuid', 'from-run', 'from-artifact'];
  expect(problemsOf(inputs).toSorted()).toEqual([...expected, 'max-attempts', 'dry-run', 'secrets'].toSorted());
});

test('an empty token is a problem that says where one comes from', () => {
  expect(() => read({ 'github-token': '' })).toThrow(
    'github-token: It is empty, and only GitHub knows what was deployed before and which artifact has it. Leave the input out: the default is `github.token`.',
  );
});

test('secrets are masked even then', () => {
  const source = makeSource({ inputs: { ...VALID, secrets: 'A=hidden-value', 'dry-run': 'perhaps' } });
  expect(() => readRollbackInputs(source)).toThrow(InputError);
  expect(source.masks).toEqual(expect.arrayContaining([TOKEN, GITHUB_TOKEN, 'hidden-value']));
});
