import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { onPosix } from '../systems.ts';
import {
  errorOf,
  type Given,
  makeSource,
  makeWorkspace,
  OTHER_UUID,
  readDeployInputs,
  UUID,
  VALID,
} from './helpers.ts';

const FILE = '.bigcommerce/project.json';
const ENV = {
  CATALYST_STORE_HASH: 'envhash',
  CATALYST_ACCESS_TOKEN: 'token_of_env',
  CATALYST_PROJECT_UUID: OTHER_UUID,
};
const JSON_TEXT = JSON.stringify({ storeHash: 'filehash', accessToken: 'token_of_file', projectUuid: UUID });

function workspaceWith(text: string): string {
  return makeWorkspace({ [FILE]: text });
}

function credentialsOf(given: Given) {
  const source = makeSource(given);
  const { storeHash, accessToken, project } = readDeployInputs(source).inputs;
  return { storeHash, accessToken, project, masks: source.masks };
}

describe('sources', () => {
  test('the input wins over the environment and the file', () => {
    expect(credentialsOf({ inputs: VALID, env: ENV, workspace: workspaceWith(JSON_TEXT) })).toMatchObject({
      storeHash: 'abc123',
      accessToken: VALID['access-token'],
      project: { uuid: UUID },
    });
  });

  test('the environment wins over the file; empty means absent', () => {
    const inputs = { 'store-hash': ' ', 'access-token': '', 'project-uuid': '\n' };
    expect(credentialsOf({ inputs, env: ENV, workspace: workspaceWith(JSON_TEXT) })).toMatchObject({
      storeHash: 'envhash',
      accessToken: 'token_of_env',
      project: { uuid: OTHER_UUID },
    });
  });

  test('the file is the last', () => {
    const env = { CATALYST_STORE_HASH: '', CATALYST_ACCESS_TOKEN: ' ' };
    expect(credentialsOf({ env, workspace: workspaceWith(`\uFEFF${JSON_TEXT}`) })).toMatchObject({
      storeHash: 'filehash',
      accessToken: 'token_of_file',
      project: { uuid: UUID },
    });
  });

  test('each one by itself', () => {
    const inputs = { 'store-hash': 'abc123' };
    const env = { CATALYST_ACCESS_TOKEN: 'token_of_env' };
    expect(credentialsOf({ inputs, env, workspace: workspaceWith(JSON_TEXT) })).toMatchObject({
      storeHash: 'abc123',
      accessToken: 'token_of_env',
      project: { uuid: UUID },
    });
  });

  test('the file is that of the working directory', () => {
    const workspace = makeWorkspace({ [`shop/${FILE}`]: JSON_TEXT });
    expect(credentialsOf({ inputs: { 'working-directory': 'shop' }, workspace }).storeHash).toBe('filehash');
  });

  test('a file that is not needed is not read', () => {
    expect(credentialsOf({ inputs: VALID, workspace: workspaceWith('broken') }).storeHash).toBe('abc123');
  });
});

describe('missing and bad ones', () => {
  test('missing everywhere names all three sources', () => {
    const { problems } = errorOf(makeSource({}));
    expect(problems.map((p) => p.input)).toEqual(['store-hash', 'access-token', 'project-uuid']);
    for (const [index, words] of [
      ['`store-hash`', 'CATALYST_STORE_HASH', '`storeHash`', FILE],
      ['`access-token`', 'CATALYST_ACCESS_TOKEN', '`accessToken`', FILE],
      ['`project-uuid`', 'CATALYST_PROJECT_UUID', '`projectUuid`', FILE],
    ].entries()) {
      expect(problems[index]?.problem).toContain('missing');
      for (const word of words) expect(problems[index]?.remedy).toContain(word);
    }
  });

  test('missing everywhere reads as sentences', () => {
    expect(errorOf(makeSource({})).message.split('\n').slice(1)).toEqual([
      '- store-hash: It is missing. Give it as the input `store-hash`, or as CATALYST_STORE_HASH in the environment, ' +
        'or as `storeHash` in .bigcommerce/project.json.',
      '- access-token: It is missing. Give it as the input `access-token`, or as CATALYST_ACCESS_TOKEN in the ' +
        'environment, or as `accessToken` in .bigcommerce/project.json. A GitHub secret that does not exist arrives ' +
        'empty, and so does every one in a run for a fork or Dependabot.',
      '- project-uuid: It is missing. Give it as the input `project-uuid`, or as CATALYST_PROJECT_UUID in the ' +
        'environment, or as `projectUuid` in .bigcommerce/project.json. Or give the input `project-name`.',
    ]);
  });

  test('a bad value of the environment names the variable, and the file is not tried', () => {
    const env = { ...ENV, CATALYST_STORE_HASH: 'bad hash', CATALYST_PROJECT_UUID: 'bad' };
    expect(errorOf(makeSource({ env, workspace: workspaceWith(JSON_TEXT) })).problems).toMatchObject([
      { input: 'store-hash', problem: expect.stringContaining('"bad hash", from CATALYST_STORE_HASH') },
      { input: 'project-uuid', problem: expect.stringContaining('"bad", from CATALYST_PROJECT_UUID') },
    ]);
  });

  test('a bad value of the file names the file and not its content', () => {
    const text = JSON.stringify({ storeHash: 'stores/zzz', accessToken: 'token zzz', projectUuid: 'zzz' });
    const { problems, message } = errorOf(makeSource({ workspace: workspaceWith(text) }));
    expect(problems).toHaveLength(3);
    for (const { problem } of problems) expect(problem).toContain(FILE);
    expect(message).not.toContain('zzz');
  });

  test.each([
    ['not JSON', '{"accessToken": "zzz_token', 'is not valid JSON'],
    ['an array', '["zzz_token"]', 'does not hold a JSON object'],
    ['null', 'null', 'does not hold a JSON object'],
    ['wrong types', '{"storeHash":["zzz_token"],"accessToken":123456,"projectUuid":{}}', 'that is not a string'],
  ])('a file with %s', (_, text, reason) => {
    const error = errorOf(makeSource({ workspace: workspaceWith(text) }));
    expect(error.problems).toHaveLength(3);
    for (const { problem } of error.problems) expect(problem).toContain(`${FILE} `);
    for (const { problem } of error.problems) expect(problem).toContain(reason);
    expect(`${error.stack} ${String(error.cause)}`).not.toMatch(/zzz|123456/);
  });

  onPosix.each([
    [
      'a pipe that nobody writes to',
      (path: string) => expect(spawnSync('mkfifo', [path]).status).toBe(0),
      'is not a file',
    ],
    ['a device without an end', (path: string) => symlinkSync('/dev/zero', path), 'is not a file'],
    ['far too much', (path: string) => writeFileSync(path, ' '.repeat(2 ** 20 + 1)), 'is larger than 1 MB'],
  ])('%s in its place does not block', (_, make, reason) => {
    const workspace = makeWorkspace();
    mkdirSync(dirname(join(workspace, FILE)));
    make(join(workspace, FILE));
    const { problems } = errorOf(makeSource({ workspace }));
    expect(problems).toHaveLength(3);
    for (const { problem } of problems) expect(problem).toContain(`${FILE} ${reason}`);
  });

  test('a file that cannot be read', () => {
    const workspace = makeWorkspace();
    mkdirSync(join(workspace, FILE), { recursive: true });
    const { problems } = errorOf(makeSource({ workspace }));
    expect(problems[0]).toEqual({
      input: 'store-hash',
      problem: `It is not given, and ${FILE} is not a file.`,
      remedy: `Give it as the input \`store-hash\`, or as CATALYST_STORE_HASH in the environment, or as \`storeHash\` in ${FILE}.`,
    });
  });

  test.each(['', '{}', '{"storeHash":null,"accessToken":"","projectUuid":" "}', '{"__proto__":{"storeHash":"abc"}}'])(
    'an empty file: %j',
    (text) => {
      const { problems } = errorOf(makeSource({ workspace: workspaceWith(text) }));
      expect(problems.map((p) => p.problem.startsWith('It is missing.'))).toEqual([true, true, true]);
    },
  );

  test('with a bad working directory the message says that the file was not looked for', () => {
    const { problems } = errorOf(makeSource({ inputs: { ...VALID, 'store-hash': '', 'working-directory': 'gone' } }));
    expect(problems).toMatchObject([
      { input: 'working-directory' },
      { input: 'store-hash', problem: expect.stringContaining('was not looked for') },
    ]);
  });
});

describe('masks of the access token', () => {
  test('of the input and the environment, both, even when other inputs are wrong', () => {
    const source = makeSource({ inputs: { ...VALID, 'dry-run': 'x', 'working-directory': 'gone' }, env: ENV });
    errorOf(source);
    expect(source.masks).toEqual([VALID['access-token'], 'token_of_env']);
  });

  test('of the file', () => {
    expect(credentialsOf({ workspace: workspaceWith(JSON_TEXT) }).masks).toContain('token_of_file');
  });

  test('of the file, when only another field of it is used', () => {
    const workspace = workspaceWith(JSON_TEXT);
    expect(credentialsOf({ inputs: { ...VALID, 'store-hash': '' }, workspace }).masks).toContain('token_of_file');
  });

  test('of a file with escapes', () => {
    const workspace = workspaceWith('{"accessToken":"token\\u005fof\\/file","storeHash":"a","projectUuid":"x"}');
    const source = makeSource({ workspace });
    errorOf(source);
    expect(source.masks).toContain('token_of/file');
  });

  test('of a malformed file', () => {
    const source = makeSource({ workspace: workspaceWith('{"accessToken": "token_of_file",}') });
    errorOf(source);
    expect(source.masks).toContain('token_of_file');
  });

  test('a bad token is masked line by line, and never shown', () => {
    const source = makeSource({ inputs: { ...VALID, 'access-token': 'first line\nab\nlast line' } });
    const { message } = errorOf(source);
    expect(source.masks).toEqual(['first line', 'last line']);
    expect(message).not.toMatch(/first|last/);
  });

  test('a bad token of the environment is not shown either, but its variable is', () => {
    const env = { CATALYST_ACCESS_TOKEN: 'first second' };
    const source = makeSource({ inputs: { ...VALID, 'access-token': '' }, env });
    const { message } = errorOf(source);
    expect(source.masks).toEqual(['first second']);
    expect(message).toContain('CATALYST_ACCESS_TOKEN of the environment');
    expect(message).not.toMatch(/first|second/);
  });

  test('a text under 4 characters is neither a token nor masked', () => {
    const source = makeSource({ inputs: { ...VALID, 'access-token': '1' } });
    expect(errorOf(source).problems).toMatchObject([{ input: 'access-token' }]);
    expect(source.masks).toEqual([]);
  });
});
