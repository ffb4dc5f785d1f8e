import { cancelledBatches } from '../actions/batch/cancelled.ts';
import type { BatchDependencies } from '../actions/batch/dependencies.ts';
import { uploadBatches } from '../actions/batch/upload-batches.ts';
import { startDeadline } from '../actions/deadline.ts';
import { CancelledError } from '../errors.ts';
import { readWorkflowEvent } from '../github/event.ts';
import { type BatchService, otherBatchHost, readBatchInputs } from '../inputs/batch-upload.ts';
import { createInputSource } from '../inputs/source.ts';
import type { HttpClient } from '../net/http.ts';
import { createLateHttpClient } from '../net/late-http.ts';
import { BatchReport } from '../report/batch-report.ts';
import { retryText } from '../report/phrases.ts';
import { workspacePath } from '../report/workspace-path.ts';
import type { RunContext, Running } from '../run.ts';
import { createBatchClient } from '../sitecore-cdp/client.ts';
import { basicCredentials } from '../sitecore-cdp/endpoint.ts';
import { USER_AGENT } from '../version.ts';
import { createBatchDisk } from './batch-disk.ts';
import { createRef } from './batch-ref.ts';
import { checkWhoseFiles } from './run-checks.ts';
import { keepYoungGenerationSmall } from './young-generation.ts';

/** Puts `batch-upload` together: its inputs, its client, its disk, its report. */
export async function createBatchUploadRun(context: RunContext): Promise<Running> {
  keepYoungGenerationSmall();
  const { log, redactor, maskSecret, correlationId, signal } = context;
  const report = new BatchReport({ log, redactor, correlationId });
  const source = createInputSource({ env: process.env, maskSecret });
  const event = await readWorkflowEvent();
  const shownPathOf = (path: string) => workspacePath(path, source.workspace) ?? path;
  const disk = createBatchDisk({ signal, redact: redactor.redact, shownPathOf });
  let http: HttpClient | undefined;
  return {
    work: async () => {
      const { service, ...inputs } = readBatchInputs(source);
      const host = service === undefined ? undefined : new URL(service.origin).host;
      report.started({ ...inputs, host, shownPathOf });
      report.apiHost(service && otherBatchHost(service));
      if (event !== undefined) await checkWhoseFiles(event, source, inputs.files);
      http = createLateHttpClient({ userAgent: USER_AGENT, correlationId, onCall: () => report.networkUsed() });
      const connect = createConnect({ service, http, report, maskSecret });
      const reporter = report;
      await uploadBatches(inputs, { connect, startDeadline, disk, reporter, shownPathOf, createRef, signal });
    },
    finish: async (error) => {
      report.ended(error instanceof CancelledError ? cancelledBatches(report.snapshot(), error) : error);
      await report.finish();
    },
    close: async () => {
      disk.removeTemporaryNow();
      await http?.close();
    },
  };
}

interface ClientParts {
  service: BatchService | undefined;
  http: HttpClient;
  report: BatchReport;
  maskSecret: (value: string) => void;
}

/** Whatever the client asks ends with the signal that it is made with. */
function createConnect({ service, http, report, maskSecret }: ClientParts): BatchDependencies['connect'] {
  // What goes over the wire is not the token, but who has it has the token.
  if (service !== undefined) maskSecret(basicCredentials(service.clientKey, service.apiToken));
  return (signal, timeLeftMs) => {
    if (service === undefined) throw new Error('Bug: a dry run asks nobody.');
    const onRetry = (_what: string, notice: Parameters<typeof retryText>[0]) => report.info(retryText(notice));
    return createBatchClient({ http, ...service, signal, timeLeftMs, maskSecret, onRetry });
  };
}
