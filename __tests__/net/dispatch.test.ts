/** What every request over undici shares. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { buildConnector, MockAgent } from 'undici';
import { createProxyDispatcher, dispatch, flattenHeaders } from '../../src/net/dispatch.ts';

test('headers have names in lower case, and one text each', () => {
  const headers = { 'Retry-After': '7', 'Set-Cookie': ['a=1', 'b=2'], 'X-None': undefined };
  expect(flattenHeaders(headers)).toEqual({ 'retry-after': '7', 'set-cookie': 'a=1, b=2' });
});

test('a proxy that undici does not take is named as the setting it is', () => {
  process.env['https_proxy'] = 'no address';
  try {
    expect(() => createProxyDispatcher(buildConnector({}))).toThrow(
      'The proxy named by HTTPS_PROXY or HTTP_PROXY is not a usable URL.',
    );
  } finally {
    delete process.env['https_proxy'];
  }
});

function mocked() {
  const agent = new MockAgent();
  agent.disableNetConnect();
  agent.get('https://api.example').intercept({ path: '/', method: 'GET' }).reply(200, 'hello').persist();
  return agent;
}

const request = { method: 'GET', url: new URL('https://api.example/'), headers: {} } as const;

test('it is begun a turn later, and says so right before', async () => {
  const agent = mocked();
  const begun: string[] = [];
  const { signal } = new AbortController();
  const answer = dispatch(agent, { ...request, signal, onStart: () => begun.push('begun') }, { sent: false });
  expect(begun).toEqual([]);
  await setImmediate();
  expect(begun).toEqual(['begun']);
  expect(await (await answer).body.text()).toBe('hello');
  expect((await dispatch(agent, { ...request, signal }, { sent: false })).statusCode).toBe(200);
  await agent.close();
});

test('after an abort nothing is begun', async () => {
  const agent = mocked();
  const cancelled = new Error('cancelled');
  const begun: string[] = [];
  const signal = AbortSignal.abort(cancelled);
  const answer = dispatch(agent, { ...request, signal, onStart: () => begun.push('begun') }, { sent: false });
  await expect(answer).rejects.toBe(cancelled);
  expect(begun).toEqual([]);
  await agent.close();
});
