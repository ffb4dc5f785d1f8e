/** The proxy variables that both halves of GitHub's artifact package read alike. */
import { expect, test } from '@jest/globals';
import { createThreadEnvironment } from '../../src/github/artifact-environment.ts';

const RESULTS = 'https://results.actions.test/';

function proxyVariables(env: Record<string, string>, resultsUrl = RESULTS): Record<string, string | undefined> {
  const { GITHUB_SERVER_URL, ...rest } = createThreadEnvironment(env, 'https://github.com', resultsUrl);
  expect(GITHUB_SERVER_URL).toBe('https://github.com');
  return rest;
}

test('keeps all other variables, and none of a proxy that is not used', () => {
  expect(proxyVariables({ A: '1', HTTP_PROXY: 'http://p', all_proxy: 'http://p', NO_PROXY: 'x' })).toEqual({
    A: '1',
  });
});

test('the lower-case name wins, as it does for the service’s client', () => {
  expect(proxyVariables({ https_proxy: 'http://a', HTTPS_PROXY: 'http://b', no_proxy: 'c', NO_PROXY: 'd' })).toEqual({
    https_proxy: 'http://a',
    no_proxy: 'c,.c',
  });
});

test.each([
  ['example.com', 'example.com,.example.com'],
  ['.example.com', '.example.com,example.com'],
  ['*.Example.com', '.example.com,example.com'],
  ['a.test:443, b.test:8080  c.test', 'a.test,.a.test,b.test:8080,.b.test:8080,c.test,.c.test'],
  ['', ''],
])('NO_PROXY %j becomes %j', (exceptions, expected) => {
  expect(proxyVariables({ HTTPS_PROXY: 'http://p', NO_PROXY: exceptions })['no_proxy']).toBe(expected);
});

test.each([
  ['https://results.actions.test/', 'https_proxy', 'a.test:443', 'a.test,.a.test'],
  ['https://results.actions.test/', 'https_proxy', 'a.test:80', 'a.test:80,.a.test:80'],
  ['http://results.actions.test/', 'http_proxy', 'a.test:80', 'a.test,.a.test'],
  ['http://results.actions.test/', 'http_proxy', 'a.test:443', 'a.test:443,.a.test:443'],
  ['http://results.actions.test:8080/', 'http_proxy', 'a.test:8080', 'a.test,.a.test'],
])('the proxy for %s is %s, and its own port in NO_PROXY (%s) is left out', (url, name, exception, expected) => {
  const env = { HTTP_PROXY: 'p', HTTPS_PROXY: 'p', NO_PROXY: exception };
  expect(proxyVariables(env, url)).toEqual({ [name]: 'http://p', no_proxy: expected });
});

test('a star turns the proxy off', () => {
  expect(proxyVariables({ HTTPS_PROXY: 'http://p', NO_PROXY: 'a, *' })).toEqual({});
});
