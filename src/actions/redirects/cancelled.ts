import { jobVerdictOf } from '../../domain/redirects/job.ts';
import { CancelledError } from '../../errors.ts';
import { count, formatCount } from '../../report/format.ts';
import type { RedirectsRecord } from '../../report/redirects-record.ts';
import { appliedText, countMade, isUntouched } from '../../report/redirects-words.ts';

/** What a cancelled run left behind. */
interface CancelledState {
  sentences: string[];
  /** The same in a few words. */
  inShort: string;
  fix: string;
}

const NOTHING = 'nothing was changed';

/** The error of a cancelled run: what was done, what continues, and what to do about the rest. */
export function cancelledRedirects(record: Readonly<RedirectsRecord>, reason: CancelledError): CancelledError {
  const { sentences, inShort, fix } = stateOf(record);
  return new CancelledError([reason.message, ...sentences].join(' '), {
    topic: 'cancelled',
    title: `${titleOf(record)} cancelled`,
    fix,
    inShort,
    cause: reason,
  });
}

function titleOf({ command }: RedirectsRecord): string {
  return command === undefined ? 'Redirects' : `${command.charAt(0).toUpperCase()}${command.slice(1)}`;
}

function stateOf(record: RedirectsRecord): CancelledState {
  switch (record.command) {
    case 'import':
      return importState(record);
    case 'export':
      return exportState(record);
    case 'sync':
      return syncState(record);
    default:
      return { sentences: ['Nothing was changed.'], inShort: NOTHING, fix: 'Run the job again when you want to.' };
  }
}

function importState({ jobs, mayBeStarted = false, part = 0, parts = 0 }: RedirectsRecord): CancelledState {
  const done = jobs.filter((job) => jobVerdictOf(job) === 'complete');
  const open = jobs.filter((job) => jobVerdictOf(job) === undefined);
  const rows = done.reduce((sum, { completed }) => sum + completed, 0);
  const which = (number: number) => (parts > 1 ? ` (part ${number} of ${parts})` : '');
  const sentences = [
    ...(done.length === 0
      ? []
      : [`Imported before: ${count(rows, 'row')}${parts > 1 ? `, ${done.length} of ${parts} parts` : ''}.`]),
    ...open.map(
      (job) => `Import job ${job.jobId}${which(job.part)} continues remotely: the platform has no way to cancel it.`,
    ),
    ...(mayBeStarted
      ? [`The request to start an import${which(part)} was in flight: it may still be carried out.`]
      : []),
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
    ...(open.length === 0 ? [] : ['a job continues remotely']),
    ...(mayBeStarted ? ['a job may have been started'] : []),
  ].join(', ');
  return {
    sentences,
    inShort,
    fix: 'To import the whole file, run the job again: rows that are already in place do not change.',
  };
}

function exportState({ jobs, mayBeStarted = false }: RedirectsRecord): CancelledState {
  const open = jobs.filter((job) => jobVerdictOf(job) === undefined);
  const sentences = [
    'An export changes nothing in the store.',
    ...open.map(
      ({ jobId }) => `Export job ${jobId} continues remotely; the platform starts no other until it has ended.`,
    ),
    ...(mayBeStarted ? ['The request to start an export was in flight: it may still be carried out.'] : []),
  ];
  return { sentences, inShort: NOTHING, fix: 'Run the job again when you want the file.' };
}

function syncState({ applied, backupFile }: RedirectsRecord): CancelledState {
  if (applied === undefined || isUntouched(applied)) {
    return { sentences: ['Nothing was changed.'], inShort: NOTHING, fix: 'Run the job again when you want to sync.' };
  }
  const { uncertain, toDo } = applied;
  const backup = backupFile === undefined ? '' : ` What the site had before is in ${backupFile}.`;
  return {
    sentences: [appliedText(applied)],
    inShort: `${formatCount(countMade(applied))} of ${count(toDo, 'change')} made${uncertain === 0 ? '' : `, ${formatCount(uncertain)} more may be`}`,
    fix: `Run the job again: it reads the site again and does the rest.${backup}`,
  };
}
