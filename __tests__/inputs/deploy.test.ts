import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse as parseYaml } from 'yaml';
import type { DeployInputs } from '../../src/inputs/deploy.ts';
import {
  errorOf,
  GITHUB_DEFAULTS,
  HOSTING,
  makeSource,
  makeWorkspace,
  problemsOf,
  read,
  readDeployInputs,
  TOKEN,
  UUID,
  VALID,
  VERIFICATION_DEFAULTS,
} from './helpers.ts';

describe('defaults', () => {
  const workspace = makeWorkspace();
  const expected: DeployInputs = {
    storeHash: 'abc123',
    accessToken: TOKEN,
    project: { kind: 'uuid', uuid: UUID },
    workingDirectory: workspace,
    source: { kind: 'directory', directory: join(workspace, '.bigcommerce/dist'), exclude: [] },
    variables: [HOSTING],
    onConflict: 'fail',
    conflictTimeoutMs: 600_000,
    maxAttempts: 2,
    timeoutMs: 900_000,
    dryRun: false,
    verification: VERIFICATION_DEFAULTS,
    apiOrigin: 'https://api.bigcommerce.com',
    github: GITHUB_DEFAULTS,
    siteUrl: 'off' as const,
    diagnostics: 'on-failure',
  };

  test('of empty inputs', () => {
    expect(read({}, { workspace })).toEqual({ inputs: expected, warnings: [] });
  });

  test('are those of action.yml', () => {
    const action: { inputs: Record<string, { default?: string }> } = parseYaml(
      readFileSync(new URL('../../action.yml', import.meta.url), 'utf8'),
    );
    const defaults = Object.fromEntries(Object.entries(action.inputs).map(([name, i]) => [name, i.default ?? '']));
    // An expression, which the runner evaluates.
    expect(defaults['github-token']).toMatch(/^\$\{\{ github\.token \}\}$/);
    defaults['github-token'] = '';
    expect(read({ ...defaults, ...VALID }, { workspace })).toEqual({ inputs: expected, warnings: [] });
  });

  test('exactly the inputs of action.yml are read', () => {
    const action: { inputs: object } = parseYaml(readFileSync(new URL('../../action.yml', import.meta.url), 'utf8'));
    const asked = new Set<string>();
    const source = makeSource({ inputs: VALID });
    readDeployInputs({
      ...source,
      input: (name) => {
        asked.add(name);
        return source.input(name);
      },
    });
    expect([...asked].sort()).toEqual(Object.keys(action.inputs).sort());
  });
});

test('takes every input', () => {
  const workspace = makeWorkspace({ 'shop/x': '' });
  const { inputs, warnings } = read(
    {
      'store-hash': ' abc123 ',
      'project-uuid': UUID.toUpperCase(),
      diagnostics: 'always',
      'working-directory': 'shop',
      directory: 'build/out',
      exclude: '*.map\r\n\n  \n# note\n!keep.map\n',
      'environment-variables': 'A=1\nB="x\ny"',
      secrets: '\nC=secret value\n',
      'on-conflict': 'wait',
      'conflict-timeout-minutes': '0.5',
      'max-attempts': '10',
      'timeout-minutes': '1.25',
      'dry-run': 'TRUE',
      'api-host': 'http://127.0.0.1:8080',
      'verify-paths': '/\n/old 301 location /new',
      'verify-headers': 'X-Pass: open sesame',
      'verify-timeout-seconds': '90.5',
      'on-verify-failure': 'rollback',
      'verify-logs': 'fail',
      'rehearsal-project': 'stage',
      'rehearsal-strict': 'true',
    },
    { workspace },
  );
  expect(warnings).toEqual([]);
  expect(inputs).toEqual({
    storeHash: 'abc123',
    accessToken: TOKEN,
    diagnostics: 'always',
    project: { kind: 'uuid', uuid: UUID },
    workingDirectory: join(workspace, 'shop'),
    source: {
      kind: 'directory',
      directory: join(workspace, 'shop/build/out'),
      exclude: ['*.map', '# note', '!keep.map'],
    },
    variables: [
      { type: 'plain_text', key: 'A', value: '1' },
      { type: 'plain_text', key: 'B', value: 'x\ny' },
      { type: 'secret', key: 'C', value: 'secret value' },
      HOSTING,
    ],
    onConflict: 'wait',
    conflictTimeoutMs: 30_000,
    maxAttempts: 10,
    timeoutMs: 75_000,
    dryRun: true,
    verification: {
      paths: [{ path: '/' }, { path: '/old', status: 301, location: '/new' }],
      headers: { 'x-pass': 'open sesame' },
      timeoutMs: 90_500,
      onFailure: 'rollback',
      logs: 'fail',
      rehearsal: { project: 'stage', isStrict: true, createIfMissing: false },
    },
    apiOrigin: 'http://127.0.0.1:8080',
    github: GITHUB_DEFAULTS,
    siteUrl: 'off' as const,
  });
});

describe('project', () => {
  test('by name', () => {
    expect(read({ 'project-uuid': '', 'project-name': ' my shop ' }).inputs.project).toEqual({
      kind: 'name',
      name: 'my shop',
      createIfMissing: false,
    });
  });

  test('a name wins over a UUID of the environment and of the file, good or bad', () => {
    const workspace = makeWorkspace({ '.bigcommerce/project.json': 'broken' });
    const given = { 'project-uuid': '', 'project-name': 'shop', 'create-project': 'true' };
    expect(read(given, { workspace, env: { CATALYST_PROJECT_UUID: 'bad' } }).inputs.project).toEqual({
      kind: 'name',
      name: 'shop',
      createIfMissing: true,
    });
  });

  test('name and UUID as inputs are an error', () => {
    expect(problemsOf({ 'project-name': 'shop' })).toEqual([
      {
        input: 'project-name',
        problem: 'It is given together with `project-uuid`.',
        remedy: 'Give only one of the two.',
      },
    ]);
  });

  test('create-project needs a name', () => {
    expect(problemsOf({ 'create-project': 'true' })).toMatchObject([
      { input: 'create-project', problem: expect.stringContaining('`project-name`') },
    ]);
  });

  test('create-project needs a name that the platform accepts', () => {
    const given = { 'project-uuid': '', 'project-name': 'my shop', 'create-project': 'true' };
    expect(problemsOf(given)).toMatchObject([
      { input: 'project-name', problem: '"my shop" cannot be the name of a new project.' },
    ]);
  });
});

describe('paths', () => {
  const workspace = makeWorkspace({ 'shop/build.zip': 'zip', 'shop/sub/x': '' });

  test('an absolute working directory', () => {
    expect(read({ 'working-directory': join(workspace, 'shop') }).inputs.workingDirectory).toBe(
      join(workspace, 'shop'),
    );
  });

  test.each([
    ['gone', 'does not exist'],
    ['shop/build.zip', 'is not a folder'],
    ['shop/build.zip/x', 'does not exist'],
    ['a\0b', 'cannot be read (ERR_INVALID_ARG_VALUE)'],
  ])('working-directory %j %s', (path, reason) => {
    expect(problemsOf({ 'working-directory': path }, { workspace })).toMatchObject([
      { input: 'working-directory', problem: expect.stringContaining(reason) },
    ]);
  });

  test('a bundle is relative to the working directory', () => {
    expect(read({ 'working-directory': 'shop', bundle: 'build.zip' }, { workspace })).toMatchObject({
      inputs: { source: { kind: 'zip', path: join(workspace, 'shop/build.zip') } },
      warnings: [],
    });
  });

  test.each([
    ['gone.zip', 'does not exist'],
    ['shop/sub', 'is not a file'],
  ])('bundle %j %s', (bundle, reason) => {
    expect(problemsOf({ bundle }, { workspace })).toMatchObject([
      { input: 'bundle', problem: expect.stringContaining(reason) },
    ]);
  });

  test('bundle and exclude exclude each other', () => {
    expect(problemsOf({ bundle: 'shop/build.zip', exclude: '*.map' }, { workspace })).toMatchObject([
      { input: 'exclude', problem: expect.stringContaining('`bundle`') },
    ]);
    expect(read({ bundle: 'shop/build.zip', exclude: ' \n' }, { workspace }).inputs.source.kind).toBe('zip');
  });

  test('a directory beside a bundle is ignored with a warning, the default one without', () => {
    const warned = read({ bundle: 'shop/build.zip', directory: 'out' }, { workspace });
    expect(warned.warnings).toEqual([expect.stringMatching(/^directory: /)]);
    const same = read({ bundle: 'shop/build.zip', directory: './.bigcommerce/dist/' }, { workspace });
    expect(same.warnings).toEqual([]);
  });

  test('the directory need not exist yet', () => {
    expect(read({ directory: 'gone' }, { workspace }).inputs.source).toMatchObject({
      directory: join(workspace, 'gone'),
    });
  });
});

describe('api-host', () => {
  test('the input wins over CATALYST_API_HOST', () => {
    const env = { CATALYST_API_HOST: 'env.example.com' };
    expect(read({}, { env }).inputs.apiOrigin).toBe('https://env.example.com');
    expect(read({ 'api-host': 'in.example.com' }, { env }).inputs.apiOrigin).toBe('https://in.example.com');
  });

  test('a bad CATALYST_API_HOST is named', () => {
    expect(problemsOf({}, { env: { CATALYST_API_HOST: 'a b' } })).toMatchObject([
      { input: 'api-host', problem: '"a b", from CATALYST_API_HOST of the environment, is not a host or a URL.' },
    ]);
  });

  test.each([
    'https://me:hunter2@api.example.com',
    'me:hunter2@x',
    'ftp://me:hunter2@x',
    'x?token=hunter2',
    'x#hunter2',
  ])('credentials in %s are not shown', (host) => {
    expect(errorOf(makeSource({ inputs: { ...VALID, 'api-host': host } })).message).not.toContain('hunter2');
    const env = { CATALYST_API_HOST: host };
    expect(errorOf(makeSource({ inputs: VALID, env })).message).not.toContain('hunter2');
  });
});
