import { HttpClient } from '@actions/http-client';
import { REDIRECTED } from './artifact-message.ts';
import { isRedirect } from './same-host-fetch.ts';

/** The artifact service has answered with a redirect. */
class Redirected extends Error {
  override name = 'Redirected';
  readonly code = REDIRECTED;
}

/**
 * From now on, a redirect of the artifact service is not followed. `@actions/artifact` has no option for that, and its
 * client sends the runtime token to whatever host a redirect names: it removes the header, and its handler adds it anew.
 * The service is not known to redirect (it answers with signed URLs instead).
 * @returns rejects at the first redirect: the package itself would ask four more times
 */
export function refuseRedirects(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {}); // It may come when nobody waits any more.
  const send = HttpClient.prototype.requestRaw;
  HttpClient.prototype.requestRaw = async function (...request) {
    const response = await send.apply(this, request);
    const { statusCode = 0 } = response.message;
    if (!isRedirect(statusCode)) return response;
    const error = new Redirected(`a redirect (${statusCode})`);
    reject(error);
    throw error;
  };
  return promise;
}
