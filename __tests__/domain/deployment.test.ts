import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  applyEvent,
  type DeploymentEvent,
  explainFailureCode,
  INITIAL_STATE,
  toUrl,
  verdictOf,
} from '../../src/domain/deployment.ts';

const event = (fields: Partial<DeploymentEvent>): DeploymentEvent => ({
  deploymentUuid: undefined,
  status: 'in_progress',
  step: undefined,
  progress: undefined,
  errorCode: undefined,
  hosts: [],
  ...fields,
});

test('only completed is success, only failed is failure, regardless of other statuses', () => {
  fc.assert(
    fc.property(fc.string(), (status) => {
      expect(verdictOf({ status })).toBe(status === 'completed' || status === 'failed' ? status : undefined);
    }),
  );
  for (const status of ['complete', 'COMPLETED', 'success', 'queued', 'in_progress', ''])
    expect(verdictOf({ status })).toBeUndefined();
});

test('a repeated status is not news, a verdict always is', () => {
  const first = applyEvent(INITIAL_STATE, event({ step: 'unzipping', progress: 40 }));
  const again = applyEvent(first.state, event({ step: 'unzipping', progress: 45 }));
  const back = applyEvent(applyEvent(again.state, event({ step: 'deploying' })).state, event({ step: 'unzipping' }));
  expect([first.isNews, again.isNews, back.isNews]).toEqual([true, false, false]);
  expect(again.state.progress).toBe(45);
  expect(applyEvent(back.state, event({ status: 'failed', step: 'unzipping' })).isNews).toBe(true);
});

test('addresses are collected once each, those of the newest event first, with https', () => {
  const one = applyEvent(INITIAL_STATE, event({ hosts: ['a.example', 'b.example'] }));
  const two = applyEvent(
    one.state,
    event({ hosts: ['b.example', 'https://a.example/', 'not a host', 'evil"><script>'] }),
  );
  expect(two.state.urls).toEqual(['https://b.example', 'https://a.example']);
  const final = applyEvent(two.state, event({ status: 'completed', hosts: ['shop.example', 'a.example'] }));
  expect(final.state.urls).toEqual(['https://shop.example', 'https://a.example', 'https://b.example']);
});

test.each([
  ['shop.example', 'https://shop.example'],
  ['shop.example:8443', 'https://shop.example:8443'],
  ['http://shop.example/', 'https://shop.example'],
  ['user@evil.example', undefined],
  ['shop.example/path', undefined],
  ['a b', undefined],
  ['', undefined],
  ['::set-output', undefined],
])('%j is the address %s', (host, url) => {
  expect(toUrl(host)).toBe(url);
});

test('exactly the codes 10, 20 and 50 are worth another try', () => {
  const worth = Array.from({ length: 100 }, (_, code) => String(code)).filter(
    (code) => explainFailureCode(code).worthAnotherTry,
  );
  expect(worth).toEqual(['10', '20', '50']);
  expect(explainFailureCode(undefined).worthAnotherTry).toBe(false);
});

test('a name under .localhost is http for a platform on this machine alone', () => {
  expect(toUrl('demo.localhost:8788', true)).toBe('http://demo.localhost:8788');
  expect(toUrl('demo.localhost:8788')).toBe('https://demo.localhost:8788');
  expect(toUrl('demo.localhost.example', true)).toBe('https://demo.localhost.example');
  const { state } = applyEvent(INITIAL_STATE, event({ hosts: ['demo.localhost:1'], isLocal: true }));
  expect(state.urls).toEqual(['http://demo.localhost:1']);
});
