import type { HttpClient } from '../net/http.ts';
import { createLateHttpClient } from '../net/late-http.ts';
import { USER_AGENT } from '../version.ts';

const NO_TLS_CHECK =
  "NODE_TLS_REJECT_UNAUTHORIZED is 0 in this step's environment: no certificate is checked, so whoever is between the runner and a server can read the token that the server is sent. Take it out; behind a proxy that opens TLS, set NODE_EXTRA_CA_CERTS to its CA certificate instead.";

/**
 * For requests to the platform: from the first one on, it may know the correlation id, and the run says so. Warns where
 * nothing would show that it is not the platform that answers.
 */
export function createPlatformHttp(
  run: { emit(event: { type: 'network-used' }): void; warn(message: string, title: string): void },
  correlationId: string,
): HttpClient {
  if (process.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') run.warn(NO_TLS_CHECK, 'TLS certificates not checked');
  const onCall = () => run.emit({ type: 'network-used' });
  return createLateHttpClient({ userAgent: USER_AGENT, correlationId, onCall });
}
