import { problemText } from '../domain/worker-logs/problems.ts';
import type { WorkerLogsRecord } from '../domain/worker-logs/worker-logs-record.ts';
import { problemsWords } from '../domain/worker-logs/worker-logs-record.ts';
import { count } from './format.ts';
import { limitLabel } from './limits.ts';
import { breakable, breakableCode, prose, table, text } from './markdown.ts';

/** What a summary and a comment show of a worker's logs, as Markdown: nothing, a line, or a small table. */

interface Limits {
  problems: number;
  /** Of each message. */
  textChars: number;
}

/** @param isBroken whoever reads it wants to know why: also that nothing is known */
export function workerLogsSection(workerLogs: WorkerLogsRecord, isBroken: boolean, limits: Limits): string | undefined {
  const { problems, othersCount, state, reason } = workerLogs;
  if (problems.length > 0) {
    const line = `🪵 During these requests the worker logged ${problemsWords(workerLogs)}${othersWords(othersCount)}`;
    return [text(line), problemsTable(workerLogs, limits)].join('\n\n');
  }
  if (state !== 'read') {
    const words = state === 'partly' ? 'The worker’s log was read in part only.' : 'The worker’s log was not read.';
    return isBroken ? `🪵 ${prose(limitLabel(`${words} ${reason ?? ''}`, limits.textChars))}` : undefined;
  }
  if (othersCount > 0) return text(`🪵 The worker logged no error of these requests${othersWords(othersCount)}`);
  return isBroken ? text('🪵 The worker logged no error.') : undefined;
}

function othersWords(othersCount: number): string {
  return othersCount === 0 ? '' : `, and ${count(othersCount, 'error')} of others’`;
}

function problemsTable({ problems, moreProblems }: WorkerLogsRecord, limits: Limits): string {
  const shown = problems.slice(0, limits.problems);
  const rows = shown.map((problem) => [
    breakable(limitLabel(problemText(problem), limits.textChars)),
    String(problem.count),
    problem.paths.map((path) => breakableCode(limitLabel(path))).join('<br>'),
  ]);
  const rest = problems.length - shown.length + moreProblems;
  return `${table(['Worker log', 'Times', 'Page'], rows, [1])}${rest === 0 ? '' : `\n\nand ${rest} more`}`;
}
