import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { RedirectsDisk } from '../actions/redirects/dependencies.ts';
import { fileNotWritable } from '../errors.ts';
import { describeFault } from '../files/fault.ts';
import { readRedirectFile } from '../files/redirects/read-redirect-file.ts';
import {
  writeFailedRows,
  writeHeaderOnly,
  writeImportParts,
  writeRedirectsCsv,
} from '../files/redirects/write-redirects.ts';
import { redactRefusedRows } from '../report/redirects-record.ts';

/** "The provided file is too large. The maximum file size is 20MB" (API document, section 2): the smaller of the two MB. */
const MAX_PART_BYTES = 20_000_000;

export interface RedirectsRunDisk extends RedirectsDisk {
  /** For the very end of the process, where the use case was left behind. Throws nothing. */
  removePartsNow(): void;
}

/**
 * @param signal ends what takes long
 * @param redact for what the platform says
 */
export function createRedirectsDisk(signal: AbortSignal, redact: (text: string) => string): RedirectsRunDisk {
  let folder: string | undefined;
  const temp = () => process.env['RUNNER_TEMP'] || tmpdir();
  const kept = (name: string) => join(temp(), `${name}-${randomBytes(4).toString('hex')}.csv`);
  return {
    readRedirects: (path, siteId) => readRedirectFile(path, siteId === undefined ? { signal } : { siteId, signal }),
    writeParts: async (rows) => {
      const name = join(temp(), 'redirects-import-');
      folder = await orNotWritable(name, () => mkdtemp(name));
      return await writeImportParts(rows, folder, { maxBytes: MAX_PART_BYTES, signal });
    },
    removeParts: async () => {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true }).catch(() => {});
    },
    removePartsNow: () => {
      try {
        if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
      } catch {
        // The runner empties its folder after each job.
      }
    },
    writeBackup: async (siteId, domain, redirects) => {
      const path = kept(`redirects-backup-site-${siteId}`);
      await writeRedirectsCsv(path, domain, redirects, signal);
      return path;
    },
    writeFailedRows: async (rows) => {
      // Without the signal: these are told of a run that was cancelled, too.
      const path = kept('redirects-refused');
      await writeFailedRows(path, redactRefusedRows(rows, redact));
      return path;
    },
    writeHeader: writeHeaderOnly,
    besides: (path) => join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.part`),
    replace: async (path, by) => await orNotWritable(path, () => rename(by, path)),
    remove: async (path) => await rm(path, { force: true }).catch(() => {}),
  };
}

async function orNotWritable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileNotWritable(path, describeFault(error), error);
  }
}
