import { VERDICTS } from '../domain/preview-gate.ts';
import { correlationFact, endFact, supportFold } from './facts.ts';
import type { GateRecord } from './gate-record.ts';
import { isNothingToDo, nextText, reasonText, verdictText } from './gate-words.ts';
import { limitLabel } from './limits.ts';
import { code, link, prose, text } from './markdown.ts';
import { factsLine, renderPage, type SummaryDetail } from './page.ts';
import { apiHostFact, phasesFold, warningsSection } from './run-sections.ts';
import { commitCell, failureSection } from './sections.ts';

/** The step summary of the preview gate, as GitHub-flavoured Markdown. Pure. */
export function renderGateSummary(record: GateRecord, detail?: SummaryDetail): string {
  const heading = headingOf(record);
  const warnings = warningsSection(record);
  if (isNothingToDo(record)) return renderPage({ heading, lead: [nothingLine(record), warnings], more: [] }, detail);
  const { failure } = record;
  const next = failure === undefined ? nextText(record) : undefined;
  const page = {
    heading,
    lead: [
      failure === undefined ? prose(reasonText(record)) : undefined,
      failureSection(failure),
      next === undefined ? undefined : `**What to do:** ${prose(next)}`,
      factsLine([...subjectFacts(record), ...placeFacts(record), endFact(record), correlationFact(record)]),
      warnings,
    ],
    more: [phasesFold(record), detailsFold(record)],
  };
  return renderPage(page, detail);
}

function headingOf(record: GateRecord): string {
  const { failure, decision, outcome, settings } = record;
  if (failure !== undefined) {
    const title = text(limitLabel(failure.title));
    if (outcome === 'cancelled') return `🚫 ${title}`;
    return `❌ Not deployed${settings === undefined ? '' : ` to ${environmentOf(settings)}`}: ${title}`;
  }
  const mark = decision !== undefined && VERDICTS[decision].deploys ? '✅' : '⏭️';
  return `${mark} ${text(verdictText(record))}`;
}

/** Why there is nothing to do; in the same line what it is about. */
function nothingLine(record: GateRecord): string | undefined {
  return factsLine([
    prose(reasonText(record).replace(/\.$/, '')),
    ...subjectFacts(record),
    reasonFact(record),
    endFact(record),
  ]);
}

function subjectFacts({ pullRequest, commit }: GateRecord): (string | undefined)[] {
  return [
    pullRequest && link(`#${pullRequest.number}`, pullRequest.url),
    // Its pull request is named already.
    commit && commitCell({ sha: commit.sha, url: commit.url }),
  ];
}

function placeFacts(record: GateRecord): (string | undefined)[] {
  const { settings, comment, checkRun } = record;
  return [
    settings === undefined ? undefined : `policy ${code(settings.policy)}`,
    comment === undefined ? undefined : link('comment', comment.url),
    checkRun === undefined ? undefined : link('check run', checkRun.url),
    apiHostFact(record),
  ];
}

function reasonFact({ decision, failure }: GateRecord): string | undefined {
  return decision === undefined || failure !== undefined ? undefined : `reason ${code(VERDICTS[decision].reason)}`;
}

function detailsFold(record: GateRecord): string {
  const { decision, failure, newest, commander, settings, checkRun } = record;
  const isDecided = decision !== undefined && failure === undefined;
  return supportFold(
    record,
    [
      ['Reason', isDecided ? code(VERDICTS[decision].reason) : undefined],
      ['Newest pull request', newest === undefined ? undefined : text(`#${newest}`)],
      ['Commented by', commander === undefined ? undefined : text(limitLabel(commander))],
      ['Environment', settings === undefined ? undefined : environmentOf(settings)],
      ['Check run', checkRun === undefined ? undefined : code(String(checkRun.id))],
    ],
    'Details',
  );
}

function environmentOf({ environment }: NonNullable<GateRecord['settings']>): string {
  return text(limitLabel(environment));
}
