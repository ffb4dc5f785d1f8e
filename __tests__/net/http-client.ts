import { createHttpClient, type HttpClient } from '../../src/net/http.ts';
import { onCleanUp } from '../clean-up.ts';

/** An HTTP client that is closed after the test. */
export function startHttpClient(): HttpClient {
  const http = createHttpClient({ userAgent: 'test/1', correlationId: 'c' });
  onCleanUp(() => http.close());
  return http;
}
