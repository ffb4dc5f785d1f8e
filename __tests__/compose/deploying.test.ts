/** What the clients of a store's API are told of its time. */
import { expect, test } from '@jest/globals';
import { createApiOptions, type HostingParts } from '../../src/compose/deploying.ts';

test('each step has the time of the inputs, and no limit where there is none', () => {
  const { signal } = new AbortController();
  const partsOf = (inputs: object) =>
    ({ context: { signal }, inputs, http: {}, report: {} }) as unknown as HostingParts;
  expect(createApiOptions(partsOf({ storeHash: 'abc', timeoutMs: 5 })).timeLeftMs?.()).toBe(5);
  const options = createApiOptions(partsOf({ storeHash: 'abc', timeoutMs: undefined }));
  expect(options).toMatchObject({ storeHash: 'abc', signal });
  expect(options.timeLeftMs).toBeUndefined();
});
