import type { FindLastGood, Verifying } from '../actions/verification/verify.ts';
import { isLoopback } from '../domain/loopback.ts';
import type { DeployInputs } from '../inputs/deploy.ts';
import { createLatePages } from '../storefront/late-pages.ts';
import { USER_AGENT } from '../version.ts';

/** What verifying a deployment takes. @param isEarlier the bundle is that of an earlier deployment */
export function createVerifying(
  { apiOrigin }: Pick<DeployInputs, 'apiOrigin'>,
  isEarlier: boolean,
  findLastGood: FindLastGood,
): Verifying {
  const isLocal = isLoopback(new URL(apiOrigin).hostname);
  return { pages: createLatePages({ userAgent: USER_AGENT, isLocal }), isLocal, isEarlier, findLastGood };
}
