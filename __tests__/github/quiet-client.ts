import type { GitHubClientOptions } from '../../src/github/calls.ts';
import { createGitHubClient } from '../../src/github/client.ts';
import { createGitHubClock } from '../../src/github/clock.ts';
import type { GitHub } from '../../src/github/github.ts';
import { timeoutMs } from '../timeouts.ts';

/** The client as an action makes it, for the API at GITHUB_API_URL; what it has to say is dropped. */
export async function createQuietClient(options: Partial<GitHubClientOptions> = {}): Promise<GitHub> {
  return await createGitHubClient({
    token: 'token',
    repository: 'acme/storefront',
    userAgent: 'test/1',
    signal: AbortSignal.timeout(timeoutMs(10_000)),
    longestWaitMs: 0,
    writesComments: false,
    onRetry: () => {},
    redact: (text) => text,
    clock: createGitHubClock(),
    debug: () => {},
    ...options,
  });
}
