import { appendFile } from 'node:fs/promises';
import { limitBytes } from './markdown.ts';

/** GitHub drops a step's whole summary when it is over 1 MiB (API document, section 4); some room is left. */
const MAX_SUMMARY_BYTES = 1000 * 1024;

/**
 * Appends Markdown to the step summary; does nothing where the runner gives no file.
 * @throws Error when the file cannot be written
 */
export async function writeSummary(markdown: string, path = process.env['GITHUB_STEP_SUMMARY']): Promise<void> {
  if (path === undefined || path === '') return;
  await appendFile(path, `${limitBytes(markdown, MAX_SUMMARY_BYTES)}\n`);
}
