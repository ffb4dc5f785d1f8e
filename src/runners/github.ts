import { createGitHubClient } from '../github/client.ts';
import type { WorkflowEvent } from '../github/event.ts';
import type { GitHub } from '../github/github.ts';
import { retryText } from '../report/phrases.ts';
import type { RunReporter } from '../report/reporters.ts';
import { USER_AGENT } from '../version.ts';

export interface ConnectorOptions {
  token: string;
  /** The token is to write comments, too. */
  writesComments: boolean;
  event: Pick<WorkflowEvent, 'repository'>;
  report: RunReporter;
}

/** A client whose requests end when the signal is aborted, and that waits at most so long where GitHub asks for it. */
export type Connect = (signal: AbortSignal, longestWaitMs: number) => Promise<GitHub>;

export function createConnect({ token, writesComments, event, report }: ConnectorOptions): Connect {
  return async (signal, longestWaitMs) =>
    await createGitHubClient({
      token,
      signal,
      longestWaitMs,
      writesComments,
      repository: event.repository,
      userAgent: USER_AGENT,
      debug: (text) => report.debug(text),
      onRetry: (notice) => report.info(retryText(notice)),
    });
}
