/** Secrets in a worker's log reach neither the job log nor the file, the summary, or an output. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { failureOf, platform } from './harness.ts';
import { add, expectEnd, logged, readLogs, startLogs, thrown } from './logs-harness.ts';
import { expectNot } from './run-reading.ts';

const SESSION = 'sess/ion+secret=="of several signs"';
const NUMBER = '4711471147';
const KEY = '-----BEGIN KEY-----\nline-one-of-the-key\nline-two-of-the-key';

/** In the notations in which a worker may log it. */
function notationsOf(secret: string): unknown[] {
  return [
    secret,
    `Bearer ${secret}`,
    { headers: { authorization: secret } },
    JSON.stringify(JSON.stringify({ secret })),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    [...secret].join('\u0000'),
  ];
}

test.each(['query', 'tail'])('mode %s', async (mode) => {
  const emulator = await platform();
  const secrets = [emulator.accessToken, SESSION];
  const logs = secrets.flatMap((secret) => [
    ...notationsOf(secret).map((message) => logged('error', message, `/login?token=${encodeURIComponent(secret)}`)),
    thrown(secret, `failed with ${secret}`, `/${encodeURIComponent(secret)}`),
  ]);
  const all = [...logs, logged('error', { pin: Number(NUMBER) }), logged('error', KEY)];
  const given = { SESSION: `'${SESSION}'`, PIN: NUMBER, KEY: JSON.stringify(KEY) };
  for (const format of ['request', 'json']) {
    const inputs = {
      ...{ mode, format, 'fail-on': 'error', 'entry-type': 'log' },
      secrets: Object.entries(given)
        .map(([key, value]) => `${key}=${value}`)
        .join('\n'),
      ...(mode === 'tail' && { 'duration-seconds': '1' }),
    };
    const isFirst = format === 'request';
    if (mode === 'query' && isFirst) add(emulator, ...all);
    const started = startLogs({
      ...{ emulator, inputs },
      onLine: (line) => mode === 'tail' && line.includes('connection 1 is open') && add(emulator, ...all),
    });
    const run = await started.finished;
    expectEnd(run, 'failed', { entries: all.length });
    const file = readFileSync(run.outputs['file'] ?? '', 'utf8');
    if (format === 'json') for (const line of file.trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
    const { message } = failureOf(run);
    for (const text of [file, run.everything, message]) {
      for (const secret of [...secrets, NUMBER, ...KEY.split('\n')]) {
        expectNot(text, secret);
        expectNot(text, encodeURIComponent(secret));
        expectNot(text, Buffer.from(secret).toString('base64'));
      }
    }
    expect(file).toContain('***');
  }
});

test('without secrets the run is skipped: green, a notice, no request', async () => {
  const emulator = await platform();
  const payload = {
    pull_request: { number: 7, head: { repo: { full_name: 'fork/storefront' }, sha: 'a'.repeat(40) } },
  };
  const run = await readLogs({
    emulator,
    inputs: { 'access-token': '' },
    event: { name: 'pull_request', payload: { ...payload, repository: { full_name: 'acme/storefront' } } },
  });
  expectEnd(run, 'skipped', {});
  expect(run.outputs['skipped-reason']).toBe('fork');
  expect(run.annotations).toMatchObject([{ level: 'notice', message: expect.stringContaining('Nothing was read') }]);
  expect(emulator.requests).toEqual([]);
});
