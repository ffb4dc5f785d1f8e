import type { FindLastGood, Verifying } from '../actions/verification/verify.ts';
import type { LogsClient } from '../bigcommerce/logs.ts';
import { createLogsClient } from '../bigcommerce/worker-logs.ts';
import { isLoopback } from '../domain/loopback.ts';
import { retryText } from '../report/phrases.ts';
import type { Logger } from '../report/run-events.ts';
import { createLatePages } from '../storefront/late-pages.ts';
import { USER_AGENT } from '../version.ts';
import type { HostingParts } from './deploying.ts';

type VerifyingParts = Pick<HostingParts, 'inputs' | 'http'> & { run: Pick<Logger, 'debug'> };

/** What verifying a deployment takes. @param isEarlier the bundle is that of an earlier deployment */
export function createVerifying(parts: VerifyingParts, isEarlier: boolean, findLastGood: FindLastGood): Verifying {
  const isLocal = isLoopback(new URL(parts.inputs.apiOrigin).hostname);
  const pages = createLatePages({ userAgent: USER_AGENT, isLocal });
  return { pages, logs: (signal) => createLogs(parts, signal), isLocal, isEarlier, findLastGood };
}

/** The log is an extra: that it is asked again for is no news. */
function createLogs({ inputs, http, run }: VerifyingParts, signal: AbortSignal): LogsClient {
  const { storeHash, accessToken, apiOrigin } = inputs;
  const onRetry = (_what: string, notice: Parameters<typeof retryText>[0]) => run.debug(retryText(notice));
  return createLogsClient({ http, storeHash, accessToken, apiOrigin, signal, onRetry });
}
