import { open } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { REDIRECT_COLUMNS } from '../../domain/redirects/redirect.ts';
import { ActionError } from '../../errors.ts';
import { describeFault } from '../fault.ts';
import { readStart } from '../read-start.ts';

/** What a downloaded export looks like from its start. */
export interface ExportStart {
  /** An import takes it, as far as its header says: further columns are those that were asked for. */
  hasKnownHeader: boolean;
  hasRows: boolean;
}

/**
 * Looks at the start of a download: an answer of 200 may be empty, or a page of something between here and the platform.
 * The header of an export is not documented, so that another one than an import's is no fault by itself.
 * @throws ActionError where it is no CSV with as many columns
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
  const what = isEmpty ? 'is empty' : 'is no CSV of redirects';
  return new ActionError(`What came as the file of the export ${what}. The file of this run is as it was.`, {
    title: 'The export is not usable',
    fix: 'Check `api-host`: a proxy or another service may have answered in the place of BigCommerce. Then run the job again.',
  });
}
