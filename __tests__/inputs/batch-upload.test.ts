import { mkdirSync, symlinkSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { InputError } from '../../src/errors.ts';
import { readBatchInputs } from '../../src/inputs/batch-upload.ts';
import { type Given, makeSource, makeWorkspace, TOKEN, UUID } from './helpers.ts';

const SERVICE = { 'base-url': 'https://cdp.example', 'client-key': 'key', 'api-token': TOKEN };
const VALID = { ...SERVICE, files: 'a.jsonl' };
const FILES = { 'a.jsonl': '', 'b.jsonl': '', '10.jsonl': '', 'deep/c.jsonl': '', '#d.jsonl': '', '[ab].jsonl': '' };

function read(inputs: Record<string, string> = {}, given: Given = {}) {
  const workspace = given.workspace ?? makeWorkspace(FILES);
  return readBatchInputs(makeSource({ ...given, workspace, inputs: { ...VALID, ...inputs } }));
}

/** What is wrong, by its input; the remedy of `base-url` and the like behind it. */
function problemsOf(inputs: Record<string, string>, given: Given = {}): Record<string, string> {
  try {
    read(inputs, given);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message).not.toContain(TOKEN);
    return Object.fromEntries(error.problems.map((one) => [one.input, `${one.problem} ${one.remedy ?? one.allowed}`]));
  }
  return {};
}

test('what is not given has its default', () => {
  const workspace = makeWorkspace(FILES);
  expect(read({}, { workspace })).toEqual({
    service: { origin: 'https://cdp.example', clientKey: 'key', apiToken: TOKEN },
    files: [join(workspace, 'a.jsonl')],
    batchRef: undefined,
    timeoutMs: 3_600_000,
    pollIntervalMs: 5000,
    allowFailedRecords: 0,
    split: true,
    dryRun: false,
  });
});

test('all of them can be given', () => {
  const inputs = {
    'base-url': 'http://127.0.0.1:4010/',
    'batch-ref': UUID.toUpperCase(),
    'timeout-minutes': '0.5',
    'poll-interval-seconds': '0.1',
    'allow-failed-records': '12',
    split: 'false',
    'dry-run': 'true',
  };
  expect(read(inputs)).toMatchObject({
    service: { origin: 'http://127.0.0.1:4010' },
    batchRef: UUID,
    timeoutMs: 30_000,
    pollIntervalMs: 100,
    allowFailedRecords: 12,
    split: false,
    dryRun: true,
  });
});

test('the token is masked, even when the inputs are wrong', () => {
  const source = makeSource({ inputs: { 'api-token': TOKEN, 'dry-run': 'maybe' } });
  expect(() => readBatchInputs(source)).toThrow(InputError);
  expect(source.masks).toEqual([TOKEN]);
});

test('all that is wrong is reported in one go, and no credential is shown', () => {
  const inputs = {
    'base-url': `https://${TOKEN}@cdp.example`,
    'client-key': `${TOKEN}:x`,
    'api-token': `${TOKEN} x`,
    files: 'no.jsonl',
    'batch-ref': 'mine',
    'timeout-minutes': '1e3',
    'poll-interval-seconds': '0.09',
    'allow-failed-records': '-1',
    split: 'yes',
    'dry-run': 'no',
  };
  expect(Object.keys(problemsOf(inputs)).sort()).toEqual(Object.keys(inputs).sort());
});

test.each(['http://cdp.example', 'https://cdp.example/v2', 'https://cdp.example?x=1', 'ftp://cdp.example'])(
  'the base URL is https without a path: not %s',
  (url) => expect(Object.keys(problemsOf({ 'base-url': url }))).toEqual(['base-url']),
);

test('a credential that is empty is named, with why a secret may be', () => {
  const problems = problemsOf({ 'base-url': '', 'client-key': ' ', 'api-token': '' });
  expect(Object.keys(problems)).toEqual(['base-url', 'client-key', 'api-token']);
  for (const text of Object.values(problems)) {
    expect(text).toMatch(
      /^It is empty\. .*does not exist arrives empty, .*fork or Dependabot.*`dry-run: true`, none is needed/,
    );
  }
});

test('a dry run needs no credentials, and those that it gets have to be right', () => {
  const none = { 'base-url': '', 'client-key': '', 'api-token': '', 'dry-run': 'true' };
  expect(read(none).service).toBeUndefined();
  expect(read({ ...none, 'api-token': TOKEN }).service).toBeUndefined();
  expect(Object.keys(problemsOf({ ...none, 'base-url': 'http://cdp.example' }))).toEqual(['base-url']);
});

describe('files', () => {
  const filesOf = (files: string) => {
    const workspace = makeWorkspace(FILES);
    return read({ files }, { workspace }).files.map((path) => relative(workspace, path).replaceAll(sep, '/'));
  };

  test('each line is a path or a pattern; their order is kept, each file is there once, those of a line by name', () => {
    expect(filesOf('b.jsonl\r\n\n  *.jsonl  \na.jsonl')).toEqual([
      'b.jsonl',
      '#d.jsonl',
      '10.jsonl',
      '[ab].jsonl',
      'a.jsonl',
    ]);
    expect(filesOf('**/c.jsonl\n{b,a}.jsonl')).toEqual(['deep/c.jsonl', 'a.jsonl', 'b.jsonl']);
  });

  test('a path that exists is that file, whatever it looks like', () => {
    expect(filesOf('[ab].jsonl')).toEqual(['[ab].jsonl']);
    expect(filesOf('#d.jsonl')).toEqual(['#d.jsonl']);
    expect(filesOf('[a-b].jsonl')).toEqual(['a.jsonl', 'b.jsonl']);
  });

  test('a line with `!` takes files out of those before it', () => {
    expect(filesOf('?.jsonl\n!a.jsonl')).toEqual(['b.jsonl']);
    expect(filesOf('?.jsonl\n! ?.jsonl\na.jsonl')).toEqual(['a.jsonl']);
  });

  test.each([
    ['no.jsonl', '"no.jsonl" matches no file in '],
    ['*.json', '"*.json" matches no file in '],
    ['a.jsonl\n!*.json', '"!*.json" matches no file in '],
    ['a.jsonl\n!b.jsonl', '"!b.jsonl" excludes none of the files'],
    ['a.jsonl\n!', '"!" matches no file in '],
    ['a.jsonl\n!a.jsonl', 'No file is left'],
    ['deep', '"deep" is not a regular file.'],
    ['d*p', '"d*p" matches no file in '],
    [' \n ', 'It is missing.'],
    [`${'x'.repeat(5000)}*`, '"…" (5001 characters) matches no file in '],
  ])('%j is reported', (files, problem) => {
    expect(problemsOf({ files })['files']).toContain(problem);
  });

  test('a pattern that is too long for one matches nothing', () => {
    const files = `${'x'.repeat(70_000)}*`;
    expect(problemsOf({ files })['files']).toContain('"…" (70001 characters) matches no file in ');
  });

  test('a link to a file is that file; one to a folder, or to nothing, is none', () => {
    const workspace = makeWorkspace(FILES);
    mkdirSync(`${workspace}/folder`);
    symlinkSync('a.jsonl', `${workspace}/link.jsonl`);
    symlinkSync('folder', `${workspace}/links.jsonl`);
    symlinkSync('nowhere', `${workspace}/linked.jsonl`);
    expect(read({ files: 'link*.jsonl' }, { workspace }).files).toEqual([join(workspace, 'link.jsonl')]);
    expect(problemsOf({ files: 'linked.jsonl' }, { workspace })['files']).toContain('matches no file');
  });

  test('a given batch-ref goes with a single file', () => {
    expect(read({ 'batch-ref': UUID, files: '?.jsonl\n!a.jsonl' }).batchRef).toBe(UUID);
    expect(problemsOf({ 'batch-ref': UUID, files: '?.jsonl' })['batch-ref']).toContain('`files` names 2 files');
  });
});
