/** What each refusal of the Batch API and of its storage advises. */
import { expect, test } from '@jest/globals';
import { explainApiError, explainLogError, explainUploadError } from '../../src/sitecore-cdp/explain.ts';

const SUPPORT = 'give Sitecore support the ref of the batch and the correlation id';

test.each([
  [401, 'Make sure that `client-key`', '`client-key` and `api-token` are both those of the same Sitecore CDP instance'],
  [403, 'may not use the Batch API here', 'the region that `base-url` names'],
  [404, 'Check `base-url`', 'https://api-engage-eu.sitecorecloud.io'],
  [400, 'The service rejected the request', SUPPORT],
  [422, 'The service rejected the request', SUPPORT],
  [409, 'already has a batch with this ref', 'Leave `batch-ref` empty'],
  [413, 'accepts less data than was sent', 'the proxy settings of the runner'],
  [429, 'The rate limit of the instance did not clear in time.', 'run fewer jobs at the same time'],
  [500, 'Run the job again; if the problem persists', SUPPORT],
  [300, 'Check `base-url`: the API itself does not redirect', 'or lacks https'],
  [399, 'Check `base-url`: the API itself does not redirect', 'or lacks https'],
  [418, 'Run the job again with debug logging', SUPPORT],
  [299, 'Run the job again with debug logging', SUPPORT],
])('%s of the API: %s … %s', (status, what, advice) => {
  expect(explainApiError(status)).toContain(what);
  expect(explainApiError(status)).toContain(advice);
});

test.each([
  [413, 'Storage does not accept a file of this size: split it into smaller ones.'],
  [429, 'Storage failed. Run the job again.'],
  [500, 'Storage failed. Run the job again.'],
  [
    403,
    `Storage rejected the upload. Run the job again; if the problem persists, check whether a proxy changes requests, and ${SUPPORT}.`,
  ],
])('%s of storage to the upload', (status, words) => {
  expect(explainUploadError(status)).toBe(words);
});

test.each([
  [429, 'Storage failed: the log may be available later.'],
  [500, 'Storage failed: the log may be available later.'],
  [
    403,
    `Storage did not return the error log: its URL is valid for a limited time. If the problem persists, ${SUPPORT}.`,
  ],
])('%s of storage to the error log', (status, words) => {
  expect(explainLogError(status)).toBe(words);
});
