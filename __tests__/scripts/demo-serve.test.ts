import { expect, test } from '@jest/globals';
import { renderFetched } from '../../scripts/demo-serve.ts';

const asked = { expectedStatus: 200, durationMs: 12.4 };
const page = (status: number, body = '', headers = {}) => ({ status, headers, rawHeaders: [], body });

test('a line says what a page is, where it leads, and what failed in it', () => {
  expect(renderFetched('/', page(200, '<title>Tea &amp; Co &amp; more</title>'), asked)).toBe(
    '200 / in 12 ms  Tea & Co & more',
  );
  expect(renderFetched('/cart', page(308, '', { location: '/cart/' }), { ...asked, expectedStatus: 308 })).toBe(
    '308 /cart in 12 ms  → /cart/',
  );
  expect(renderFetched('/BUILD_ID', page(200, 'b1'), asked)).toBe('200 /BUILD_ID in 12 ms  b1');
  const broken = '<template data-dgst="17"></template><script>$RX("B:0","23")</script>';
  expect(renderFetched('/reviews/', page(200, broken), asked)).toBe(
    '200 /reviews/ in 12 ms  failed while it rendered: digests 17, 23',
  );
});

test('and that its status should be another one', () => {
  expect(renderFetched('/', page(500), asked)).toBe('500 / in 12 ms  status 200 was expected');
});
