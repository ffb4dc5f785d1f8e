import { open } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { REDIRECT_COLUMNS } from '../../domain/redirects/redirect.ts';
import { ActionError } from '../../errors.ts';
import { describeFault } from '../fault.ts';
import { readStart } from '../read-start.ts';

/** What the start of a downloaded export shows. */
export interface ExportStart {
  /** The header begins with that of an import; further columns are those that were requested. */
  hasKnownHeader: boolean;
  hasRows: boolean;
}

/**
 * Checks the start of a download: an answer of 200 may be empty, or a page from a proxy. The header of an export is not
 * documented, so a header other than an import's is not an error by itself.
 * @throws ActionError where it is not a CSV with at least as many columns
 */
export async function checkExport(path: string): Promise<ExportStart> {
  const text = (await readBeginning(path)).replace(/^\ufeff/, '');
  const [line = ''] = text.split(/\r\n|\r|\n/, 1);
  const cells = /^\s*[<{[]/.test(line) ? [] : cellsOf(line);
  if (cells.length < REDIRECT_COLUMNS.length) throw noExport(text === '');
  return {
    hasKnownHeader: REDIRECT_COLUMNS.every((column, index) => cells[index] === column),
    hasRows: text.slice(line.length).trim() !== '',
  };
}

async function readBeginning(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      return (await readStart(file)).toString('utf8');
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new ActionError(`The downloaded export could not be read: ${describeFault(cause)}.`, {
      topic: 'file-not-readable-or-not-writable',
      title: 'File not readable',
      fix: 'Run the job again.',
      cause,
    });
  }
}

function cellsOf(line: string): readonly string[] {
  try {
    const [cells = []] = parse(line, { relax_column_count: true });
    return cells;
  } catch {
    return [];
  }
}

function noExport(isEmpty: boolean): ActionError {
  const what = isEmpty ? 'is empty' : 'is not a CSV of redirects';
  return new ActionError(`The downloaded export ${what}. The output file was not changed.`, {
    topic: 'import-or-export-failed',
    title: 'The export is not usable',
    fix: 'Check `api-host`: a proxy or another service may have answered instead of BigCommerce. Then run the job again.',
  });
}
