import { isUtf8 } from 'node:buffer';
import { Worker } from 'node:worker_threads';
import { ActionError, FileError } from '../../errors.ts';
import { threadEntry } from '../../thread-entry.ts';
import { errorCode } from '../fault.ts';
import { foreignFile } from './foreign-advice.ts';
import type { ListJob, ListOutcome } from './list-message.ts';
import type { RedirectFile } from './redirect-file.ts';

/** Parsing a list of this size takes less time than starting a thread. */
const SMALL_BYTES = 64 * 1024;
/** Fifty times what the longest list of redirects needs: only other data reaches it. */
const MAX_HEAP_MB = 2048;

export interface ReadListOptions extends Omit<ListJob, 'bytes'> {
  path: string;
  signal: AbortSignal | undefined;
}

/**
 * The rows of a list in JSON or YAML (`parseList` says what one looks like). A long one is read in a thread: the parser
 * takes seconds for some megabytes, and cannot be aborted.
 * @throws FileError for a text that is not such a list, ActionError for one that takes too much memory
 * @throws the signal's reason, at once
 */
export async function readList(
  bytes: Buffer,
  { path, signal, format, siteId }: ReadListOptions,
): Promise<Pick<RedirectFile, 'rows' | 'problems' | 'problemCount'> & { hasForeignBytes: boolean }> {
  const job: ListJob = { bytes, format, siteId };
  const outcome =
    bytes.length <= SMALL_BYTES
      ? (await import('./parse-list.ts')).parseList(job)
      : await parseInThread(job, path, signal);
  switch (outcome.kind) {
    case 'read':
      return {
        rows: outcome.rows,
        problems: outcome.problems,
        problemCount: outcome.problemCount,
        hasForeignBytes: outcome.problems.length > 0 && !isUtf8(bytes),
      };
    case 'foreign':
      throw foreignFile(path, outcome);
    case 'not-a-list':
      throw new FileError(path, outcome.problems, {
        message: `The file is not a list of redirects in ${format === 'json' ? 'JSON' : 'YAML'}.`,
        topic: 'file-not-readable-or-not-writable',
        title: 'File not readable',
        fix: 'Correct the file; the README shows what such a list looks like.',
      });
  }
}

async function parseInThread(job: ListJob, path: string, signal: AbortSignal | undefined): Promise<ListOutcome> {
  signal?.throwIfAborted();
  const worker = new Worker(threadEntry('list-worker'), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  const settled = Promise.withResolvers<ListOutcome>();
  const abort = () => settled.reject(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  worker.on('message', (outcome: ListOutcome) => settled.resolve(outcome));
  worker.on('error', (error) =>
    settled.reject(errorCode(error) === 'ERR_WORKER_OUT_OF_MEMORY' ? tooMuch(path) : error),
  );
  worker.on('exit', (code) => settled.reject(new Error(`The thread that reads ${path} ended with code ${code}.`)));
  try {
    return await settled.promise;
  } finally {
    signal?.removeEventListener('abort', abort);
    await worker.terminate();
  }
}

function tooMuch(path: string): ActionError {
  return new ActionError(
    `Reading ${path} takes more than ${MAX_HEAP_MB} MB of memory: it is probably not a list of redirects.`,
    {
      topic: 'file-not-readable-or-not-writable',
      title: 'File not readable',
      fix: 'Check whether this is the right file, or write it as a CSV, which is read row by row.',
    },
  );
}
