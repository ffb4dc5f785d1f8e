/** What the runs of workflows are made of. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { installAct, isRecentGo } from '../../../scripts/e2e/install-act.ts';
import { endOrphans, killOrphans } from '../../../scripts/e2e/orphans.ts';
import { findPermissions } from '../../../scripts/e2e/permissions.ts';
import { findActions } from '../../../scripts/e2e/stand-ins.ts';
import { onCleanUp, temporaryFolder } from '../../clean-up.ts';
import { hasCommand } from '../../files/helpers.ts';

describe('permissions of a token', () => {
  const of = (yaml: string) =>
    Object.fromEntries(Object.entries(findPermissions(yaml)).filter(([, level]) => level !== 'none'));

  test("are a job's own, else the workflow's", () => {
    const jobs = 'jobs:\n  a:\n    permissions: { deployments: write, checks: read }\n  b: {}\n';
    expect(of(`permissions: {}\n${jobs}`)).toEqual({ deployments: 'write', checks: 'read' });
    expect(of(`permissions:\n  checks: write\n${jobs}`)).toEqual({ deployments: 'write', checks: 'write' });
  });

  test('without any, a job may read the repository', () => {
    expect(of('jobs:\n  a: {}\n')).toEqual({ contents: 'read' });
  });

  test('all may be given in a word', () => {
    expect(Object.values(findPermissions('permissions: read-all\njobs: { a: {} }'))).toEqual(Array(6).fill('read'));
    expect(Object.values(findPermissions('permissions: write-all\njobs: { a: {} }'))).toEqual(Array(6).fill('write'));
  });
});

describe('actions that a workflow uses', () => {
  const standIns = {
    tools: '/tools',
    actions: new Map([
      ['catalyst-deploy-action', '/ours'],
      ['actions/checkout', '/checkout'],
    ]),
  };

  test('are replaced by folders, whatever version, owner of ours, and path', () => {
    const text = `
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
      - id: x
        uses: OWNER/catalyst-deploy-action@v0
      - uses: 'acme/catalyst-deploy-action/rollback@v1.2.3'
      - uses: ./.github/actions/storefront
      # - uses: somebody/else@v1
    `;
    expect([...findActions([text], standIns)]).toEqual([
      ['actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1', '/checkout'],
      ['OWNER/catalyst-deploy-action@v0', '/ours'],
      ['acme/catalyst-deploy-action@v1.2.3', '/ours'],
    ]);
  });

  test('one without a stand-in is an error', () => {
    expect(() => findActions(['- uses: actions/cache@v5'], standIns)).toThrow('no stand-in for actions/cache@v5');
  });
});

describe('Go', () => {
  test.each([
    ['go version go1.25.0 linux/amd64', true],
    ['go version go1.26.8 linux/amd64', true],
    ['go version go2.0 linux/amd64', true],
    ['go version go1.24.9 darwin/arm64', false],
    ['no version', false],
  ])('"%s": new enough is %s', (text, expected) => {
    expect(isRecentGo(text)).toBe(expected);
  });

  const onUnix = process.platform === 'win32' ? test.skip : test;

  onUnix('where it is missing, nothing is tested, with a sentence', () => {
    const script = fileURLToPath(new URL('../../../scripts/e2e/e2e.ts', import.meta.url));
    const env = { PATH: temporaryFolder(), E2E_CACHE: temporaryFolder() };
    const { status, stdout, stderr } = spawnSync(process.execPath, [script], { env, encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: 'Skipped: act 0.2.89 is built with Go, which is not installed. Nothing was tested.\n',
      stderr: '',
    });
  });
});

const withGo = hasCommand('go') ? test : test.skip;

withGo('what is in the cache under the name of act is looked at before it is run', async () => {
  const cache = temporaryFolder();
  writeFileSync(join(cache, 'act-0.2.89'), '#!/bin/sh\n', { mode: 0o755 });
  await expect(installAct(cache)).rejects.toThrow('is not act 0.2.89 as published. Remove it, and it is built again.');
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux.each([
  ['ended, where there is time', endOrphans, 'SIGTERM'],
  ['killed at once, where there is none', killOrphans, 'SIGKILL'],
] as const)('what a job leaves running is %s, and nothing else', async (_how, stop, signal) => {
  const [ours, others] = [temporaryFolder(), temporaryFolder()].map((TMPDIR) => {
    const child = spawn(process.execPath, ['-e', 'process.stdout.write("."); setInterval(() => {}, 1000)'], {
      env: { TMPDIR },
    });
    onCleanUp(() => child.kill('SIGKILL'));
    return { TMPDIR, child, ended: once(child, 'exit'), started: once(child.stdout, 'data') };
  });
  await Promise.all([ours?.started, others?.started]);
  await stop(ours?.TMPDIR ?? '');
  expect(await ours?.ended).toEqual([null, signal]);
  expect(others?.child.exitCode ?? others?.child.signalCode).toBeNull();
});
