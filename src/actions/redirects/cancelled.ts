import { jobVerdictOf } from '../../domain/redirects/job.ts';
import { CancelledError } from '../../errors.ts';
import { count, formatCount } from '../../report/format.ts';
import type { RedirectsRecord } from '../../report/redirects-record.ts';
import { countMade, isUntouched } from '../../report/redirects-words.ts';
import { appliedText } from './applied.ts';
import type { RedirectsProgress } from './dependencies.ts';

/** What a cancelled run can truthfully say. */
interface PullRequestStatus {
  sentences: string[];
  /** The same in a few words. */
  inShort: string;
  fix: string;
}

const NOTHING = 'nothing was changed';

/** The end of a run that was cancelled: what is done by then, what goes on, and what to do about the rest. */
export function cancelledRedirects(
  record: RedirectsRecord,
  progress: RedirectsProgress,
  reason: CancelledError,
): CancelledError {
  const { sentences, inShort, fix } = standingOf(record, progress);
  return new CancelledError([reason.message, ...sentences].join(' '), {
    title: `${titleOf(record)} cancelled`,
    fix,
    inShort,
    cause: reason,
  });
}

function titleOf({ command }: RedirectsRecord): string {
  return command === undefined ? 'Redirects' : `${command.charAt(0).toUpperCase()}${command.slice(1)}`;
}

function standingOf(record: RedirectsRecord, progress: RedirectsProgress): PullRequestStatus {
  switch (record.command) {
    case 'import':
      return standingOfImport(record, progress);
    case 'export':
      return standingOfExport(record, progress);
    case 'sync':
      return standingOfSync(record);
    default:
      return { sentences: ['Nothing was changed.'], inShort: NOTHING, fix: 'Run the job again when you want to.' };
  }
}

function standingOfImport({ jobs }: RedirectsRecord, { starting, part, parts }: RedirectsProgress): PullRequestStatus {
  const done = jobs.filter((job) => jobVerdictOf(job) === 'complete');
  const open = jobs.filter((job) => jobVerdictOf(job) === undefined);
  const rows = done.reduce((sum, { completed }) => sum + completed, 0);
  const which = (number: number) => (parts > 1 ? ` (part ${number} of ${parts})` : '');
  const sentences = [
    ...(done.length === 0
      ? []
      : [`Imported before: ${count(rows, 'row')}${parts > 1 ? `, ${done.length} of ${parts} parts` : ''}.`]),
    ...open.map(
      (job) => `Import job ${job.jobId}${which(job.part)} goes on remotely: the platform has no way to end it.`,
    ),
    ...(starting ? [`The request to start an import${which(part)} was under way: it may be carried out.`] : []),
  ];
  if (sentences.length === 0) {
    return {
      sentences: ['Nothing was imported.'],
      inShort: NOTHING,
      fix: 'Run the job again when you want to import.',
    };
  }
  const inShort = [
    ...(done.length === 0 ? [] : [`${count(rows, 'row')} imported`]),
    ...(open.length === 0 ? [] : ['a job goes on remotely']),
    ...(starting ? ['a job may have been started'] : []),
  ].join(', ');
  return {
    sentences,
    inShort,
    fix: 'To have the whole file in place, run the job again: rows that are in place already are not changed by it.',
  };
}

function standingOfExport({ jobs }: RedirectsRecord, { starting }: RedirectsProgress): PullRequestStatus {
  const open = jobs.filter((job) => jobVerdictOf(job) === undefined);
  const sentences = [
    'An export changes nothing in the store.',
    ...open.map(
      ({ jobId }) => `Export job ${jobId} goes on remotely; until it has ended, the platform starts no other.`,
    ),
    ...(starting ? ['The request to start an export was under way: it may be carried out.'] : []),
  ];
  return { sentences, inShort: NOTHING, fix: 'Run the job again when you want the file.' };
}

function standingOfSync({ applied, backupFile }: RedirectsRecord): PullRequestStatus {
  if (applied === undefined || isUntouched(applied)) {
    return { sentences: ['Nothing was changed.'], inShort: NOTHING, fix: 'Run the job again when you want to sync.' };
  }
  const { uncertain, toDo } = applied;
  const backup = backupFile === undefined ? '' : ` What the site had before is in ${backupFile}.`;
  return {
    sentences: [appliedText(applied)],
    inShort: `${formatCount(countMade(applied))} of ${count(toDo, 'change')} made${uncertain === 0 ? '' : `, ${formatCount(uncertain)} more may be`}`,
    fix: `Run the job again: it reads the site anew and does the rest.${backup}`,
  };
}
