import type { LogFilter } from '../../bigcommerce/logs.ts';
import { count, formatCount } from '../../report/format.ts';
import { entriesWords, foundWords } from '../../report/logs-words.ts';
import type { EntryFile, LogsDependencies } from './dependencies.ts';
import type { EntryCollector } from './entry-collector.ts';
import { ShownLines } from './shown-lines.ts';

export interface QueryRequest {
  projectUuid: string;
  filter: LogFilter;
  collector: EntryCollector;
  file: EntryFile;
}

/**
 * What was logged in a window of time. The platform gives the newest first, so if there is more than may be read, or shown
 * in the job log, it is the oldest that is left out. Shown and written is the oldest first.
 * @throws ActionError when it is refused
 */
export async function queryLog(request: QueryRequest, { logs, run }: LogsDependencies): Promise<void> {
  const { projectUuid, filter, collector, file } = request;
  const shown = new ShownLines();
  const newestFirst: string[] = [];
  let skipped = 0;
  let where = 'of what was read';
  const onSkipped = (description: string) => {
    skipped += 1;
    run.debug(`log query: ${description}`);
  };
  try {
    await run.phase('Read the log', async (phase) => {
      for await (const page of logs.query(projectUuid, filter, { onSkipped })) {
        // Older platforms do not know `entry_type` (API document, section 1).
        const wanted = page.filter(({ lines }) => filter.entryType !== 'log' || lines.length > 0);
        const taken = wanted.slice(0, collector.room);
        file.startEarlier();
        const lines = taken.toReversed().flatMap((event) => collector.add(event));
        newestFirst.push(...shown.take(lines.toReversed()));
        phase.status(`${entriesWords(collector.findings.entries)} so far`);
        if (taken.length < wanted.length) {
          collector.cut();
          break;
        }
      }
      const { findings } = collector;
      phase.result(`${entriesWords(findings.entries)}, ${foundWords(findings)}`);
      where = `of the log; ${file.shownPath} has ${findings.isCut ? 'more' : 'all'} of it`;
    });
  } finally {
    if (skipped > 0)
      run.warn(
        `Entries on ${count(skipped, 'page')} of the log could not be read: see the debug log.`,
        'Some of the log not read',
      );
    if (shown.isCut) run.info(`The newest ${formatCount(newestFirst.length)} lines ${where}:`);
    run.emit({ type: 'entries-shown', lines: newestFirst.reverse() });
  }
}
