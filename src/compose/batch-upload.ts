import { createHash, randomUUID } from 'node:crypto';
import { cancelledBatches } from '../actions/batch/cancelled.ts';
import type { BatchDependencies } from '../actions/batch/dependencies.ts';
import { uploadBatches } from '../actions/batch/upload-batches.ts';
import { startDeadline } from '../actions/deadline.ts';
import { CancelledError } from '../errors.ts';
import { readWorkflowEvent } from '../github/event.ts';
import { type BatchService, otherBatchHost, readBatchInputs } from '../inputs/batch-upload.ts';
import { createInputSource } from '../inputs/source.ts';
import type { HttpClient } from '../net/http.ts';
import { createBatchReport } from '../report/batch-report.ts';
import { retryText } from '../report/phrases.ts';
import type { CommonRun } from '../report/run-events.ts';
import { workspacePath } from '../report/workspace-path.ts';
import type { RunContext, Running } from '../run-context.ts';
import { createBatchClient } from '../sitecore-cdp/client.ts';
import { basicCredentials } from '../sitecore-cdp/endpoint.ts';
import { createBatchDisk } from './batch-disk.ts';
import { introduce } from './introduce.ts';
import { createPlatformHttp } from './platform-http.ts';
import { checkWhoseFiles } from './run-checks.ts';
import { keepYoungGenerationSmall } from './young-generation.ts';

/** Puts `batch-upload` together: its inputs, its client, its disk, its report. */
export async function createBatchUploadRun(context: RunContext): Promise<Running> {
  keepYoungGenerationSmall();
  const { redactor, maskSecret, correlationId, signal } = context;
  const source = createInputSource({ env: process.env, maskSecret });
  const shownPathOf = (path: string) => workspacePath(path, source.workspace) ?? path;
  const run = context.begin(createBatchReport(shownPathOf));
  const event = await readWorkflowEvent();
  const disk = createBatchDisk({ signal, redact: redactor.redact, shownPathOf });
  let http: HttpClient | undefined;
  return {
    work: async () => {
      introduce('batch-upload', { run, source, event });
      const { service, ...inputs } = readBatchInputs(source);
      const host = service === undefined ? undefined : new URL(service.origin).host;
      const { dryRun, allowFailedRecords } = inputs;
      run.emit({ type: 'started', dryRun, host, allowFailedRecords });
      run.emit({ type: 'api-host-found', other: service && otherBatchHost(service) });
      if (event !== undefined) await checkWhoseFiles(event, source.workspace, inputs.files);
      http = createPlatformHttp(run, correlationId);
      const connect = createConnect({ service, http, run, maskSecret });
      await uploadBatches(inputs, { connect, startDeadline, disk, run, shownPathOf, createRef, signal });
    },
    finish: async (error) => {
      run.end(error, (failure, record) =>
        failure instanceof CancelledError ? cancelledBatches(record, failure) : failure,
      );
      await run.finish();
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
  run: CommonRun;
  maskSecret: (value: string) => void;
}

function createConnect({ service, http, run, maskSecret }: ClientParts): BatchDependencies['connect'] {
  // Whoever has what is sent in the header has the token.
  if (service !== undefined) maskSecret(basicCredentials(service.clientKey, service.apiToken));
  return (signal, timeLeftMs) => {
    if (service === undefined) throw new Error('Bug: a dry run asks nobody.');
    const onRetry = (_what: string, notice: Parameters<typeof retryText>[0]) => run.info(retryText(notice));
    return createBatchClient({ http, ...service, signal, timeLeftMs, maskSecret, onRetry });
  };
}

/**
 * Creates a UUID for a batch.
 * @param after the UUID of the batch that this one replaces, from which the new one is derived by a hash (version 8:
 *   RFC 9562, section 5.8, leaves its content to the implementation). Without it, a random UUID
 */
export function createRef(after?: string): string {
  if (after === undefined) return randomUUID();
  const bytes = createHash('sha256').update(`after ${after.toLowerCase()}`).digest();
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
