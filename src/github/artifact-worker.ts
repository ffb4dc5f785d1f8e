import { parentPort, workerData } from 'node:worker_threads';
import { allowSlowHandshakes } from '../net/handshakes.ts';
import type { FindJob, ThreadJob, ThreadMessage, UploadJob } from './artifact-message.ts';
import { refuseRedirects } from './artifact-redirects.ts';

/**
 * The work of the thread that uploads an artifact; artifact-thread.ts starts it and reads what it prints. The package
 * prints through `@actions/core`, signed URLs included, and cannot be cancelled: hence a separate thread, whose output
 * is captured and which can be ended at any time.
 */
export async function runArtifactWorker(): Promise<void> {
  if (parentPort === null) throw new Error('This file is the start of a thread, and not of a process.');
  allowSlowHandshakes();
  const job = workerData as ThreadJob;
  const redirected = refuseRedirects();
  const work = job.kind === 'find' ? find(job) : upload(job);
  const message = await Promise.race([work, redirected]).catch(describeFailure);
  // Masks still in transit must arrive before the outcome does.
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }
  parentPort.postMessage(message);
}

async function upload({ path, directory, retentionDays }: UploadJob): Promise<ThreadMessage> {
  const { DefaultArtifactClient } = await import('@actions/artifact');
  const options = retentionDays === undefined ? { skipArchive: true } : { skipArchive: true, retentionDays };
  // With skipArchive the package ignores the name given here.
  const { id, digest, size } = await new DefaultArtifactClient().uploadArtifact('', [path], directory, options);
  return { kind: 'uploaded', id, digest, sizeBytes: size };
}

async function find({ name }: FindJob): Promise<ThreadMessage> {
  const { ArtifactNotFoundError, DefaultArtifactClient } = await import('@actions/artifact');
  try {
    const { artifact } = await new DefaultArtifactClient().getArtifact(name);
    const { id, size: sizeBytes } = artifact;
    return { kind: 'found', id, digest: artifact.digest?.replace(/^sha256:/, ''), sizeBytes };
  } catch (error) {
    if (error instanceof ArtifactNotFoundError) return { kind: 'not-found' };
    throw error;
  }
}

function describeFailure(error: unknown): ThreadMessage {
  if (!(error instanceof Error)) return { kind: 'failed', message: String(error), code: undefined, status: undefined };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  // The blob store's client has it.
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined;
  return { kind: 'failed', message: error.message, code, status };
}
