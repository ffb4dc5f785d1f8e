import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { BatchDisk } from '../actions/batch/dependencies.ts';
import { packFile } from '../files/batch/pack-file.ts';
import { readErrorLog } from '../files/batch/read-error-log.ts';
import { orNotWritable } from '../files/not-writable.ts';

export interface BatchRunDisk extends BatchDisk {
  /** For the very end of the process, if the use case is still running. Never throws. */
  removeTemporaryNow(): void;
}

export interface BatchDiskOptions {
  /** Stops long operations. */
  signal: AbortSignal;
  /** For texts of the service. */
  redact: (text: string) => string;
  /** The path as users see it. */
  shownPathOf: (path: string) => string;
}

export function createBatchDisk({ signal, redact, shownPathOf }: BatchDiskOptions): BatchRunDisk {
  const temp = process.env['RUNNER_TEMP'] || tmpdir();
  const id = randomBytes(4).toString('hex');
  // Readable by its owner alone. Created when the first file is packed.
  const folder = join(temp, `batch-upload-${id}`);
  const errorsPath = join(temp, `batch-errors-${id}.jsonl`);
  let files = 0;
  const makeFolder = async (name: string) => {
    const path = join(folder, name);
    await orNotWritable(path, () => mkdir(path, { recursive: true, mode: 0o700 }));
    return path;
  };
  return {
    pack: async (path, onProgress) => {
      files += 1;
      return await packFile(path, { folder: await makeFolder(`file-${files}`), signal, onProgress });
    },
    logPathOf: (ref) => join(folder, `log-${basename(ref)}`),
    readErrorLog: async (logPath, source, part, logSignal) => {
      const shownSource = shownPathOf(source);
      const options = {
        source,
        shownSource,
        part,
        folder: await makeFolder('log'),
        errorsPath,
        redact,
        signal: logSignal,
      };
      return await readErrorLog(logPath, options);
    },
    errorsFile: () => (existsSync(errorsPath) ? errorsPath : undefined),
    removeTemporary: async () => {
      await rm(folder, { recursive: true, force: true }).catch(() => {});
    },
    removeTemporaryNow: () => {
      try {
        rmSync(folder, { recursive: true, force: true });
      } catch {
        // The runner empties its folder after each job.
      }
    },
  };
}
