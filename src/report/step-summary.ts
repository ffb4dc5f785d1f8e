import { appendFile } from 'node:fs/promises';
import type { SummaryInput } from '../inputs/summary.ts';
import { limitBytes } from './markdown.ts';
import type { SummaryDetail } from './page.ts';
import type { Sink } from './run-events.ts';

/** GitHub drops a step's whole summary when it is over 1 MiB (API document, section 4); this leaves some room. */
const MAX_SUMMARY_BYTES = 1000 * 1024;

/**
 * Appends Markdown to the step summary; does nothing where the runner gives no file.
 * @throws Error when the file cannot be written
 */
async function writeSummary(markdown: string, path = process.env['GITHUB_STEP_SUMMARY']): Promise<void> {
  if (path === undefined || path === '') return;
  await appendFile(path, `${limitBytes(markdown, MAX_SUMMARY_BYTES)}\n`);
}

/** Writes the summary at the end of the run, unless none is wanted. */
export function createSummarySink<E extends { type: string }, R>(
  render: (record: R, detail: SummaryDetail) => string,
  wanted: SummaryInput,
): Sink<E, R> {
  return {
    failing: 'The step summary could not be written',
    receive: (occurrence) =>
      occurrence.type === 'finished' && wanted !== 'off' ? writeSummary(render(occurrence.record, wanted)) : undefined,
  };
}
