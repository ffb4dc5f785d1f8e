import type { HostingClient } from '../../bigcommerce/hosting.ts';
import type { LogsClient } from '../../bigcommerce/logs.ts';
import type { WorkerLogEvent } from '../../domain/worker-logs/log-event.ts';
import type { LogsEvent, LogsFile } from '../../report/logs-record.ts';
import type { Run } from '../../report/run-events.ts';

export interface LogsDependencies {
  hosting: HostingClient;
  logs: LogsClient;
  run: Run<LogsEvent>;
  /** Without secrets: an event before it is rendered, since a secret may have several lines, and what it was rendered to. */
  redact: { event(event: WorkerLogEvent): WorkerLogEvent; line(line: string): string };
  /** @param path absolute; undefined: one in the runner's temporary folder */
  createFile(path: string | undefined): EntryFile;
  /** Aborted when the job is cancelled. */
  signal: AbortSignal;
}

/** The file of all entries. It has its name once it is complete. All but `discard` throw ActionError if it cannot be written. */
export interface EntryFile {
  /** As a user names it. */
  readonly shownPath: string;
  append(lines: readonly string[]): void;
  /** What is appended from now on comes before everything that was appended until now. */
  startEarlier(): void;
  /** Completes it. */
  finish(): Promise<LogsFile>;
  /** Removes what was written. */
  discard(): void;
}
