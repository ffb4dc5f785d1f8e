import { createGitHubClient } from '../github/client.ts';
import { createGitHubClock } from '../github/clock.ts';
import type { WorkflowEvent } from '../github/event.ts';
import type { Connect } from '../github/github.ts';
import { retryText } from '../report/phrases.ts';
import type { Redactor } from '../report/redactor.ts';
import type { Logger } from '../report/run-events.ts';
import { USER_AGENT } from '../version.ts';

export interface ConnectorOptions {
  token: string;
  /** The token is to write comments, too. */
  writesComments: boolean;
  /** It is to write deployments, too. */
  writesDeployments?: boolean;
  event: Pick<WorkflowEvent, 'repository'>;
  report: Pick<Logger, 'info' | 'debug'>;
  redactor: Pick<Redactor, 'redactPublic'>;
}

/** How every action connects to GitHub. */
export function createConnect({ event, report, redactor, ...token }: ConnectorOptions): Connect {
  // Shared by all clients of a run.
  const clock = createGitHubClock();
  return async (signal, longestWaitMs) =>
    await createGitHubClient({
      ...token,
      clock,
      signal,
      longestWaitMs,
      repository: event.repository,
      userAgent: USER_AGENT,
      debug: (text) => report.debug(text),
      redact: redactor.redactPublic,
      onRetry: (notice) => report.info(retryText(notice)),
    });
}
