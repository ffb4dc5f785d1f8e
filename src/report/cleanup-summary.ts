import type { CleanupRecord, PreviewFate, PreviewRecord } from './cleanup-record.ts';
import { correlationFact, endFact, supportFold } from './facts.ts';
import { count, formatCount, formatDuration } from './format.ts';
import { limitLabel } from './limits.ts';
import { code, link, prose, text } from './markdown.ts';
import { factsLine, fold, renderPage, type SummaryDetail } from './page.ts';
import { apiHostFact, phasesFold, warningsSection } from './run-sections.ts';
import { failureSection } from './sections.ts';

/** A store has far fewer; the summary has to fit whatever comes. */
const MAX_PREVIEWS = 500;
/** A longer list has to be opened. */
const MAX_OPEN = 10;

/** What was done comes before what was not. */
const FATES: Readonly<Record<PreviewFate, { title: string; words: string; isOpen?: true }>> = {
  gone: { title: '🧹 Deleted', words: 'deleted' },
  'would-go': { title: '🧪 Would be deleted', words: 'would be deleted', isOpen: true },
  failed: { title: '❌ Not deleted', words: 'not deleted', isOpen: true },
  uncertain: { title: '❓ May have been deleted', words: 'may have been deleted', isOpen: true },
  waiting: { title: '⏸️ Not processed', words: 'not processed', isOpen: true },
  kept: { title: '✋ Kept', words: 'kept' },
};
const ORDER = Object.keys(FATES) as PreviewFate[];

/** The step summary of `preview-cleanup`, as GitHub-flavoured Markdown. Pure. */
export function renderCleanupSummary(record: CleanupRecord, detail?: SummaryDetail): string {
  const { failure, skipped, outcome } = record;
  const isNothing = outcome === 'nothing' || skipped !== undefined;
  const page = {
    heading: headingOf(record),
    lead: [
      failure === undefined ? undefined : changeSentence(record),
      failureSection(failure),
      skipped === undefined ? factsLine(factsOf(record)) : prose(skipped.message),
      warningsSection(record),
    ],
    more: [...previewFolds(record), ...(isNothing ? [] : [phasesFold(record), supportFold(record)])],
  };
  return renderPage(page, detail);
}

function headingOf({ outcome, failure, previews }: CleanupRecord): string {
  const gone = withFate(previews, 'gone');
  switch (outcome) {
    case 'deleted':
      return `🧹 Deleted ${text(whichPreviews(gone))}`;
    case 'dry-run':
      return `🧪 Dry run: ${text(wouldGo(previews))} be deleted`;
    case 'nothing':
      return '🧹 Nothing to delete';
    case 'skipped':
      return '⏭️ Skipped: nothing deleted';
    default: {
      const title = failure?.title ?? outcome;
      const isSaid = outcome === 'cancelled' || gone.length > 0 || /\b(?:nothing|not) (?:\w+ )?deleted\b/i.test(title);
      const mayBe = withFate(previews, 'uncertain').length > 0;
      const start = isSaid || mayBe ? '' : 'Nothing deleted: ';
      return `${outcome === 'cancelled' ? '🚫' : '❌'} ${start}${text(limitLabel(title))}`;
    }
  }
}

/** `the preview of #7`, `12 previews` */
function whichPreviews(previews: readonly PreviewRecord[]): string {
  const [first] = previews;
  return previews.length === 1 && first !== undefined
    ? `the preview of #${first.pullRequest}`
    : count(previews.length, 'preview');
}

function wouldGo(previews: readonly PreviewRecord[]): string {
  const some = withFate(previews, 'would-go');
  return `${some.length === 0 ? 'nothing' : whichPreviews(some)} would`;
}

function withFate(previews: readonly PreviewRecord[], wanted: PreviewFate): readonly PreviewRecord[] {
  return previews.filter(({ fate }) => fate === wanted);
}

/** After a failure: what is gone all the same. That nothing is, the failure says itself; a cancelled run's says all of it. */
function changeSentence({ previews, dryRun, outcome }: CleanupRecord): string | undefined {
  const gone = withFate(previews, 'gone').length;
  const uncertain = withFate(previews, 'uncertain').length;
  if (dryRun || outcome === 'cancelled' || gone + uncertain === 0) return undefined;
  const parts = [
    ...(gone === 0 ? [] : [`${count(gone, 'preview')} ${gone === 1 ? 'was' : 'were'} deleted`]),
    ...(uncertain === 0
      ? []
      : [`${gone === 0 ? count(uncertain, 'preview') : formatCount(uncertain)} may have been deleted`]),
  ];
  return `${parts.join('; ')}.`;
}

/** A run about one preview says here what became of it; one about many has their numbers. */
function factsOf(record: CleanupRecord): (string | undefined)[] {
  const { note, previews, failure } = record;
  const [only] = previews;
  const about =
    note !== undefined
      ? [prose(note.replace(/\.$/, ''))]
      : isToldInLine(record) && only !== undefined
        ? [code(limitLabel(only.project)), link(only.why, only.pullRequestUrl)]
        : ORDER.flatMap((fate) => countFact(fate, record));
  return [...about, apiHostFact(record), endFact(record), ...(failure === undefined ? [] : [correlationFact(record)])];
}

/** The line of facts says all of the only preview. */
function isToldInLine({ previews, failure, note }: CleanupRecord): boolean {
  return previews.length === 1 && failure === undefined && note === undefined;
}

/** What the heading has not counted. */
function countFact(fate: PreviewFate, { previews, outcome }: CleanupRecord): string[] {
  const isCounted = (fate === 'gone' && outcome === 'deleted') || (fate === 'would-go' && outcome === 'dry-run');
  const some = withFate(previews, fate).length;
  return some === 0 || isCounted ? [] : [`${formatCount(some)} ${FATES[fate].words}`];
}

/** A list for each fate, since a table of names would be cut off on a phone. */
function previewFolds(record: CleanupRecord): string[] {
  if (isToldInLine(record)) return [];
  let room = MAX_PREVIEWS;
  return ORDER.flatMap((fate) => {
    const some = withFate(record.previews, fate);
    if (some.length === 0) return [];
    const { title, isOpen = false } = FATES[fate];
    const shown = some.slice(0, room);
    room -= shown.length;
    const rest = some.length - shown.length;
    const lines = [...shown.map(previewLine), ...(rest === 0 ? [] : [`- and ${rest} more: see the job log`])];
    return [
      fold(`${title}: ${formatCount(some.length)}`, lines.join('\n'), { isOpen: isOpen && some.length <= MAX_OPEN }),
    ];
  });
}

function previewLine({ project, pullRequest, pullRequestUrl, why }: PreviewRecord): string {
  return `- ${link(`#${pullRequest}`, pullRequestUrl)} ${code(project)}: ${text(why)}`;
}

/** The last lines of the log. */
export function lastCleanupLines({ outcome, previews, durationMs, failure }: CleanupRecord): string[] {
  const { inShort } = failure ?? {};
  const deleted = count(withFate(previews, 'gone').length, 'preview');
  const texts: Readonly<Record<CleanupRecord['outcome'], string>> = {
    deleted: `deleted (${deleted})`,
    nothing: 'nothing (there was nothing to delete)',
    'dry-run': `dry-run (${wouldGo(previews)} be deleted; nothing was changed)`,
    skipped: 'skipped (this run has no access token, and is not meant to)',
    cancelled: `cancelled${inShort === undefined ? '' : ` (${inShort})`}`,
    error: `error (deleted: ${deleted})`,
  };
  return [`Outcome: ${texts[outcome]}`, `Duration: ${formatDuration(durationMs)}`];
}
