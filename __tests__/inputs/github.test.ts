import { expect, test } from '@jest/globals';
import { hasAccessToken } from '../../src/inputs/credentials.ts';
import type { GitHubInputs } from '../../src/inputs/deploy.ts';
import { readDeployRun } from '../../src/inputs/deploy.ts';
import type { InputSource } from '../../src/inputs/source.ts';
import {
  errorOf,
  GITHUB_DEFAULTS,
  makeSource,
  makeWorkspace,
  OTHER_UUID,
  problemsOf,
  read,
  TOKEN,
  UUID,
  VALID,
} from './helpers.ts';

/** What is shown on GitHub. */
const shownBy = (source: InputSource) => readDeployRun(source).github;

const GITHUB_TOKEN = 'ghs_0123456789abcdefABCDEF';
const SHA = '4f9c1d2e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d';
const SHA_256 = 'a'.repeat(64);

test('empty and blank inputs count as not given', () => {
  expect(read().inputs.github).toEqual(GITHUB_DEFAULTS);
  const blank = Object.fromEntries(
    ['github-token', 'environment', 'pull-request', 'sha', 'comment', 'artifact-name'].map((name) => [name, ' \n']),
  );
  expect(read(blank)).toEqual({ inputs: expect.objectContaining({ github: GITHUB_DEFAULTS }), warnings: [] });
});

test.each<[string, string, Partial<GitHubInputs>]>([
  ['github-token', GITHUB_TOKEN, { token: GITHUB_TOKEN }],
  ['github-token', ` ${GITHUB_TOKEN}\n`, { token: GITHUB_TOKEN }],
  ['github-token', 'abcd', { token: 'abcd' }],
  ['environment', ' Production ', { environment: 'Production' }],
  ['environment', 'staging/eu west ☂ <b>', { environment: 'staging/eu west ☂ <b>' }],
  ['environment', 'e'.repeat(255), { environment: 'e'.repeat(255) }],
  ['pull-request', '1', { pullRequest: 1 }],
  ['pull-request', '2147483647', { pullRequest: 2_147_483_647 }],
  ['sha', SHA, { sha: SHA }],
  ['sha', SHA.toUpperCase(), { sha: SHA }],
  ['sha', SHA_256, { sha: SHA_256 }],
  ['github-deployment', 'false', { githubDeployment: false }],
  ['github-deployment', 'TRUE', { githubDeployment: true }],
  ['comment', 'False', { comment: false }],
  ['comment-group', ' Stores (EU) ', { commentGroup: 'Stores (EU)' }],
  ['comment-group', 'g'.repeat(100), { commentGroup: 'g'.repeat(100) }],
  ['comment-footer', '\n**QA**\n\n- one\n', { commentFooter: '**QA**\n\n- one' }],
  ['comment-footer', 'f'.repeat(2000), { commentFooter: 'f'.repeat(2000) }],
  ['upload-artifact', 'auto', { uploadArtifact: 'auto' }],
  ['upload-artifact', 'True', { uploadArtifact: true }],
  ['upload-artifact', 'false', { uploadArtifact: false }],
  ['artifact-name', 'bundle', { artifactName: 'bundle.zip' }],
  ['artifact-name', 'bundle.zip', { artifactName: 'bundle.zip' }],
  ['artifact-name', 'bundle.ZIP', { artifactName: 'bundle.ZIP' }],
  ['artifact-name', 'bundle.zip.zip', { artifactName: 'bundle.zip.zip' }],
  ['artifact-name', 'v1.2', { artifactName: 'v1.2.zip' }],
  ['artifact-name', '.hidden', { artifactName: '.hidden.zip' }],
  ['artifact-name', 'a'.repeat(200), { artifactName: `${'a'.repeat(200)}.zip` }],
  ['artifact-retention-days', '1', { artifactRetentionDays: 1 }],
  ['artifact-retention-days', '400', { artifactRetentionDays: 400 }],
])('%s: %j is accepted', (name, text, expected) => {
  expect(read({ [name]: text }).inputs.github).toEqual({ ...GITHUB_DEFAULTS, ...expected });
});

const ENVIRONMENT_ALLOWED = 'the name of a GitHub environment: one line of at most 255 characters.';
const GROUP_ALLOWED = 'one line of at most 100 characters.';
const NUMBER_ALLOWED = 'a whole number from 1 to 2147483647.';
const SHA_ALLOWED = '40 (or 64) hexadecimal digits.';
const DAYS_ALLOWED = 'a whole number from 1 to 400.';
const NAME_ALLOWED = expect.stringContaining('a file name of at most 200 characters');

test.each([
  ['environment', 'e'.repeat(256), '"…" (256 characters) is too long.', ENVIRONMENT_ALLOWED],
  ['environment', 'a\nb', '"a\\nb" holds line breaks or control characters.', ENVIRONMENT_ALLOWED],
  ['environment', 'a\u001bb', '"a\\u001bb" holds line breaks or control characters.', ENVIRONMENT_ALLOWED],
  ['pull-request', '0', '"0" is out of range.', NUMBER_ALLOWED],
  ['pull-request', '2147483648', '"2147483648" is out of range.', NUMBER_ALLOWED],
  ['pull-request', '#7', '"#7" is not a whole number.', NUMBER_ALLOWED],
  ['sha', 'main', '"main" is not the full hash of a commit.', SHA_ALLOWED],
  ['sha', SHA.slice(1), `"${SHA.slice(1)}" is not the full hash of a commit.`, SHA_ALLOWED],
  ['sha', `${SHA}0`, `"${SHA}0" is not the full hash of a commit.`, SHA_ALLOWED],
  ['sha', SHA.replace('4', 'g'), `"${SHA.replace('4', 'g')}" is not the full hash of a commit.`, SHA_ALLOWED],
  ['github-deployment', 'auto', '"auto" is not a boolean.', 'true or false.'],
  ['comment', 'yes', '"yes" is not a boolean.', 'true or false.'],
  ['comment-group', 'g'.repeat(101), '"…" (101 characters) is too long.', GROUP_ALLOWED],
  ['comment-group', 'a\nb', '"a\\nb" holds line breaks or control characters.', GROUP_ALLOWED],
  ['comment-footer', 'f'.repeat(2001), '"…" (2001 characters) is too long.', 'Markdown of at most 2000 characters.'],
  ['upload-artifact', 'Auto', '"Auto" is not one of the choices.', 'auto, true or false.'],
  ['upload-artifact', 'production', '"production" is not one of the choices.', 'auto, true or false.'],
  ['artifact-name', 'a'.repeat(201), '"…" (201 characters) is too long.', NAME_ALLOWED],
  ['artifact-name', 'a/b', '"a/b" cannot be the name of an artifact.', NAME_ALLOWED],
  ['artifact-name', 'a:b', '"a:b" cannot be the name of an artifact.', NAME_ALLOWED],
  ['artifact-name', '..', '".." cannot be the name of an artifact.', NAME_ALLOWED],
  ['artifact-name', 'a\tb', '"a\\tb" cannot be the name of an artifact.', NAME_ALLOWED],
  ['artifact-retention-days', '0', '"0" is out of range.', DAYS_ALLOWED],
  ['artifact-retention-days', '401', '"401" is out of range.', DAYS_ALLOWED],
  ['artifact-retention-days', '1.5', '"1.5" is not a whole number.', DAYS_ALLOWED],
])('%s: %j is refused', (input, text, problem, allowed) => {
  expect(problemsOf({ [input]: text })).toEqual([{ input, problem, allowed }]);
});

test.each(['"', ':', '<', '>', '|', '*', '?', '\\', '/', '\u007f'])('an artifact cannot have %j in its name', (one) => {
  expect(problemsOf({ 'artifact-name': `a${one}b` })).toHaveLength(1);
});

test.each(['abc', 'ghs_ü0123456789', 'ghs 0123456789', 'ghs_0123\nghs_4567'])(
  'a token like %j is refused, unseen',
  (bad) => {
    const source = makeSource({ inputs: { ...VALID, 'github-token': bad } });
    const error = errorOf(source);
    expect(error.problems).toEqual([
      {
        input: 'github-token',
        problem: 'The value (not shown) holds characters that no header can carry, or is too short.',
        allowed: expect.stringContaining('empty to show nothing on GitHub'),
      },
    ]);
    for (const line of bad.split('\n')) expect(error.message).not.toContain(line);
    for (const line of bad.split('\n').filter(({ length }) => length > 3)) expect(source.masks).toContain(line);
  },
);

test('the token is masked before anything can be printed, although other inputs are wrong', () => {
  const inputs = { ...VALID, 'github-token': ` ${GITHUB_TOKEN} `, sha: 'bad' };
  const source = makeSource({ inputs });
  errorOf(source);
  expect(source.masks).toEqual(expect.arrayContaining([GITHUB_TOKEN, TOKEN]));
  const lenient = makeSource({ inputs });
  shownBy(lenient);
  expect(lenient.masks).toEqual(expect.arrayContaining([GITHUB_TOKEN, TOKEN]));
});

test('all problems are reported together, with those of the other inputs', () => {
  const bad = {
    'github-token': 'a b c d',
    environment: 'a\nb',
    'pull-request': 'x',
    sha: 'x',
    'github-deployment': 'x',
    comment: 'x',
    'upload-artifact': 'x',
    'artifact-name': '/',
    'artifact-retention-days': 'x',
  };
  const named = problemsOf({ ...bad, 'max-attempts': 'x' }).map(({ input }) => input);
  expect(named.sort()).toEqual([...Object.keys(bad), 'max-attempts'].sort());
});

test('the inputs about GitHub are read although other inputs are wrong or missing', () => {
  const wrong = { 'store-hash': '?', 'max-attempts': 'x', directory: '../..', 'environment-variables': 'x' };
  const source = makeSource({
    inputs: { ...wrong, 'github-token': GITHUB_TOKEN, 'project-uuid': UUID, 'dry-run': 'true' },
  });
  expect(shownBy(source)).toEqual({
    github: { ...GITHUB_DEFAULTS, token: GITHUB_TOKEN },
    project: { kind: 'uuid', uuid: UUID },
    workingDirectory: '.',
    dryRun: true,
  });
});

test.each([{ sha: 'x' }, { comment: 'x' }, { 'github-token': 'a b' }, { 'dry-run': 'x' }])(
  'with %j it is unknown what to show on GitHub',
  (inputs) => {
    expect(shownBy(makeSource({ inputs: { ...VALID, ...inputs } }))).toBeUndefined();
  },
);

test.each([
  ['missing', {}],
  ['wrong', { 'project-uuid': '?' }],
  ['given twice', { 'project-uuid': UUID, 'project-name': 'shop', 'create-project': 'x' }],
])('a project that is %s is ignored', (_, inputs) => {
  expect(shownBy(makeSource({ inputs }))).toMatchObject({ project: undefined });
});

test('the working directory is relative to the workspace', () => {
  const workspace = makeWorkspace({ 'shops/eu/x': '' });
  const of = (text: string) =>
    shownBy(makeSource({ workspace, inputs: { 'working-directory': text } }))?.workingDirectory;
  expect([of(''), of('.'), of('shops/eu/'), of('./shops/../shops/eu')]).toEqual(['.', '.', 'shops/eu', 'shops/eu']);
});

test.each<[string, Parameters<typeof makeSource>[0], boolean]>([
  ['an input', { inputs: { 'access-token': TOKEN } }, true],
  ['an input that is no token', { inputs: { 'access-token': 'a b' } }, true],
  ['the environment', { env: { CATALYST_ACCESS_TOKEN: TOKEN } }, true],
  [
    "the project's file",
    { workspace: makeWorkspace({ '.bigcommerce/project.json': JSON.stringify({ accessToken: TOKEN }) }) },
    true,
  ],
  ['nothing', {}, false],
  ['a blank input', { inputs: { 'access-token': ' ' } }, false],
  [
    'a file without it',
    { workspace: makeWorkspace({ '.bigcommerce/project.json': `{"projectUuid":"${OTHER_UUID}"}` }) },
    false,
  ],
  ['a broken file', { workspace: makeWorkspace({ '.bigcommerce/project.json': '{' }) }, false],
  ['a missing folder', { inputs: { 'working-directory': 'missing' } }, false],
])('whether there is an access token: %s', (_, given, expected) => {
  expect(hasAccessToken(makeSource(given))).toBe(expected);
  expect(readDeployRun(makeSource(given)).hasAccessToken).toBe(expected);
});
