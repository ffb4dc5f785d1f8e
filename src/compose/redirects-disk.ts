import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RedirectsDisk } from '../actions/redirects/dependencies.ts';
import { orNotWritable } from '../files/not-writable.ts';
import { checkExport } from '../files/redirects/check-export.ts';
import { readRedirectFile } from '../files/redirects/read-redirect-file.ts';
import {
  writeFailedRows,
  writeHeaderOnly,
  writeImportParts,
  writeRedirectsCsv,
} from '../files/redirects/write-redirects.ts';
import { besides, replaceFile } from '../files/replace-file.ts';
import { redactFields } from '../report/field-rules.ts';
import type { Redactor } from '../report/redactor.ts';
import { REJECTED_ROW_FIELDS } from '../report/redirects-record.ts';

/**
 * "The provided file is too large. The maximum file size is 20MB" (API document, section 2): with the smaller of the
 * two meanings of MB.
 */
const MAX_PART_BYTES = 20_000_000;

export interface RedirectsRunDisk extends RedirectsDisk {
  /** For the end of the process, while the use case may still be running. Never throws. */
  removePartsNow(): void;
}

/**
 * @param signal aborts long operations
 * @param redactor for the platform's messages
 */
export function createRedirectsDisk(signal: AbortSignal, redactor: Redactor): RedirectsRunDisk {
  let folder: string | undefined;
  const temp = () => process.env['RUNNER_TEMP'] || tmpdir();
  const outputPath = (name: string) => join(temp(), `${name}-${randomBytes(4).toString('hex')}.csv`);
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
      const path = outputPath(`redirects-backup-site-${siteId}`);
      await writeRedirectsCsv(path, domain, redirects, signal);
      return path;
    },
    writeFailedRows: async (rows) => {
      // Without the signal: a cancelled run writes these, too.
      const path = outputPath('redirects-rejected');
      const safe = rows.map((row) => redactFields(row, REJECTED_ROW_FIELDS, redactor));
      await writeFailedRows(path, safe);
      return path;
    },
    writeHeader: writeHeaderOnly,
    checkExport,
    besides,
    replace: async (path, by) => await orNotWritable(path, () => replaceFile(path, by)),
    remove: async (path) => await rm(path, { force: true }).catch(() => {}),
  };
}
