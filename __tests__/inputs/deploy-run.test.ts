/** What a deploy run knows of its inputs if some of them are wrong. */
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { InputError } from '../../src/errors.ts';
import { readDeployRun, requireInputs } from '../../src/inputs/deploy.ts';
import { GITHUB_DEFAULTS, type Given, makeSource, makeWorkspace, problemInputs, UUID, VALID } from './helpers.ts';

const GITHUB_TOKEN = 'ghs_0123456789abcdefABCDEF';

function readingOf(inputs: Record<string, string>, given: Omit<Given, 'inputs'> = {}) {
  return readDeployRun(makeSource({ ...given, inputs }));
}

/** Wrong, each of them, and none says what is shown on GitHub. */
const OTHERS_WRONG = {
  'store-hash': '?',
  'api-host': 'a/b',
  'max-attempts': 'x',
  'environment-variables': 'x',
  'artifact-name': '/',
  directory: '../../..',
};

/** Wrong, each of them, and what is shown on GitHub depends on it. */
const GITHUB_WRONG = {
  environment: 'a\nb',
  'pull-request': 'x',
  sha: 'x',
  'github-deployment': 'x',
  comment: 'x',
  'command-phrase': 'x',
  'dry-run': 'x',
};

describe('where other inputs are wrong', () => {
  const workspace = makeWorkspace({ 'shops/eu/x': '' });
  const reading = readingOf(
    {
      ...OTHERS_WRONG,
      'project-uuid': UUID,
      'working-directory': 'shops/eu',
      'github-token': GITHUB_TOKEN,
      'check-run-id': '7',
      environment: 'staging',
      'pull-request': '12',
      'dry-run': 'true',
    },
    { workspace, eventPullRequest: 3 },
  );

  test('what is shown on GitHub is still given', () => {
    expect(reading.inputs).toBeUndefined();
    expect(reading.github).toEqual({
      github: {
        ...GITHUB_DEFAULTS,
        token: GITHUB_TOKEN,
        environment: 'staging',
        pullRequest: 12,
        checkRunId: 7,
        uploadArtifact: false,
      },
      project: { kind: 'uuid', uuid: UUID },
      workingDirectory: 'shops/eu',
      dryRun: true,
    });
  });

  test('so is all that decides before they are reported', () => {
    expect(reading).toMatchObject({
      checkRun: { token: GITHUB_TOKEN, checkRunId: 7 },
      purpose: { environment: 'staging', pullRequest: '12', dryRun: true },
      preview: false,
      pullRequest: 12,
      hasAccessToken: false,
      folders: { workingDirectory: join(workspace, 'shops/eu'), built: join(workspace, '..') },
    });
  });

  test('every problem is reported once', () => {
    const reported = problemInputs(() => requireInputs(reading));
    expect(reported.sort()).toEqual([...Object.keys(OTHERS_WRONG), 'access-token'].sort());
  });
});

describe('where inputs about GitHub are wrong', () => {
  const reading = readingOf({ ...VALID, ...OTHERS_WRONG, ...GITHUB_WRONG, 'check-run-id': '7' });

  test('every problem is reported once, with those of the others', () => {
    const reported = problemInputs(() => requireInputs(reading));
    expect(reported.sort()).toEqual(Object.keys({ ...OTHERS_WRONG, ...GITHUB_WRONG }).sort());
  });

  test.each(Object.entries(GITHUB_WRONG))('%s: nothing is shown there', (input, text) => {
    expect(readingOf({ ...VALID, [input]: text })).toMatchObject({ inputs: undefined, github: undefined });
  });

  test('the check run and its token are given where just these two are right', () => {
    expect(reading.checkRun).toEqual({ token: undefined, checkRunId: 7 });
    const { checkRun } = readingOf({ ...GITHUB_WRONG, 'github-token': GITHUB_TOKEN, 'check-run-id': 'x' });
    expect(checkRun).toEqual({ token: GITHUB_TOKEN, checkRunId: undefined });
  });
});

test.each<[string, string[], Record<string, string>, number | undefined]>([
  ['no kind', ['preview'], { preview: 'x' }, 3],
  ['no pull request', ['preview'], { preview: 'shared' }, undefined],
  ['production', ['environment'], { preview: 'shared', environment: 'Production' }, 3],
  ['both', ['preview', 'environment'], { preview: 'isolated', environment: 'production' }, undefined],
  ['a wrong number', ['pull-request'], { preview: 'shared', 'pull-request': 'x' }, 3],
])('a preview that is wrong (%s) is reported once', (_, named, inputs, eventPullRequest) => {
  const reading = readingOf({ ...VALID, ...inputs }, { ...(eventPullRequest !== undefined && { eventPullRequest }) });
  expect(problemInputs(() => requireInputs(reading))).toEqual(named);
  expect(reading.preview).toBe(named.includes('pull-request') ? 'shared' : undefined);
  expect(reading.github).toBeUndefined();
});

test('the working directory is the workspace where it is wrong', () => {
  const workspace = makeWorkspace();
  const { folders, github } = readingOf({ ...VALID, 'working-directory': 'gone', bundle: 'zips/a.zip' }, { workspace });
  expect(folders).toEqual({ workingDirectory: workspace, built: join(workspace, 'zips') });
  expect(github).toMatchObject({ workingDirectory: '.' });
});

test('each secret is masked once, and each warning given once', () => {
  const workspace = makeWorkspace({ '.bigcommerce/project.json': '{"accessToken":"token_of_file"}' });
  const inputs = { 'github-token': GITHUB_TOKEN, secrets: 'KEY=long enough', 'environment-variables': 'API_TOKEN=x' };
  const source = makeSource({ inputs, workspace });
  const reading = readDeployRun(source);
  expect(source.masks.slice(0, 2)).toEqual([GITHUB_TOKEN, 'long enough']);
  expect(new Set(source.masks.slice(2))).toEqual(new Set(['token_of_file']));
  const warning = expect.stringMatching(/^environment-variables: by its name API_TOKEN /);
  expect(reading.problems.warnings).toEqual([warning]);
  expect(() => requireInputs(reading)).toThrow(InputError);
  expect(reading.problems.toError().warnings).toEqual([warning]);
});
