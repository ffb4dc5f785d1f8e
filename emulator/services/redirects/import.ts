import type { BodyAnswer } from '../../answers.ts';
import { createErrorAnswer, createJsonAnswer } from '../../answers.ts';
import type { ReceivedForm } from '../../bigcommerce/store-api.ts';
import type { AppliedFaults } from '../../faults/applied.ts';
import { JOB_ENDS, REFUSE_ROWS } from './faults.ts';
import { createBusyAnswer } from './job-answers.ts';
import type { RedirectJobs } from './jobs.ts';
import type { RedirectsSettings } from './options.ts';
import type { ImportFile, RedirectJobRecord } from './records.ts';
import type { ImportRow } from './rows.ts';
import { parseRow, parseRows } from './rows.ts';
import type { RedirectStore } from './store.ts';

const DEFAULT_MESSAGE = 'The redirect could not be imported.';

/** Why a row is rejected; undefined: it is not. `row` is 1 for the first one after the header. */
export type RowRejecter = (row: number, cells: ImportRow) => string | undefined;

export interface ImportParts {
  store: RedirectStore;
  jobs: RedirectJobs;
  settings: Pick<RedirectsSettings, 'fileBytes' | 'firstRow'>;
  /** Rejects rows that are fine by themselves. */
  rejectRow: RowRejecter | undefined;
}

/** `POST /storefront/redirects/imex/import` (API document, section 2). */
export async function answerImport(form: ReceivedForm, parts: ImportParts, faults: AppliedFaults): Promise<BodyAnswer> {
  const { fileBytes } = parts.settings;
  const tooLarge = createErrorAnswer(413, 'The provided file is too large. The maximum file size is 20MB.');
  if (form.bytes === undefined) return tooLarge;
  const part = await readPart(form.contentType, form.bytes);
  if (typeof part === 'string')
    return createErrorAnswer(400, 'The provided form data was invalid.', { import_file: part });
  if (part.size > fileBytes) return tooLarge;
  const text = decode(await part.arrayBuffer());
  const rows = text === undefined ? undefined : parseRows(text);
  if (text === undefined || rows === undefined) {
    return createErrorAnswer(400, 'The file is not a CSV.', {
      import_file: 'is not a CSV with the columns of redirects',
    });
  }
  if (parts.jobs.isBusy()) return createBusyAnswer();
  const file = { name: part.name, contentType: part.type, bytes: part.size, text, rows: rows.length };
  return createJsonAnswer(201, { id: startImport(file, rows, parts, faults).jobId });
}

export function startImport(
  file: ImportFile,
  rows: readonly ImportRow[],
  { store, jobs, settings, rejectRow }: ImportParts,
  faults?: AppliedFaults,
): RedirectJobRecord {
  const fault = faults?.find(REFUSE_ROWS);
  const rejected = new Set(fault?.rows);
  return jobs.start({
    kind: 'import',
    total: rows.length,
    file,
    end: faults?.find(JOB_ENDS),
    doItem: (index, job) => {
      const cells = rows[index] ?? [];
      const row = index + 1;
      const reason = rejected.has(row) ? (fault?.message ?? DEFAULT_MESSAGE) : rejectRow?.(row, cells);
      const parsed = reason ?? parseRow(cells, store);
      if (typeof parsed === 'string') {
        job.failed += 1;
        job.errors.push({ row: index + settings.firstRow, message: parsed });
      } else {
        store.upsert(parsed.siteId, parsed);
        job.completed += 1;
      }
    },
  });
}

/** The file of the form, or what is wrong with the form. The parser is undici's, which is none of the client's. */
async function readPart(contentType: string, bytes: Buffer): Promise<File | string> {
  if (!/^multipart\/form-data\b/i.test(contentType)) return 'the form must be multipart/form-data';
  try {
    const body = new Uint8Array(bytes);
    const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
    const part = form.get('import_file');
    if (part === null) return 'is required';
    return typeof part === 'string' ? 'must be a file' : part;
  } catch {
    return 'the form cannot be read';
  }
}

/** Undefined for what is not UTF-8. A byte-order mark stays. */
function decode(bytes: ArrayBuffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
