import { count, formatCount } from './format.ts';
import { limitLabel } from './limits.ts';
import type { AppliedRecord, JobRecord, PlanRecord, RedirectsRecord } from './redirects-record.ts';

/** Words for what a run of `redirects` did or found, shared by the log, the summary and the comment. */

interface JobSums {
  completed: number;
  failed: number;
  total: number;
}

type JobCounts = Pick<JobRecord, 'status' | 'completed' | 'failed' | 'total'>;

/** `working, 1,200 of 5,000 rows`. */
export function stateText(state: JobCounts): string {
  const rows = rowsText(state);
  return rows === '' ? state.status : `${state.status}, ${rows}`;
}

export function rowsText({ completed, failed, total }: Omit<JobCounts, 'status'>): string {
  if (total === 0 && completed === 0 && failed === 0) return '';
  const rejected = failed === 0 ? '' : `, ${formatCount(failed)} of them rejected`;
  return `${formatCount(completed + failed)} of ${count(total, 'row')}${rejected}`;
}

/** Of all parts of a split file together. */
export function sumJobs({ jobs }: Pick<RedirectsRecord, 'jobs'>): JobSums {
  const sum = (field: keyof JobSums) => jobs.reduce((all, job) => all + job[field], 0);
  return { completed: sum('completed'), failed: sum('failed'), total: sum('total') };
}

/**
 * As the jobs count them, which is never less than they name. The record lists each reason separately, and a row may
 * have several.
 */
export function countRejected(record: Pick<RedirectsRecord, 'jobs'>): number {
  return sumJobs(record).failed;
}

/** Rows that complete jobs count neither as carried out nor as rejected. */
export function countUnaccounted({ jobs }: Pick<RedirectsRecord, 'jobs'>): number {
  return jobs
    .filter(isWhole)
    .reduce((all, { completed, failed, total }) => all + Math.max(0, total - completed - failed), 0);
}

/** Said where rejected rows are allowed, so that nobody overlooks them. */
export function allowedRejectionText(record: Pick<RedirectsRecord, 'jobs'>): string {
  const { total, failed } = sumJobs(record);
  return `The platform rejected ${formatCount(failed)} of ${count(total, 'row')}; \`allow-failed-rows\` lets that pass.`;
}

export function countMade({ added, changed, removed }: AppliedRecord): number {
  return added + changed + removed;
}

/** No change was made, and none may have been. */
export function isUntouched(applied: AppliedRecord): boolean {
  return countMade(applied) + applied.uncertain === 0;
}

/** How many changes `sync` would make. */
export function countToDo({ plan, keepsRemoved }: Pick<RedirectsRecord, 'plan' | 'keepsRemoved'>): number {
  return plan === undefined ? 0 : plan.added + plan.changed + (keepsRemoved === true ? 0 : plan.removed);
}

/**
 * The result of the run, for a heading: `Imported 1,198 of 1,200 redirects, 2 rejected`. Undefined where the failure
 * says it.
 */
export function resultWords(record: RedirectsRecord): string | undefined {
  const { command, outcome, applied } = record;
  switch (outcome) {
    case 'complete':
      if (command === 'export' && record.jobs.length === 0) return 'Nothing to export';
      if (command === 'sync') return `Synced ${siteWords(record)}: ${changeWords(applied, 'done')}`;
      return jobWords(record);
    case 'partial':
      return command !== 'sync' && isThrough(record) && countRejected(record) + countUnaccounted(record) > 0
        ? jobWords(record)
        : undefined;
    case 'planned':
      return `Plan for ${siteWords(record)}: ${planWords(record)}`;
    case 'unchanged':
      return command === 'import' ? 'Nothing to import' : `Nothing to change on ${siteWords(record)}`;
    case 'skipped':
      return 'Skipped';
    default:
      return undefined;
  }
}

/** Each part has its job, and each job is complete. */
function isThrough({ jobs }: Pick<RedirectsRecord, 'jobs'>): boolean {
  const last = jobs.at(-1);
  return last?.part === last?.parts && jobs.every(isWhole);
}

const isWhole = ({ status }: Pick<RedirectsRecord['jobs'][number], 'status'>) => status === 'complete';

function jobWords(record: RedirectsRecord): string {
  const { completed, total } = sumJobs(record);
  const rejected = countRejected(record);
  const all =
    total > completed ? `${formatCount(completed)} of ${count(total, 'redirect')}` : count(completed, 'redirect');
  const verb = record.command === 'export' ? 'Exported' : 'Imported';
  return `${verb} ${all}${rejected === 0 ? '' : `, ${formatCount(rejected)} rejected`}`;
}

/** The site by its domain, which people know it by; by its id, where the domain is not known. */
export function siteWords({ siteId, domain }: Pick<RedirectsRecord, 'siteId' | 'domain'>): string {
  if (domain !== undefined && domain !== '') return limitLabel(domain);
  return siteId === undefined ? 'the site' : `site ${siteId}`;
}

const SIGNS: Readonly<Record<ChangeKind, string>> = { added: '+', changed: '~', removed: '−' };

/** What `sync` did, or would do: `+2 ~1 −1`; '' for nothing. */
export function changeSigns({ plan, applied, keepsRemoved }: RedirectsRecord): string {
  const planned = keepsRemoved === true && plan !== undefined ? { ...plan, removed: 0 } : plan;
  const counts = applied ?? planned;
  return CHANGE_KINDS.filter((kind) => (counts?.[kind] ?? 0) > 0)
    .map((kind) => `${SIGNS[kind]}${formatCount(counts?.[kind] ?? 0)}`)
    .join(' ');
}

/** What a sync found to be another spelling of a desired path was not deleted, although planned. */
export function notRemovedSentences({ plan, applied, outcome, keepsRemoved }: RedirectsRecord): string[] {
  if (outcome !== 'complete' || plan === undefined || applied === undefined || keepsRemoved === true) return [];
  if (applied.removed === plan.removed) return [];
  return [`${formatCount(applied.removed)} of ${formatCount(plan.removed)} removed: the warnings say what was not.`];
}

/** What `sync` would do: `3 to add, 1 to change, 2 to remove`. */
export function planWords({ plan, keepsRemoved }: Pick<RedirectsRecord, 'plan' | 'keepsRemoved'>): string {
  if (plan === undefined) return 'nothing to change';
  return changeWords(keepsRemoved === true ? { ...plan, removed: 0 } : plan, 'to do');
}

export const CHANGE_KINDS = ['added', 'changed', 'removed'] as const;

export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** The words after a count. */
export type ChangeWords = Readonly<Record<ChangeKind, string>>;

export const DONE_WORDS: ChangeWords = { added: 'added', changed: 'changed', removed: 'removed' };
export const TO_DO_WORDS: ChangeWords = { added: 'to add', changed: 'to change', removed: 'to remove' };

function changeWords(counts: Pick<PlanRecord, ChangeKind> | undefined, tense: 'done' | 'to do'): string {
  const words = tense === 'done' ? DONE_WORDS : TO_DO_WORDS;
  const parts = CHANGE_KINDS.filter((kind) => (counts?.[kind] ?? 0) > 0).map(
    (kind) => `${formatCount(counts?.[kind] ?? 0)} ${words[kind]}`,
  );
  if (parts.length > 0) return parts.join(', ');
  return tense === 'done' ? 'nothing changed' : 'nothing to change';
}

/** Redirects that are left alone, as sentences. */
export function stayingSentences({ plan, keepsRemoved, command }: RedirectsRecord): string[] {
  if (plan === undefined || keepsRemoved !== true || plan.removed === 0) return [];

  const how = command === 'plan' ? '`delete` is off' : 'this step ran without `delete`';
  return [
    `${count(plan.removed, 'redirect')} that the file does not have ${plan.removed === 1 ? 'stays' : 'stay'}: ${how}.`,
  ];
}

/** Where nothing has to be done. */
export function matchingSentences({ plan }: RedirectsRecord): string[] {
  if (plan === undefined || plan.unchanged === 0) return [];
  return [`${count(plan.unchanged, 'redirect')} ${plan.unchanged === 1 ? 'matches' : 'match'} the file.`];
}

/** Redirects that are already in place, where others change. */
export function unchangedSentences({ plan }: RedirectsRecord): string[] {
  if (plan === undefined || plan.unchanged === 0) return [];
  const stay = plan.unchanged === 1 ? 'stays as it is' : 'stay as they are';
  return [`${count(plan.unchanged, 'redirect')} ${stay}.`];
}

/** How far a `sync` got that failed or was cancelled. */
export function progressSentences({ applied, outcome }: RedirectsRecord): string[] {
  if (applied === undefined || outcome === 'complete' || outcome === 'unchanged') return [];
  const { toDo } = applied;
  const made = countMade(applied);
  const what = made === 0 ? '' : ` (${changeWords(applied, 'done')})`;
  const sentence = `${formatCount(made)} of ${count(toDo, 'change')} ${made === 1 ? 'was' : 'were'} made${what}.`;
  return [sentence, ...doubtSentences(applied)];
}

/** Changes that may or may not have been made. */
export function doubtSentences({ uncertain }: Pick<AppliedRecord, 'uncertain'>): string[] {
  if (uncertain === 0) return [];
  return [`It is not known whether ${formatCount(uncertain)} more ${uncertain === 1 ? 'was' : 'were'} made.`];
}

/** The same, where the failure that is shown beside it does not say so. */
export function unsaidProgress(record: RedirectsRecord): string[] {
  const { applied, failure } = record;
  const isSaid = applied !== undefined && failure?.message.includes(appliedText(applied)) === true;
  return isSaid ? [] : progressSentences(record);
}

/** The same for the failure itself: what was done, what may have been, and what was not. */
export function appliedText(applied: AppliedRecord): string {
  const { added, changed, removed, toDo, uncertain } = applied;
  const made = countMade(applied);
  const rest = toDo - made - uncertain;
  const was = (many: number) => (many === 1 ? 'was' : 'were');
  if (isUntouched(applied)) return `None of ${count(toDo, 'change')} was made.`;
  return [
    `${formatCount(made)} of ${count(toDo, 'change')} ${was(made)} made: ${formatCount(added)} added, ${formatCount(changed)} changed, ${formatCount(removed)} deleted.`,
    ...doubtSentences(applied),
    `${formatCount(rest)} ${was(rest)} not made.`,
  ].join(' ');
}
