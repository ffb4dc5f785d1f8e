/** What Node's and undici's errors mean, in words for the user. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { causeOf, errorsOf, explainFault, findProxy, isConnectFault, proxyAdvice } from '../../src/net/faults.ts';

const PROXIES = ['http_proxy', 'https_proxy'];

afterEach(() => {
  for (const name of PROXIES) delete process.env[name];
});

const withCode = (code: string, more: object = {}) => Object.assign(new Error('It failed'), { code, ...more });
const URL_ASKED = new URL('https://api.example/v3');

test('a certificate that is not accepted is no fault that passes, and has an advice', () => {
  const error = new TypeError('fetch failed', { cause: withCode('SELF_SIGNED_CERT_IN_CHAIN') });
  expect(explainFault(error)).toEqual({
    outcome: 'got no answer: its TLS certificate was not accepted (SELF_SIGNED_CERT_IN_CHAIN)',
    transient: false,
    topic: 'tls-certificate-not-accepted',
    fix: 'Behind a proxy that opens TLS, set NODE_EXTRA_CA_CERTS to its CA certificate for the step.',
  });
  expect(isConnectFault(error)).toBe(true);
});

test.each([
  [407, '407', false],
  [403, '403', false],
  [429, '429', true],
  [502, '502', true],
])('a proxy that answers %i', (status, words, transient) => {
  const error = new Error(`Proxy response (${status}) !== 200 when HTTP Tunneling`);
  expect(explainFault(error)).toEqual({
    outcome: `got no answer: the proxy refused the connection with ${words}`,
    transient,
    topic: 'the-proxy-could-not-be-reached',
    fix: 'Check HTTPS_PROXY and its credentials, and that the proxy allows this host.',
  });
  expect(isConnectFault(error)).toBe(true);
});

test('a proxy whose answer has no status', () => {
  const outcome = 'got no answer: the proxy refused the connection with an unusable answer';
  expect(explainFault(new Error('Proxy response (?) !== 200'))).toMatchObject({ outcome, transient: false });
});

test.each([
  ['UND_ERR_INVALID_ARG', false],
  ['UND_ERR_REQ_CONTENT_LENGTH_MISMATCH', false],
  ['UND_ERR_NOT_SUPPORTED', false],
  ['UND_ERR_SOCKET', true],
  ['ECONNRESET', true],
])('%s: whether another try may help', (code, transient) => {
  expect(explainFault(withCode(code))).toEqual({
    outcome: `got no answer: the connection broke (${code})`,
    transient,
  });
  expect(isConnectFault(withCode(code))).toBe(false);
});

test('what has no code is said in its own words', () => {
  expect(explainFault(new Error('other side closed')).outcome).toBe('got no answer: other side closed');
  expect(explainFault('thrown text').outcome).toBe('got no answer: unknown fault');
});

describe('the addresses of a host', () => {
  const failed = (address: string, code: string) => withCode(code, { address, port: 443 });

  test('are named with what happened at each, four of them at most, each once', () => {
    const errors = [
      failed('192.0.2.1', 'ECONNREFUSED'),
      failed('192.0.2.1', 'ECONNREFUSED'),
      failed('2001:db8::1', 'EACCES'),
      failed('192.0.2.3', 'ETIMEDOUT'),
      withCode('ECONNREFUSED'),
    ];
    const some = Object.assign(new AggregateError(errors), { code: 'ECONNREFUSED' });
    expect(explainFault(some).outcome).toBe(
      'got no answer: no connection: 192.0.2.1:443: the connection was refused (ECONNREFUSED); [2001:db8::1]:443: it failed (EACCES); 192.0.2.3:443: the connection timed out (ETIMEDOUT)',
    );
    const many = Array.from({ length: 6 }, (_, index) => failed(`192.0.2.${index}`, 'ECONNREFUSED'));
    const all = Object.assign(new AggregateError(many), { code: 'ECONNREFUSED' });
    expect(explainFault(all).outcome).toMatch(/192\.0\.2\.3:443: [^;]*; and 2 more$/);
  });

  test('are not named where there is one', () => {
    expect(explainFault(failed('192.0.2.1', 'ECONNREFUSED')).outcome).toBe(
      'got no answer: the connection was refused (ECONNREFUSED)',
    );
  });
});

describe('a proxy', () => {
  test('that is down is named without its credentials', () => {
    process.env['https_proxy'] = 'http://user:hush@proxy.example:3128';
    const fault = explainFault(withCode('ENOTFOUND', { hostname: 'proxy.example' }), URL_ASKED);
    expect(fault).toEqual({
      outcome:
        'got no answer, since the proxy proxy.example:3128 could not be reached: the host name is not known (ENOTFOUND)',
      transient: true,
      topic: 'the-proxy-could-not-be-reached',
      fix: 'Check HTTPS_PROXY and HTTP_PROXY, and that the proxy runs; hosts that are reached without it belong in NO_PROXY.',
    });
  });

  test('is not blamed for another host, nor where it is the host that was asked for', () => {
    process.env['https_proxy'] = 'http://proxy.example:3128';
    expect(findProxy(withCode('ENOTFOUND', { hostname: 'api.example' }), URL_ASKED)).toBeUndefined();
    const itself = new URL('http://proxy.example:3128/');
    expect(findProxy(withCode('ENOTFOUND', { hostname: 'proxy.example' }), itself)).toBeUndefined();
    expect(explainFault(withCode('ENOTFOUND', { hostname: 'api.example' }), URL_ASKED).fix).toBe(
      'Check that the runner reaches this host. Unless NO_PROXY names it, the proxy proxy.example:3128 has to let it through.',
    );
  });

  test('has the port of its scheme where it names none', () => {
    expect(proxyAdvice()).toBeUndefined();
    process.env['http_proxy'] = 'http://a.example';
    process.env['https_proxy'] = 'https://b.example';
    expect(proxyAdvice()).toContain('b.example:443 or a.example:80');
    process.env['https_proxy'] = 'socks5://c.example';
    expect(proxyAdvice()).toContain('c.example:1080');
  });
});

test('causes are followed to a depth of five, and a circle ends', () => {
  const error = new Error('a') as Error & { cause: unknown };
  error.cause = error;
  expect(errorsOf(error)).toHaveLength(5);
  expect(causeOf(error)).toEqual({ code: '', message: 'a' });
  expect(causeOf(withCode('X'))).toEqual({ code: 'X', message: 'It failed' });
});
