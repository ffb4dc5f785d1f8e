/** Signing and uploading with all faults of storage and the network. */
import { expect, test } from '@jest/globals';
import { noise } from '../../scripts/demo-storefront.ts';
import { callsOf, deploy, failureOf, platform, storefront } from './harness.ts';

const SIGNED_TWICE = ['sign', 'upload', 'sign', 'upload', 'createDeployment'];

test.each([
  ['a 429 with Retry-After', { effect: 'status', status: 429, headers: { 'Retry-After': '1' } }],
  ['a 500', { effect: 'status', status: 500 }],
  ['a reset before the answer', { effect: 'reset-before' }],
  ['a reset within the answer', { effect: 'reset-in-body' }],
  ['a lost answer', { effect: 'lost-answer' }],
] as const)('signing survives %s', async (_, fault) => {
  const emulator = await platform();
  emulator.addFault({ call: 'sign', ...fault });
  const run = await deploy({ emulator });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(callsOf(emulator).filter((call) => call === 'sign')).toHaveLength(2);
  expect(run.lines.join('\n')).toContain('Trying again');
});

test('signing survives an answer that drips in', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'sign', effect: 'slow-body', delayMs: 1, chunkBytes: 8 });
  expect((await deploy({ emulator })).outputs['outcome']).toBe('deployed');
});

test.each([
  ['an expired signature', { effect: 'status', status: 400, xml: { code: 'ExpiredToken', message: 'expired' } }],
  ['a refused signature', { effect: 'status', status: 403, xml: { code: 'SignatureDoesNotMatch', message: 'no' } }],
  ['a 503 of storage', { effect: 'status', status: 503, xml: { code: 'ServiceUnavailable', message: 'later' } }],
  ['a 429 of storage', { effect: 'status', status: 429, xml: { code: 'SlowDown', message: 'later' } }],
  ['a reset before the body', { effect: 'reset-before' }],
  ['a reset within the body', { effect: 'reset-mid-request', afterBytes: 100_000 }],
  ['a lost answer', { effect: 'lost-answer' }],
] as const)('%s: signs again, uploads again, and deploys the upload that succeeded', async (_, fault) => {
  const emulator = await platform();
  emulator.addFault({ call: 'upload', ...fault });
  const workspace = storefront({ 'worker.js': 'x', 'assets/a.bin': noise(1, 600_000) });
  const run = await deploy({ emulator, workspace });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(callsOf(emulator).filter((call) => call !== 'events')).toEqual(SIGNED_TWICE);
  expect(run.outputs['upload-uuid']).toBe(emulator.uploads[1]?.uploadUuid);
  expect(emulator.deployments[0]?.uploadUuid).toBe(emulator.uploads[1]?.uploadUuid);
});

test('a signature that has really expired when the upload comes is replaced', async () => {
  const emulator = await platform({ signatureLifeSeconds: 0.2 });
  emulator.addFault({ call: 'sign', effect: 'delay', delayMs: 400 });
  const run = await deploy({ emulator });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(emulator.requests.filter(({ call }) => call === 'upload').map(({ status }) => status)).toEqual([400, 200]);
});

test("storage's own code is in the error, without the signed query, and the upload is not repeated", async () => {
  const emulator = await platform();
  emulator.addFault({
    call: 'upload',
    effect: 'status',
    status: 403,
    xml: { code: 'AccessDenied', message: 'no way' },
  });
  const run = await deploy({ emulator });
  expect(run.outputs['outcome']).toBe('error');
  expect(failureOf(run).message).toMatch(/AccessDenied.*no way/s);
  expect(run.everything).not.toMatch(/X-Goog-Signature/i);
  expect(callsOf(emulator)).toEqual(['sign', 'upload']);
});
