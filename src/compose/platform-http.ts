import type { HttpClient } from '../net/http.ts';
import { createLateHttpClient } from '../net/late-http.ts';
import { USER_AGENT } from '../version.ts';

/** For requests to the platform: from the first one on, it may know the correlation id, and the run says so. */
export function createPlatformHttp(
  run: { emit(event: { type: 'network-used' }): void },
  correlationId: string,
): HttpClient {
  const onCall = () => run.emit({ type: 'network-used' });
  return createLateHttpClient({ userAgent: USER_AGENT, correlationId, onCall });
}
