import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, readFile } from 'node:fs/promises';
import { get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { explainPortInUse } from '../../emulator/port-in-use.ts';
import { onCleanUp } from '../clean-up.ts';
import { postJson, readJson, useEmulator } from './helpers.ts';

const CLI = fileURLToPath(new URL('../../emulator/cli.ts', import.meta.url));

function startCli(...args: string[]) {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = once(child, 'close').then(([code]) => code as number | null);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const readUntil = async (pattern: RegExp) => {
    const seen: string[] = [];
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`The end came before ${pattern}: ${seen.join('\n')}`);
      seen.push(value);
      if (pattern.test(value)) return seen.join('\n');
    }
  };
  return { child, exit, readUntil };
}

test('the command prints settings to copy, serves, logs requests, and ends on a signal', async () => {
  const { child, exit, readUntil } = startCli(
    '--port',
    '0',
    '--project',
    'shop',
    '--store-hash',
    'abc',
    '--access-token',
    'tok',
    '--site',
    'shop.example.com',
    '--client-key',
    'key',
    '--location-life-seconds',
    '60',
  );
  const printed = await readUntil(/^Requests/);
  const apiHost = /^CATALYST_API_HOST=(http:\/\/127\.0\.0\.1:\d+)$/m.exec(printed)?.[1];
  expect(printed).toMatch(/^CATALYST_STORE_HASH=abc$/m);
  expect(printed).toMatch(/^CATALYST_ACCESS_TOKEN=tok$/m);
  expect(printed).toMatch(/^CATALYST_PROJECT_UUID=[0-9a-f-]{36}$/m);
  expect(printed).toContain(`  api-host: ${apiHost}`);
  expect(printed).toContain('Sites, for redirects (site-id):\n  1000  shop.example.com\n\n');
  expect(printed).toContain(`  base-url: ${apiHost}\n  client-key: key\n  api-token: `);
  const url = `${apiHost}/stores/abc/v3/infrastructure/projects`;
  const { data } = await readJson(fetch(url, { headers: { 'X-Auth-Token': 'tok' } }));
  expect(data[0].name).toBe('shop');
  expect(await readUntil(/^listProjects:/)).toMatch(/GET \/stores\/abc\/v3\/infrastructure\/projects {2}200/);
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
});

test('with --tls a client that trusts the certificate is served', async () => {
  const { child, exit, readUntil } = startCli('--port', '0', '--tls');
  const printed = await readUntil(/^Requests/);
  const path = /^NODE_EXTRA_CA_CERTS=(.+)$/m.exec(printed)?.[1] ?? '';
  const apiHost = /^CATALYST_API_HOST=(127\.0\.0\.1:\d+)$/m.exec(printed)?.[1];
  const [response] = await once(
    get(`https://${apiHost}/_emulator/state`, { ca: await readFile(path), agent: false }),
    'response',
  );
  expect(response.statusCode).toBe(200);
  response.resume();
  child.kill('SIGINT');
  expect(await exit).toBe(0);
  await expect(access(path)).rejects.toThrow();
});

test.each([
  [['--port', 'x'], '--port must be a whole number'],
  [['--nope'], "'--nope'"],
  [['--sse-form', 'x'], '--sse-form must be bare or documented'],
  [['--fault', '{"call":"sign"}'], '--fault: effect must be one of'],
  [['--fault', '{'], '--fault: '],
  [['--site', 'https://shop.example.com'], '--site must be of letters'],
  [['--serve-broken'], '--serve-broken: only together with --serve'],
  [
    ['--serve-port', '0', '--serve-allow', 'a.example', '--serve-delay', '1', '--serve-old-for', '1'],
    '--serve-port, --serve-allow, --serve-delay, --serve-old-for: only together with --serve',
  ],
])('%j is refused with exit 2', async (args, message) => {
  const { child, exit } = startCli(...args);
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  expect(await exit).toBe(2);
  expect(errors).toContain(message);
});

test('a port that is in use ends it, with the option that sets the port', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onCleanUp(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { child, exit } = startCli('--port', `${port}`);
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  expect(await exit).toBe(1);
  expect(errors).toBe(`Port ${port} is in use: choose another one with --port (0: any free one).\n`);
});

test.each([
  [{ port: 8787, serve: true, servePort: 8788 }, 8788, 'with --serve-port ('],
  [{ port: 8787, serve: true, servePort: 8788 }, 8787, 'with --port ('],
  [{ port: 8788, serve: true, servePort: 8788 }, 8788, 'with --port and --serve-port ('],
  [{ port: 8788, serve: false, servePort: 8788 }, 8788, 'with --port ('],
])('with %j, the port %i in use is one to choose %s', (options, port, expected) => {
  const error = Object.assign(new Error('listen'), { code: 'EADDRINUSE', port });
  expect(explainPortInUse(error, options)).toContain(expected);
  expect(explainPortInUse(Object.assign(error, { code: 'EACCES' }), options)).toBeUndefined();
});

test('--help shows all flags and the control', async () => {
  const { exit, readUntil } = startCli('--help');
  expect(await readUntil(/POST +\/_emulator\/release /)).toContain('--signature-life-seconds');
  expect(await exit).toBe(0);
});

test('another process controls the emulator over HTTP', async () => {
  await using emulator = await useEmulator();
  const control = (method: string, path: string, body?: unknown) =>
    fetch(`${emulator.origin}/_emulator/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const fault = { call: 'sign', effect: 'status', status: 500 };
  expect((await control('POST', 'faults', [fault, { call: 'sign' }])).status).toBe(400);
  expect(emulator.faults).toHaveLength(0);
  expect(await readJson(control('POST', 'faults', fault))).toEqual({ added: 1 });
  expect((await postJson(emulator, '/deployments/uploads', {})).status).toBe(500);
  expect((await readJson(control('GET', 'requests')))[0]).toMatchObject({ call: 'sign', status: 500, body: {} });
  expect((await control('POST', 'hold', { at: 'processing' })).status).toBe(204);
  expect((await control('POST', 'hold', { at: 'nowhere' })).status).toBe(400);
  expect((await control('POST', 'release')).status).toBe(204);
  expect(await readJson(control('POST', 'projects', { name: 'more' }))).toMatchObject({ name: 'more' });
  const state = await readJson(control('GET', 'state'));
  expect(state.projects).toHaveLength(2);
  expect(state.faults[0]).toMatchObject({ applied: 1, done: true });
  expect((await control('DELETE', 'faults')).status).toBe(204);
  expect(emulator.faults).toHaveLength(0);
  expect((await control('GET', 'nothing')).status).toBe(404);
});

test('the control rejects a body that is not JSON, and the answer says what it must be', async () => {
  await using emulator = await useEmulator();
  const post = (path: string) =>
    fetch(`${emulator.origin}/_emulator/${path}`, { method: 'POST', body: '{call: sign}' });
  expect((await readJson(post('faults'))).error).toContain('a fault must be a JSON object');
  const answer = await post('release');
  expect(answer.status).toBe(400);
  expect(await readJson(answer)).toEqual({ error: 'the body must be an object' });
});
