import { readLogs } from '../actions/logs/read-logs.ts';
import { skipLogsOf } from '../actions/skip.ts';
import { createLogsClient } from '../bigcommerce/worker-logs.ts';
import { CancelledError } from '../errors.ts';
import { readWorkflowEvent } from '../github/event.ts';
import { readOtherApiHost } from '../inputs/api-host.ts';
import { hasAccessToken } from '../inputs/credentials.ts';
import { readLogsInputs } from '../inputs/logs.ts';
import { createInputSource } from '../inputs/source.ts';
import type { HttpClient } from '../net/http.ts';
import type { LogsRecord } from '../report/logs-record.ts';
import { createLogsReport } from '../report/logs-report.ts';
import { entriesWords } from '../report/logs-words.ts';
import { INPUT_WARNING } from '../report/run-events.ts';
import { workspacePath } from '../report/workspace-path.ts';
import type { RunContext, Running } from '../run-context.ts';
import { createApiOptions, createHosting } from './deploying.ts';
import { introduce } from './introduce.ts';
import { createLogFile } from './log-file.ts';
import { createEventRedaction } from './log-redaction.ts';
import { createPlatformHttp } from './platform-http.ts';
import { keepYoungGenerationSmall } from './young-generation.ts';

/** Puts `logs` together: its inputs, its clients, its file, its report. */
export async function createLogsRun(context: RunContext): Promise<Running> {
  keepYoungGenerationSmall();
  const { redactor, maskSecret, correlationId, signal } = context;
  const run = context.begin(createLogsReport());
  const event = await readWorkflowEvent();
  let http: HttpClient | undefined;
  return {
    work: async () => {
      const source = createInputSource({ env: process.env, maskSecret });
      introduce('logs', { run, source, event });
      const skip = event === undefined ? undefined : skipLogsOf(event, hasAccessToken(source));
      if (skip !== undefined) return run.emit({ type: 'skipped', title: 'Log not read', ...skip });
      const { inputs, warnings } = readLogsInputs(source, Date.now());
      const { task, filter, format, failOn } = inputs;
      run.emit({ type: 'started', task, filter, format, failOn });
      run.emit({ type: 'api-host-found', other: readOtherApiHost(source) });
      for (const warning of warnings) run.warn(warning, INPUT_WARNING);
      http = createPlatformHttp(run, correlationId);
      const parts = { context, inputs, http, report: run };
      await readLogs(inputs, {
        hosting: createHosting(parts),
        logs: createLogsClient(createApiOptions(parts)),
        run,
        redact: createEventRedaction(redactor),
        createFile: (path) => createLogFile(path, (one) => workspacePath(one, source.workspace) ?? one),
        signal,
      });
    },
    finish: async (error) => {
      run.end(error, (failure, record) =>
        failure instanceof CancelledError ? cancelledLogs(record, failure) : failure,
      );
      await run.finish();
    },
    close: async () => http?.close(),
  };
}

/** What a cancelled run has read. */
function cancelledLogs({ entries, file }: Readonly<LogsRecord>, reason: CancelledError): CancelledError {
  const isKept = entries > 0 && file !== undefined;
  const where = isKept ? `: they are in ${file.shownPath}` : '';
  return new CancelledError(
    `${reason.message} ${entries === 0 ? 'No entries' : entriesWords(entries)} had been read${where}.`,
    {
      topic: 'cancelled',
      title: 'Reading the log cancelled',
      inShort: entries === 0 ? 'no entries had been read' : `${entriesWords(entries)} had been read`,
      fix: 'Run the job again when you want to read the log.',
      cause: reason,
    },
  );
}
