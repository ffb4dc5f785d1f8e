import { expect, test } from '@jest/globals';
import type { PageRequest } from '../../src/domain/verification/page.ts';
import { askable, isFirstServer, nextUrl } from '../../src/storefront/redirects.ts';

function requestFor(url: string, ...hosts: string[]): PageRequest {
  const { signal } = new AbortController();
  return { url: new URL(url), headers: {}, hosts: new Set(hosts), timeoutMs: 1, signal };
}

function next(from: string, to: string, ...hosts: string[]): string | undefined {
  const hop = { status: 302, url: new URL(from), location: new URL(to), headers: {} };
  return nextUrl(hop, requestFor(from, ...hosts))?.href;
}

test.each<[string, string, string[], boolean]>([
  ['https://shop.example/', 'https://shop.example/a', [], true],
  ['https://shop.example/', 'https://www.shop.example/', ['www.shop.example'], true],
  ['https://shop.example/', 'https://shop.example:8443/', ['shop.example'], false],
  ['https://shop.example/', 'https://evil.shop.example/', ['shop.example'], false],
  ['https://shop.example/', 'https://shop.example.evil.example/', ['shop.example'], false],
  ['http://shop.example/', 'https://shop.example/', [], true],
  ['https://shop.example/', 'http://shop.example/', ['shop.example'], false],
  ['https://localhost/', 'http://localhost/', [], true],
  ['https://shop.example/', 'ftp://shop.example/', ['shop.example'], false],
])('from %s a redirect to %s (hosts: %j) is followed: %s', (from, to, hosts, isFollowed) => {
  expect(next(from, to, ...hosts)).toBe(isFollowed ? to : undefined);
});

test.each<[string, string, string[], boolean]>([
  ['https://shop.example/', 'https://shop.example/a?b', [], true],
  ['https://shop.example/', 'https://shop.example:443/', [], true],
  ['https://shop.example/', 'https://shop.example:8443/', ['shop.example:8443'], false],
  ['https://shop.example/', 'https://www.shop.example/', ['www.shop.example'], false],
  ['http://shop.example/', 'https://shop.example/', ['shop.example'], true],
  ['http://shop.example/', 'https://shop.example/', [], false],
  ['http://shop.example/', 'https://www.shop.example/', ['www.shop.example'], false],
  ['https://shop.example/', 'http://shop.example/', ['shop.example'], false],
])('what is for %s goes to %s (hosts: %j): %s', (first, url, hosts, isSent) => {
  expect(isFirstServer(new URL(url), requestFor(first, ...hosts))).toBe(isSent);
});

test('fragment and credentials are not asked for', () => {
  expect(askable(new URL('https://user:pass@shop.example/a?b#c')).href).toBe('https://shop.example/a?b');
});
