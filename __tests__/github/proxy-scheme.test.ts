/** The proxy variables as people write them, and the client of GitHub. */
import { createServer } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { toFailure } from '../../src/github/failure.ts';
import { onCleanUp } from '../clean-up.ts';
import { listenUntil } from '../proxy-server.ts';
import { createQuietClient } from './quiet-client.ts';

afterEach(() => {
  for (const name of ['http_proxy', 'https_proxy', 'GITHUB_API_URL']) delete process.env[name];
});

test('a proxy without a scheme gets http://', async () => {
  const passed: string[] = [];
  const proxy = createServer((request, response) => {
    passed.push(request.url ?? '');
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"message": "Not Found"}');
  });
  const proxyUrl = await listenUntil(onCleanUp, proxy);
  process.env['http_proxy'] = proxyUrl.replace('http://', '');
  process.env['GITHUB_API_URL'] = 'http://github.invalid';
  const github = await createQuietClient();
  await github.readArtifact(7).catch(() => {});
  expect(passed).toEqual([expect.stringMatching(/^http:\/\/github\.invalid\/repos\/acme\/storefront\//)]);
});

test('a proxy that is down is named, without its credentials', () => {
  process.env['https_proxy'] = 'http://user:hunter22@proxy.example:3128';
  const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.5:3128'), {
    code: 'ECONNREFUSED',
    address: '10.0.0.5',
    port: 3128,
  });
  const request = { method: 'GET', url: 'https://api.github.com/user' };
  const error = Object.assign(new Error('fetch failed', { cause: refused }), { status: 500, request });
  const failure = toFailure({ what: 'Asking', permission: undefined }, error) as Error & { fix: string };
  expect(failure.message).toContain('the proxy proxy.example:3128 could not be reached: the connection was refused');
  expect(`${failure.message} ${failure.fix}`).not.toContain('hunter22');
  expect(failure.fix).toContain('NO_PROXY');
});
