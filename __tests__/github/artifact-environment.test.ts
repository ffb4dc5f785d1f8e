/** What the upload's thread finds in its environment: one form of the proxy variables for both halves of the package. */
import { expect, test } from '@jest/globals';
import {
  createThreadEnvironment,
  isEnterpriseServer,
  readArtifactService,
} from '../../src/github/artifact-environment.ts';

const RESULTS = 'https://results.example/';

function proxyOf(env: Readonly<Record<string, string>>, resultsUrl = RESULTS) {
  const { GITHUB_SERVER_URL, ...others } = createThreadEnvironment(env, 'https://github.com', resultsUrl);
  expect(GITHUB_SERVER_URL).toBe('https://github.com');
  return others;
}

test('everything else stays, and without a proxy for this address there is no variable of proxies', () => {
  expect(proxyOf({ PATH: '/bin', NO_PROXY: 'a.example', ALL_PROXY: 'http://p:1', http_proxy: 'http://p:1' })).toEqual({
    PATH: '/bin',
  });
});

test.each([
  [{ https_proxy: 'http://p:1', HTTPS_PROXY: 'http://other:1' }, RESULTS, { https_proxy: 'http://p:1', no_proxy: '' }],
  [
    { https_proxy: 'http://p:1', no_proxy: 'c', NO_PROXY: 'd' },
    RESULTS,
    { https_proxy: 'http://p:1', no_proxy: 'c,.c' },
  ],
  [{ HTTPS_PROXY: 'HTTPS://p:1' }, RESULTS, { https_proxy: 'HTTPS://p:1', no_proxy: '' }],
  [{ HTTPS_PROXY: 'p:1' }, RESULTS, { https_proxy: 'http://p:1', no_proxy: '' }],
  [{ HTTP_PROXY: 'p:1', https_proxy: 'q:1' }, 'http://localhost:80/', { http_proxy: 'http://p:1', no_proxy: '' }],
])('the proxy of %j for %s', (env, resultsUrl, expected) => {
  expect(proxyOf(env, resultsUrl)).toEqual(expected);
});

test.each([
  ['a.example', 'a.example,.a.example'],
  ['.a.example', '.a.example,a.example'],
  ['*.A.example', '.a.example,a.example'],
  ['a.example:443', 'a.example,.a.example'],
  ['a.example:8443', 'a.example:8443,.a.example:8443'],
  ['a.example, , b.example', 'a.example,.a.example,b.example,.b.example'],
  [
    'a.example:443, b.example:8080  c.example',
    'a.example,.a.example,b.example:8080,.b.example:8080,c.example,.c.example',
  ],
  ['', ''],
])('the exception %s is understood by both', (NO_PROXY, no_proxy) => {
  expect(proxyOf({ HTTPS_PROXY: 'http://p:1', NO_PROXY })).toEqual({ https_proxy: 'http://p:1', no_proxy });
});

test('default ports are those of the address, and * means no proxy at all', () => {
  const env = { http_proxy: 'http://p:1', https_proxy: 'http://p:1', no_proxy: 'a:80,b:443,c:99' };
  expect(proxyOf(env, 'http://r/')['no_proxy']).toBe('a,.a,b:443,.b:443,c:99,.c:99');
  expect(proxyOf(env, 'http://r:99/')['no_proxy']).toBe('a:80,.a:80,b:443,.b:443,c,.c');
  expect(proxyOf({ ...env, NO_PROXY: 'x', no_proxy: 'a,*' })).toEqual({});
});

test.each([
  [{}, undefined],
  [{ ACTIONS_RUNTIME_TOKEN: 't' }, undefined],
  [{ ACTIONS_RUNTIME_TOKEN: '', ACTIONS_RESULTS_URL: RESULTS }, undefined],
  [{ ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_RESULTS_URL: 'no address' }, undefined],
  [
    { ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_RESULTS_URL: RESULTS },
    { runtimeToken: 't', resultsUrl: RESULTS },
  ],
])('the service of %j', (env, expected) => {
  expect(readArtifactService(env)).toEqual(expected);
});

test('what is no address is no enterprise server', () => {
  expect(isEnterpriseServer('github.example')).toBe(false);
  expect(isEnterpriseServer('https://github.example')).toBe(true);
});
