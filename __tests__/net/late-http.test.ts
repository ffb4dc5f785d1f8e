/** When the HTTP client is loaded, which takes the processor for a while. */
import { expect, jest, test } from '@jest/globals';
import type { HttpCall } from '../../src/net/call.ts';

const steps: string[] = [];
jest.unstable_mockModule('../../src/net/http.ts', () => {
  steps.push('loaded');
  return {
    createHttpClient: () => ({
      send: async ({ what }: HttpCall) => steps.push(`sent: ${what}`),
      openAhead: (origin: URL) => steps.push(`opened ahead: ${origin}`),
      close: async () => steps.push('closed'),
    }),
  };
});
const { createLateHttpClient } = await import('../../src/net/late-http.ts');

test('what can be done without it comes first', async () => {
  const { signal } = new AbortController();
  const client = createLateHttpClient({ userAgent: 'test', correlationId: 'c' });
  client.openAhead(new URL('https://api.example'), signal);
  for (let turn = 0; turn < 1000; turn += 1) await Promise.resolve();
  steps.push('started');
  await client.send({ what: 'Asking', method: 'GET', url: new URL('https://api.example'), signal } as HttpCall);
  await client.close();
  expect(steps).toEqual(['started', 'loaded', 'opened ahead: https://api.example/', 'sent: Asking', 'closed']);
});
