import { VERDICTS } from '../domain/preview-gate.ts';
import { formatDuration } from './format.ts';
import type { GateRecord } from './gate-record.ts';
import { nextText, reasonText, verdictText } from './gate-words.ts';
import { code, link, prose, text } from './markdown.ts';
import { warningsSection } from './run-sections.ts';
import { commitCell, factList, failureSection, formatUtc } from './sections.ts';

/** The step summary of the preview gate, as GitHub-flavoured Markdown. Pure. */
export function renderGateSummary(record: GateRecord): string {
  const next = nextText(record);
  const isDecided = record.failure === undefined;
  const sections = [
    heading(record),
    isDecided ? prose(reasonText(record)) : failureSection(record.failure),
    isDecided && next !== undefined ? `**What to do:** ${prose(next)}` : undefined,
    facts(record),
    warningsSection(record),
  ];
  return `${sections.filter((section) => section !== undefined).join('\n\n')}\n`.toWellFormed();
}

function heading(record: GateRecord): string {
  const { failure, decision } = record;
  if (failure !== undefined) return `## ❌ Preview gate: ${text(failure.title)}`;
  const mark = decision !== undefined && VERDICTS[decision].deploys ? '✅' : '⏭️';
  return `## ${mark} Preview gate: ${text(verdictText(record))}`;
}

function facts(record: GateRecord): string {
  const { decision, failure, settings, pullRequest, commit, newest, commander, comment, checkRun } = record;
  const isDecided = decision !== undefined && failure === undefined;
  return factList([
    ['Reason', isDecided ? code(VERDICTS[decision].reason) : undefined],
    ['Pull request', pullRequest === undefined ? undefined : link(`#${pullRequest.number}`, pullRequest.url)],
    ['Commit', commit === undefined ? undefined : commitCell(commit)],
    ['Policy', settings === undefined ? undefined : code(settings.policy)],
    ['Newest pull request', newest === undefined ? undefined : text(`#${newest}`)],
    ['Commented by', commander === undefined ? undefined : text(commander)],
    ['Environment', settings === undefined ? undefined : text(settings.environment)],
    ['Comment', comment === undefined ? undefined : link('on the pull request', comment.url)],
    ['Check run', checkRun === undefined ? undefined : link(String(checkRun.id), checkRun.url)],
    ['Duration', formatDuration(record.durationMs)],
    ['Started', formatUtc(record.startedAt)],
  ]);
}
