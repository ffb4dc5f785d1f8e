/** How a call that failed is titled: what happened to the user, and where to read on. */
import { expect, test } from '@jest/globals';
import { HttpError, NetworkError } from '../../src/net/errors.ts';
import { BIGCOMMERCE, GITHUB, SITECORE_CDP, STORAGE } from '../../src/net/services.ts';

const CALL = { method: 'GET' as const, url: new URL('https://api.example/projects?sig=hush'), headers: {} };

test.each([
  [
    207,
    BIGCOMMERCE,
    'BigCommerce carried out only a part of the request (207)',
    '207-only-a-part-was-carried-out',
    false,
  ],
  [302, BIGCOMMERCE, 'BigCommerce answered with a redirect (302)', '3xx-redirect-instead-of-an-answer', false],
  [400, BIGCOMMERCE, 'BigCommerce rejected the request (400)', '422-request-rejected', false],
  [401, BIGCOMMERCE, 'BigCommerce refused the access token (401)', '401-access-token-refused', true],
  [401, SITECORE_CDP, 'Sitecore CDP refused the client key or the API token (401)', '401-access-token-refused', true],
  [401, GITHUB, 'GitHub refused the token (401)', '401-access-token-refused', true],
  [403, BIGCOMMERCE, 'BigCommerce denied access (403)', '403-access-denied', true],
  [404, BIGCOMMERCE, 'BigCommerce answered "not found" (404)', '404-not-found', true],
  [409, BIGCOMMERCE, 'BigCommerce reports a conflict (409)', '409-conflict', false],
  [413, STORAGE, 'The storage does not accept so much at once (413)', '413-too-much-at-once', false],
  [423, BIGCOMMERCE, 'BigCommerce has locked what was to be changed (423)', '423-locked', false],
  [429, STORAGE, 'The rate limit of the storage was reached (429)', '429-rate-limit-reached', true],
  [503, BIGCOMMERCE, 'BigCommerce had a fault (503)', '5xx-fault-of-the-service', true],
  [507, BIGCOMMERCE, 'BigCommerce has no room for it (507)', '507-limit-of-the-plan-reached', false],
])('%i of %j', (status, service, title, topic, isRequest) => {
  const error = new HttpError('Looking up', { ...CALL, status, service }, { fix: 'Mend it.' });
  expect(error).toMatchObject({ title, topic, isRequest });
  expect(error.message).toContain(`Looking up: GET https://api.example/projects answered ${status}.`);
});

test('what is no answer of the service, or has no advice, is not folded away', () => {
  const page = { ...CALL, status: 403, service: BIGCOMMERCE, foreignBody: 'an HTML page' };
  expect(new HttpError('Looking up', page, { fix: 'Mend it.' })).toMatchObject({
    title: 'A firewall or proxy may have blocked the request (403)',
    topic: 'an-answer-of-a-firewall-or-proxy',
    isRequest: false,
  });
  expect(new HttpError('Looking up', { ...CALL, status: 403 })).toMatchObject({
    title: 'The server denied access (403)',
    isRequest: false,
  });
});

test('a wait that is too long is named, and so not folded away', () => {
  const headers = { 'retry-after': '600' };
  const error = new HttpError('Looking up', { ...CALL, status: 429, headers }, { fix: 'Mend it.' });
  expect(error.isRequest).toBe(true);
  expect(error.asksTooLong(1000)).toBe(true);
  expect(error.isRequest).toBe(false);
});

test.each([
  ['not-sent', 'BigCommerce could not be reached'],
  ['lost-answer', 'BigCommerce gave no usable answer'],
] as const)('without an answer (%s)', (delivery, title) => {
  const error = new NetworkError('Looking up', { ...CALL, service: BIGCOMMERCE, outcome: 'got no answer', delivery });
  expect(error).toMatchObject({ title, topic: 'no-connection-or-no-answer', isRequest: false });
});
