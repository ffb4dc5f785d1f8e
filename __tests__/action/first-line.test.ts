/** The log's first line says what runs, and what for: before anything is checked, whatever is wrong, and without a secret. */
import { expect, test } from '@jest/globals';
import { VERSION } from '../../src/version.ts';
import { callsOf, deploy, platform, startRun, workspaceWith } from './harness.ts';

const SHA = 'c0ffee0123456789c0ffee0123456789c0ffee01';
const UUID = '01234567-89ab-4cde-8f01-23456789abcd';
const EVENT = { GITHUB_REPOSITORY: 'acme/shop', GITHUB_SHA: SHA, GITHUB_EVENT_NAME: 'push' };
const STORE = { 'store-hash': 'abc123' };
const OURS = 'catalyst-deploy-action';

async function firstLineOf(action: string, inputs: Record<string, string>, env: Record<string, string> = EVENT) {
  const run = await startRun({ action, inputs, env, workspace: workspaceWith() }).finished;
  expect(run.exitCode).toBe(1);
  return run.lines[0];
}

// Each of these is wrong in some other input.
test.each([
  [
    '.',
    { ...STORE, 'project-uuid': UUID, environment: 'staging' },
    ` · project ${UUID} · environment staging · commit`,
  ],
  ['rollback', { ...STORE, 'project-name': 'shop' }, ' · project shop · environment production'],
  ['preview-cleanup', STORE, ' · environment preview'],
  ['redirects', STORE, ' · commit'],
  ['logs', { ...STORE, 'project-name': 'shop' }, ' · project shop'],
])('of %s', async (action, inputs, expected) => {
  const name = action === '.' ? OURS : `${OURS}/${action}`;
  const commit = expected.endsWith('commit') ? ' c0ffee0' : '';
  expect(await firstLineOf(action, inputs)).toBe(`${name} ${VERSION} · store abc123${expected}${commit}`);
});

test('of those without a store', async () => {
  expect(await firstLineOf('batch-upload', {})).toBe(`${OURS}/batch-upload ${VERSION} · commit c0ffee0`);
  const gate = { policy: 'none', 'github-token': 'a-token' };
  expect(await firstLineOf('preview-gate', gate)).toBe(`${OURS}/preview-gate ${VERSION} · environment preview`);
});

test('what is wrong is not in it, nor what may be a token in the wrong input', async () => {
  const wrong = { 'store-hash': 'x'.repeat(31), 'project-uuid': 'no-uuid', environment: 'a\nb' };
  expect(await firstLineOf('.', wrong)).toBe(`${OURS} ${VERSION}`);
});

test('a secret that is a part of it is not shown', async () => {
  const inputs = { ...STORE, 'project-name': 'the-secret-of-the-shop', secrets: 'KEY=secret-of-the' };
  const run = await startRun({ inputs, env: EVENT, workspace: workspaceWith() }).finished;
  expect(run.lines[0]).toContain(' · project the-***-shop · ');
  const token = await firstLineOf('logs', { 'store-hash': 'abc123token', 'access-token': 'abc123token' });
  expect(token).toBe(`${OURS}/logs ${VERSION} · store ***`);
});

test('it comes before any request, also of a run that succeeds, and each secret is masked once', async () => {
  const emulator = await platform();
  const run = await deploy({ emulator, inputs: { secrets: 'KEY=a-secret-of-the-store' }, env: EVENT });
  expect(run.exitCode).toBe(0);
  expect(callsOf(emulator)).toContain('createDeployment');
  const project = emulator.projects[0]?.uuid;
  const facts = `store ${emulator.storeHash} · project ${project} · environment production · commit c0ffee0`;
  expect(run.lines[0]).toBe(`${OURS} ${VERSION} · ${facts}`);
  expect(run.masks).toEqual([...new Set(run.masks)]);
});
