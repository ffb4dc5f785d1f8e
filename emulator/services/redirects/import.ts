import type { BodyAnswer } from '../../answers.ts';
import { createErrorAnswer, createJsonAnswer } from '../../answers.ts';
import { createBusyAnswer } from './job-answers.ts';
import type { JobFault } from './job-faults.ts';
import type { RedirectJobs } from './jobs.ts';
import type { RedirectsSettings } from './options.ts';
import type { ImportFile, RedirectJobRecord } from './records.ts';
import type { ImportRow } from './rows.ts';
import { parseRow, parseRows } from './rows.ts';
import type { RedirectStore } from './store.ts';

const DEFAULT_REFUSAL = 'The redirect could not be imported.';

/** Why a row is refused; undefined: it is not. `row` is 1 for the first one after the header. */
export type RowRefuser = (row: number, cells: ImportRow) => string | undefined;

export interface ImportParts {
  store: RedirectStore;
  jobs: RedirectJobs;
  settings: Pick<RedirectsSettings, 'fileBytes' | 'firstRow'>;
  /** Refuses rows that are fine by themselves. */
  refuseRow: RowRefuser | undefined;
}

export interface ReceivedForm {
  contentType: string;
  /** Undefined: it was too large to be kept. */
  bytes: Buffer | undefined;
}

/** `POST /storefront/redirects/imex/import` (API document, section 2). */
export async function answerImport(
  form: ReceivedForm,
  parts: ImportParts,
  faults: readonly JobFault[],
): Promise<BodyAnswer> {
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
    return createErrorAnswer(400, 'The file is not a CSV.', { import_file: 'is no CSV with the columns of redirects' });
  }
  if (parts.jobs.isBusy()) return createBusyAnswer();
  const file = { name: part.name, contentType: part.type, bytes: part.size, text, rows: rows.length };
  return createJsonAnswer(201, { id: startImport(file, rows, parts, faults).jobId });
}

export function startImport(
  file: ImportFile,
  rows: readonly ImportRow[],
  { store, jobs, settings, refuseRow }: ImportParts,
  faults: readonly JobFault[] = [],
): RedirectJobRecord {
  const refusal = faults.find((fault) => fault.effect === 'refuse-rows');
  const refused = new Set(refusal?.rows);
  return jobs.start({
    kind: 'import',
    total: rows.length,
    file,
    end: faults.find((fault) => fault.effect === 'job-ends'),
    doItem: (index, job) => {
      const cells = rows[index] ?? [];
      const row = index + 1;
      const asked = refused.has(row) ? (refusal?.message ?? DEFAULT_REFUSAL) : refuseRow?.(row, cells);
      const parsed = asked ?? parseRow(cells, store);
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

/** Undefined for what is no UTF-8. A byte-order mark stays. */
function decode(bytes: ArrayBuffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
