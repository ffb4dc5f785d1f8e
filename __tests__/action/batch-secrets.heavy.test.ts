/** A service that says aloud what it was given in confidence. */
import { expect, test } from '@jest/globals';
import type { Fault } from '../../emulator/emulator.ts';
import { expectCaseEnd } from './batch-cases.ts';
import { batchPlatform, runBatch } from './batch-harness.ts';

const REF = 'f1a9f1d3-3c1e-4b60-8c33-4c1f0a53a9d1';
const SIGNATURE = '5f0e5f1e5f2e5f3e5f4e5f5e5f6e5f7e';
/** Nobody else's text may steer the log. */
const STEERING = '\r\n::error title=pwned::pwned\n::stop-commands::x\n\u001b[2J';

test('the credentials that the API quotes are nowhere to be read', async () => {
  const emulator = await batchPlatform();
  const { clientKey, apiToken } = emulator.sitecore;
  const basic = Buffer.from(`${clientKey}:${apiToken}`).toString('base64');
  const body = { message: `No: Basic ${basic}, ${apiToken}.${STEERING}` };
  emulator.addFault({ call: 'allocateBatch', effect: 'status', status: 401, body });
  const run = await runBatch({ emulator });
  expectCaseEnd(run, { outcome: 'error', says: ['answered 401', 'The server says: No: …'] });
  expect(run.masks).toEqual(expect.arrayContaining([basic, apiToken]));
  expect(run.lines.filter((line) => /^::(stop|error title=pwned)/.test(line))).toEqual([]);
});

const STORE_CALLS: [string, (origin: string) => Fault[]][] = [
  [
    'a location',
    (origin) => [
      { call: 'allocateBatch', effect: 'batch-location', href: urlOf(origin, 'import.gz') },
      { call: 'uploadBatch', effect: 'status', status: 403, xml: quoting(urlOf(origin, 'import.gz')) },
    ],
  ],
  [
    'the URL of a log',
    (origin) => [
      { call: 'allocateBatch', effect: 'refuse-records', count: 1 },
      {
        call: 'inspectBatch',
        effect: 'status',
        status: 200,
        body: { status: { code: 'error', log: urlOf(origin, 'errors.gz') } },
      },
      { call: 'batchLog', effect: 'status', status: 403, xml: quoting(urlOf(origin, 'errors.gz')) },
    ],
  ],
];

function urlOf(origin: string, name: string): string {
  return `${origin}/sitecore-batches/emulated/${REF}/${name}?X-Amz-Credential=AKIAEMULATED%2Fs3&X-Amz-Signature=${SIGNATURE}`;
}

function quoting(url: string): { code: string; message: string } {
  return { code: 'SignatureDoesNotMatch', message: `${url} has ${SIGNATURE} of AKIAEMULATED/s3.${STEERING}` };
}

test.each(STORE_CALLS)('the signature of %s that the store quotes is nowhere to be read', async (_, faultsOf) => {
  const emulator = await batchPlatform();
  for (const fault of faultsOf(emulator.origin)) emulator.addFault(fault);
  const run = await runBatch({ emulator, inputs: { 'batch-ref': REF } });
  expect(run.lines.join('\n')).toContain('SignatureDoesNotMatch');
  for (const secret of [SIGNATURE, 'AKIAEMULATED']) {
    expect(run.masks.some((mask) => mask.includes(secret))).toBe(true);
    expect(run.everything.includes(secret)).toBe(false);
  }
  expect(run.lines.filter((line) => /^::(stop|error title=pwned)/.test(line))).toEqual([]);
  expect(run.exitCode === 0).toBe(emulator.sitecore.list.at(-1)?.status === 'success');
});
