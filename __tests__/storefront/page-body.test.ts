/** Bodies: how much is read of them, and what they are compressed with. */
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { MAX_PAGE_BYTES } from '../../src/storefront/page-body.ts';
import { answered, get, startPages, startStorefront } from './helpers.ts';

const PAGE = `<!doctype html><title>Schöne Läden</title>${'<p>a page</p>'.repeat(5000)}`;

async function getBody(body: Uint8Array | string, encoding?: string, pages = startPages()) {
  const { port } = await startStorefront((_, response) => {
    if (encoding !== undefined) response.setHeader('content-encoding', encoding);
    response.end(body);
  });
  return await get(`http://shop.localhost:${port}/`, {}, pages);
}

test.each<[string, Uint8Array]>([
  ['gzip', gzipSync(PAGE)],
  ['X-GZIP', gzipSync(PAGE)],
  ['br', brotliCompressSync(PAGE)],
  ['deflate', deflateSync(PAGE)],
  ['deflate', deflateRawSync(PAGE)],
  ['zstd', zstdCompressSync(PAGE)],
  ['identity', Buffer.from(PAGE)],
  ['gzip, br', brotliCompressSync(gzipSync(PAGE))],
  ['deflate,identity, gzip', gzipSync(deflateRawSync(PAGE))],
  ['gzip', Buffer.concat([gzipSync(PAGE.slice(0, 100)), gzipSync(PAGE.slice(100))])],
])('a body in %s is decompressed (%#)', async (encoding, body) => {
  const bytes = Buffer.byteLength(PAGE);
  expect(await getBody(body, encoding)).toMatchObject({ kind: 'answered', body: PAGE, bytes, isCut: false });
});

test.each<[string, Uint8Array | string, string]>([
  ['gzip', gzipSync(PAGE).subarray(0, -20), 'compressed data is damaged'],
  ['gzip', PAGE, 'compressed data is damaged'],
  ['br', Buffer.from(brotliCompressSync(PAGE)).fill(255, 10, 40), 'compressed data is damaged'],
  ['br', brotliCompressSync(PAGE).subarray(0, -20), 'compressed data is damaged'],
  ['deflate', PAGE, 'compressed data is damaged'],
  ['zstd', PAGE, 'compressed data is damaged'],
  ['zstd', zstdCompressSync(PAGE).subarray(0, -20), 'compressed data is damaged'],
  ['compress', PAGE, 'unknown content encoding'],
  ['gzip,gzip,gzip,gzip', PAGE, 'unknown content encoding'],
])('a body in %s that cannot be decompressed is broken (%#)', async (encoding, body, reason) => {
  expect(await getBody(body, encoding)).toMatchObject({ kind: 'none', fault: 'broken', reason });
});

test.each(['gzip', 'br', 'deflate', 'zstd'])('an empty body may be said to be %s', async (encoding) => {
  expect(await getBody('', encoding)).toMatchObject({ kind: 'answered', body: '', bytes: 0, isCut: false });
});

test.each([
  [MAX_PAGE_BYTES, false],
  [MAX_PAGE_BYTES + 1, true],
])('of a body of %i bytes the first four MB are read; cut: %s', async (size, isCut) => {
  const answer = answered(await getBody(Buffer.alloc(size, 'a')));
  expect(answer).toMatchObject({ bytes: MAX_PAGE_BYTES, isCut });
  expect(answer.body).toBe('a'.repeat(MAX_PAGE_BYTES));
});

test('an endless body is cut, and its connection closed', async () => {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const { port } = await startStorefront((_, response) => {
    const more = () => {
      while (response.write(Buffer.alloc(65_536, 'b')));
    };
    response.on('drain', more).on('close', resolve);
    more();
  });
  expect(await get(`http://shop.localhost:${port}/`)).toMatchObject({ bytes: MAX_PAGE_BYTES, isCut: true });
  await closed;
});

test.each<[string, (bytes: Uint8Array) => Uint8Array]>([
  ['gzip', (bytes) => gzipSync(bytes, { level: 1 })],
  ['gzip, gzip', (bytes) => gzipSync(gzipSync(bytes, { level: 1 }))],
  ['zstd', (bytes) => zstdCompressSync(bytes)],
])('a bomb in %s costs no memory', async (encoding, compress) => {
  const body = compress(Buffer.alloc(256 * 1024 * 1024));
  const pages = startPages();
  await getBody('warm', undefined, pages);
  let most = 0;
  const before = process.memoryUsage().rss;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 1);
  const answer = await getBody(body, encoding, pages);
  clearInterval(watch);
  expect(answer).toMatchObject({ kind: 'answered', bytes: MAX_PAGE_BYTES, isCut: true });
  expect(Math.max(most, process.memoryUsage().rss) - before).toBeLessThan(64 * 1024 * 1024);
});
