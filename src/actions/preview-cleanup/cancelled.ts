import { CancelledError } from '../../errors.ts';
import type { PreviewRecord } from '../../report/cleanup-record.ts';
import { count } from '../../report/format.ts';

const MAX_NAMED = 10;

/** The end of a cancelled run: what was deleted, what may have been, and what to do about the rest. */
export function cancelledCleanup(previews: readonly PreviewRecord[], reason: CancelledError): CancelledError {
  const gone = previews.filter(({ fate }) => fate === 'gone');
  const uncertain = previews.filter(({ fate }) => fate === 'uncertain');
  const isNothing = gone.length === 0 && uncertain.length === 0;
  const what = [
    reason.message,
    ...(isNothing ? ['Nothing was deleted.'] : []),
    ...(gone.length === 0 ? [] : [`Deleted before: ${namesOf(gone)}.`]),
    ...(uncertain.length === 0
      ? []
      : [`The request to delete ${namesOf(uncertain)} was under way: it may have been deleted.`]),
  ];
  const inShort = [
    ...(gone.length === 0 ? [] : [`${count(gone.length, 'preview')} deleted`]),
    ...(uncertain.length === 0 ? [] : ['one more may have been deleted']),
  ];
  const numbers = [...gone, ...uncertain].map(({ pullRequest }) => pullRequest);
  return new CancelledError(what.join(' '), {
    topic: 'cancelled',
    title: 'Cleanup cancelled',
    fix: isNothing ? 'Run the job again when you want to delete previews.' : againFor(numbers),
    inShort: isNothing ? 'nothing was deleted' : inShort.join(', '),
    cause: reason,
  });
}

/** A sweep does not find what is gone: only a run for that very pull request checks its comment again. */
export function againFor(pullRequests: readonly number[]): string {
  const each = pullRequests.length === 1 ? `\`pull-request: ${pullRequests[0]}\`` : '`pull-request` for each of them';
  return `Run this action again with ${each}: it deletes what is still there, and updates the comment and the GitHub deployments, also where nothing is left to delete.`;
}

function namesOf(previews: readonly PreviewRecord[]): string {
  const names = previews.slice(0, MAX_NAMED).map(({ project }) => `"${project}"`);
  const rest = previews.length - names.length;
  return [...names, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
}
