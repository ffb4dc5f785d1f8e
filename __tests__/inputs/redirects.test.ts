import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { InputError } from '../../src/errors.ts';
import { readLocalRedirectsInputs, readRedirectsInputs } from '../../src/inputs/redirects.ts';
import { type Given, makeSource, makeWorkspace, TOKEN } from './helpers.ts';

const VALID = { 'store-hash': 'abc123', 'access-token': TOKEN, file: 'redirects.csv' };
const FILES = { 'redirects.csv': '', 'list.yaml': '', 'folder/inside.csv': '' };

function read(inputs: Record<string, string>, given: Given = {}) {
  const workspace = given.workspace ?? makeWorkspace(FILES);
  return readRedirectsInputs(makeSource({ ...given, workspace, inputs: { ...VALID, ...inputs } }));
}

function problemsOf(work: () => unknown): Record<string, string> {
  try {
    work();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return Object.fromEntries(error.problems.map(({ input, problem }) => [input, problem]));
  }
  return {};
}

test('what is not given has its default', () => {
  const workspace = makeWorkspace(FILES);
  expect(read({ command: 'import' }, { workspace }).inputs).toEqual({
    storeHash: 'abc123',
    accessToken: TOKEN,
    apiOrigin: 'https://api.bigcommerce.com',
    file: join(workspace, 'redirects.csv'),
    task: { command: 'import', allowFailedRows: 0 },
    timeoutMs: 1_800_000,
    githubToken: undefined,
    comment: true,
  });
  const all = { command: 'export', siteId: undefined, includeDynamicTargetUrls: false };
  expect(read({ command: 'export' }).inputs.task).toEqual(all);
  for (const command of ['plan', 'sync']) {
    const task = { command, siteId: 7, delete: false, maxDeletes: 100 };
    expect(read({ command, 'site-id': '7' }).inputs.task).toEqual(task);
    expect(read({ command }).inputs.task).toEqual({ ...task, siteId: undefined });
  }
});

test('each command has its own inputs', () => {
  expect(read({ command: 'import', 'allow-failed-rows': '3' }).inputs.task).toMatchObject({ allowFailedRows: 3 });
  const given = { command: 'sync', 'site-id': '7', delete: 'true', 'max-deletes': '0' };
  expect(read(given).inputs.task).toMatchObject({ delete: true, maxDeletes: 0 });
  const urls = { command: 'export', 'site-id': '7', 'include-dynamic-target-urls': 'true' };
  expect(read(urls).inputs.task).toMatchObject({ siteId: 7, includeDynamicTargetUrls: true });
  const others = { command: 'export', 'timeout-minutes': '0.5', 'github-token': 'ghs_0123456789', comment: 'false' };
  expect(read(others).inputs).toMatchObject({ timeoutMs: 30_000, githubToken: 'ghs_0123456789', comment: false });
});

test('all problems are reported in one go', () => {
  const numbers = { 'site-id': '-1', 'max-deletes': '-1', 'timeout-minutes': '0' };
  const inputs = { command: 'sync', file: 'no.csv', delete: 'maybe', ...numbers };
  const problems = problemsOf(() => read(inputs));
  expect(Object.keys(problems).sort()).toEqual(['delete', 'file', 'max-deletes', 'site-id', 'timeout-minutes']);
  expect(problemsOf(() => read({ command: '', file: '' }))).toEqual({
    command: 'It is missing.',
    file: 'It is missing.',
  });
  expect(problemsOf(() => read({ command: 'Import' }))).toEqual({ command: '"Import" is not one of the choices.' });
});

test('a site is a positive whole number', () => {
  for (const wrong of ['0', '-1', '1.5', '1e3', 'shop', '9007199254740993']) {
    expect(problemsOf(() => read({ command: 'plan', 'site-id': wrong }))).toHaveProperty('site-id');
    expect(problemsOf(() => read({ command: 'export', 'site-id': wrong }))).toHaveProperty('site-id');
  }
});

test('a file that is read has to be there; lists are for plan and sync', () => {
  expect(problemsOf(() => read({ command: 'import', file: 'folder' }))['file']).toContain('is not a file');
  for (const file of ['list.yaml', 'list.yml', 'list.JSON']) {
    expect(problemsOf(() => read({ command: 'import', file }))['file']).toContain('is not a CSV, and `import` accepts');
    expect(problemsOf(() => read({ command: 'export', file }))['file']).toContain('is not a CSV, and `export` writes');
  }
  expect(read({ command: 'plan', 'site-id': '7', file: 'list.yaml' }).inputs.file).toMatch(/list\.yaml$/);
});

test('a file that is written need not be there, but its folder', () => {
  const workspace = makeWorkspace(FILES);
  const fileOf = (file: string) => read({ command: 'export', file }, { workspace }).inputs.file;
  expect(fileOf('folder/new.csv')).toBe(join(workspace, 'folder/new.csv'));
  expect(fileOf('folder/inside.csv')).toBe(join(workspace, 'folder/inside.csv'));
  const problemOf = (file: string) => problemsOf(() => fileOf(file))['file'];
  expect(problemOf('folder')).toContain('is not a file');
  expect(problemOf('none/new.csv')).toBe('"none/new.csv" is in a folder that does not exist.');
  expect(problemOf('redirects.csv/new.csv')).toBe('"redirects.csv/new.csv" is in a folder that is not a folder.');
  expect(problemOf('new/')).toBe('"new/" names a folder.');
});

test('paths are relative to the working directory', () => {
  const workspace = makeWorkspace(FILES);
  const inputs = { command: 'import', 'working-directory': 'folder', file: 'inside.csv' };
  expect(read(inputs, { workspace }).inputs.file).toBe(join(workspace, 'folder/inside.csv'));
  const wrong = { ...inputs, 'working-directory': 'none' };
  expect(Object.keys(problemsOf(() => read(wrong, { workspace })))).toEqual(['working-directory']);
});

test('an input that does not apply to a command is warned of, unless it has its default', () => {
  const defaults = { delete: 'False', 'max-deletes': '100', 'include-dynamic-target-urls': 'false' };
  expect(read({ command: 'import', ...defaults }).warnings).toEqual([]);
  const given = { delete: 'true', 'max-deletes': '5', 'include-dynamic-target-urls': 'true', 'site-id': '7' };
  expect(read({ command: 'import', ...given }).warnings).toEqual([
    'site-id: it is ignored, since `import` takes the sites from the column `Domain`.',
    'delete: it is ignored, since `import` does not use it.',
    'max-deletes: it is ignored, since `import` does not use it.',
    'include-dynamic-target-urls: it is ignored, since `import` does not use it.',
  ]);
  const rows = { command: 'plan', 'site-id': '7', 'allow-failed-rows': 'many' };
  expect(read(rows).warnings).toEqual(['allow-failed-rows: it is ignored, since `plan` does not use it.']);
});

test('secrets are masked, also where the inputs are wrong', () => {
  const inputs = { ...VALID, command: 'no', 'github-token': 'ghs_0123456789' };
  for (const readInputs of [readRedirectsInputs, readLocalRedirectsInputs]) {
    const source = makeSource({ inputs });
    expect(() => readInputs(source)).toThrow(InputError);
    expect(source.masks).toEqual([TOKEN, 'ghs_0123456789']);
  }
});

test('a run without a token reads what it takes to look at the file', () => {
  const workspace = makeWorkspace(FILES);
  const readLocal = (inputs: Record<string, string>) => readLocalRedirectsInputs(makeSource({ workspace, inputs }));
  const file = join(workspace, 'redirects.csv');
  expect(readLocal({ command: 'sync', file: 'redirects.csv' })).toEqual({ command: 'sync', file, siteId: undefined });
  expect(readLocal({ command: 'plan', file: 'redirects.csv', 'site-id': '7' }).siteId).toBe(7);
  expect(Object.keys(problemsOf(() => readLocal({ command: 'plan', file: 'no.csv' })))).toEqual(['file']);
});
