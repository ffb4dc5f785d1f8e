import { expect, test } from '@jest/globals';
import { InputError } from '../../src/errors.ts';
import { type CleanupInputs, readCleanupInputs } from '../../src/inputs/preview-cleanup.ts';
import { type Given, makeSource, makeWorkspace, TOKEN } from './helpers.ts';

const VALID = { 'store-hash': 'abc123', 'access-token': TOKEN, 'github-token': 'ghs_0123456789' };
const ENV = { GITHUB_REPOSITORY: 'acme/storefront' };

function read(inputs: Record<string, string> = {}, given: Given = {}): CleanupInputs {
  return readCleanupInputs(makeSource({ env: ENV, ...given, inputs: { ...VALID, ...inputs } })).inputs;
}

function problemsOf(inputs: Record<string, string>, given: Given = {}): Record<string, string> {
  try {
    read(inputs, given);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return Object.fromEntries(error.problems.map(({ input, problem }) => [input, problem]));
  }
  return {};
}

test('missing inputs have their defaults', () => {
  expect(read()).toEqual({
    storeHash: 'abc123',
    accessToken: TOKEN,
    apiOrigin: 'https://api.bigcommerce.com',
    naming: { base: 'storefront', hash: '5506367a' },
    target: { kind: 'sweep' },
    environment: 'preview',
    dryRun: false,
    github: { token: 'ghs_0123456789' },
  });
});

test('the input has precedence over the event, the event over all pull requests', () => {
  expect(read({ 'pull-request': '12' }, { eventPullRequest: 7 }).target).toEqual({ kind: 'one', pullRequest: 12 });
  expect(read({}, { eventPullRequest: 7 }).target).toEqual({ kind: 'one', pullRequest: 7 });
  expect(read({ 'pull-request': ' ' }).target).toEqual({ kind: 'sweep' });
});

test('github-token may be empty only on a pull request’s event', () => {
  const inputs = { 'github-token': ' ' };
  expect(read(inputs, { eventPullRequest: 7 }).github).toEqual({ token: undefined });
  expect(problemsOf(inputs)['github-token']).toContain('has no pull request');
  expect(problemsOf({ ...inputs, 'pull-request': '7' })['github-token']).toContain('`pull-request` is given');
  expect(problemsOf({ ...inputs, 'pull-request': '7' }, { eventPullRequest: 7 })).toHaveProperty('github-token');
});

test.each(['0', '-1', '1.5', '07', '2147483648', 'seven', '#7'])('%j is not a pull request', (text) => {
  expect(Object.keys(problemsOf({ 'pull-request': text }))).toEqual(['pull-request']);
});

test.each(['production', 'Production', ' PRODUCTION '])('%j is not an environment of previews', (environment) => {
  expect(problemsOf({ environment })).toEqual({
    environment: 'It is "production", and only previews are deleted here.',
  });
});

test('a group of the comment is taken, and a wrong one refused', () => {
  expect(read({ 'comment-group': ' Stores ' }).github.commentGroup).toBe('Stores');
  expect(read({}).github.commentGroup).toBeUndefined();
  expect(problemsOf({ 'comment-group': 'a\nb' })).toHaveProperty('comment-group');
});

test('another environment is used unchanged, an empty one is `preview`', () => {
  expect(read({ environment: 'Staging (EU)' }).environment).toBe('Staging (EU)');
  expect(read({ environment: '' }).environment).toBe('preview');
  expect(problemsOf({ environment: 'a\nb' })).toHaveProperty('environment');
});

test('credentials may come from the environment or the project file of the workspace', () => {
  const workspace = makeWorkspace({ '.bigcommerce/project.json': JSON.stringify({ accessToken: TOKEN }) });
  const env = { ...ENV, CATALYST_STORE_HASH: 'fromenv1', CATALYST_API_HOST: 'api.example.com' };
  const found = read({ 'store-hash': '', 'access-token': '' }, { workspace, env });
  expect(found).toMatchObject({ storeHash: 'fromenv1', accessToken: TOKEN, apiOrigin: 'https://api.example.com' });
});

test('every credential is masked, even if other inputs are wrong', () => {
  const env = { CATALYST_ACCESS_TOKEN: 'other-token-0123' };
  const source = makeSource({ env, inputs: { ...VALID, 'dry-run': 'perhaps' } });
  expect(() => readCleanupInputs(source)).toThrow(InputError);
  expect(source.masks).toEqual(expect.arrayContaining([TOKEN, 'other-token-0123', 'ghs_0123456789']));
});
