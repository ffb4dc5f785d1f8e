import { count, formatCount, formatDuration } from './format.ts';
import { withinLine } from './phrases.ts';
import type { RedirectsOutcome, RedirectsRecord } from './redirects-record.ts';
import { countMade, progressSentences, resultWords, stayingSentences, sumJobs } from './redirects-words.ts';

/** The last lines of the log. */
export function lastRedirectsLines(record: RedirectsRecord): string[] {
  const { outcome, file, backupFile, failedRowsFile, durationMs, failure } = record;
  const named = (name: string, value: string | undefined) => (value === undefined ? [] : [`${name}: ${value}`]);
  return [
    `Outcome: ${outcome} (${failure?.inShort ?? outcomeWords(record)})`,
    ...progressSentences(record),
    ...stayingSentences(record),
    ...named('File', file),
    ...named('Rejected rows', failedRowsFile),
    ...named('Backup', backupFile),
    `Duration: ${formatDuration(durationMs)}`,
  ];
}

function outcomeWords(record: RedirectsRecord): string {
  const result = resultWords(record);
  if (record.outcome === 'skipped') return 'this run gets no access token, by design';
  if (result !== undefined) return withinLine(result);
  const { jobs } = record;
  const { completed, total } = sumJobs(record);
  const parts = jobs[0]?.parts ?? 1;
  const where = parts === 1 ? '' : ` in ${jobs.length} of ${parts} parts`;
  const so =
    total === 0 ? '' : `; the platform reports ${formatCount(completed)} of ${count(total, 'row')} done${where}`;
  const texts: Readonly<Partial<Record<RedirectsOutcome, string>>> = {
    partial: record.applied !== undefined && countMade(record.applied) === 0 ? 'a part may be done' : 'a part was done',
    failed: 'the platform failed or aborted the job',
    unknown: 'no verdict: the platform may still be working on it',
    cancelled: 'the run was cancelled',
    error: record.command === 'export' ? 'no file was written' : 'nothing was changed',
  };
  return `${texts[record.outcome] ?? record.outcome}${so}`;
}
