import { bundleSection } from './bundle-section.ts';
import type { DeployOutcome, DeployRecord } from './deploy-record.ts';
import { count, formatDuration } from './format.ts';
import { renderGantt } from './gantt.ts';
import { code, link, prose, table, text } from './markdown.ts';

const MAX_VARIABLES = 200;
const MAX_WARNINGS = 50;
const MAX_DETAILS = 50;
const MAX_MESSAGE_CHARS = 6000;

const MAX_ADDRESSES = 5;

const HEADINGS: Readonly<Record<DeployOutcome, string>> = {
  deployed: '✅ Deployed',
  'dry-run': '🧪 Dry run: nothing was sent',
  failed: '❌ ',
  conflict: '⛔ Not deployed: ',
  unknown: '❓ ',
  cancelled: '🚫 ',
  error: '❌ Not deployed: ',
};

/** The step summary of the deploy action, as GitHub-flavoured Markdown. Pure; under 1 MiB by its own limits. */
export function renderDeploySummary(record: DeployRecord): string {
  const sections = [
    `## ${HEADINGS[record.outcome]}${text(record.failure?.title ?? '')}`,
    addresses(record),
    failureSection(record),
    factsTable(record),
    phasesSection(record),
    record.bundle === undefined ? undefined : bundleSection(record.bundle),
    variablesSection(record),
    warningsSection(record),
  ];
  return `${sections.filter((section) => section !== undefined).join('\n\n')}\n`;
}

function addresses(record: DeployRecord): string | undefined {
  if (record.outcome !== 'deployed') return undefined;
  if (record.urls.length === 0) return 'The platform named no address: look at the project in the control panel.';
  const links = record.urls.slice(0, MAX_ADDRESSES).map((url) => `**${link(url, url)}**`);
  if (record.urls.length > MAX_ADDRESSES) links.push(`and ${record.urls.length - MAX_ADDRESSES} more`);
  return links.join(' · ');
}

function failureSection({ failure }: DeployRecord): string | undefined {
  if (failure === undefined) return undefined;
  const { details, message, fix } = failure;
  const what =
    details.length > 1
      ? details.slice(0, MAX_DETAILS).map((detail) => `- ${prose(shorten(detail))}`)
      : [prose(shorten(message))];
  if (details.length > MAX_DETAILS) what.push(`- and ${details.length - MAX_DETAILS} more: see the job log`);
  const quote = fix === undefined ? what : [...what, '', `**What to do:** ${prose(shorten(fix))}`];
  return quote.map((line) => `> ${line}`.trimEnd()).join('\n');
}

function shorten(message: string): string {
  return message.length > MAX_MESSAGE_CHARS ? `${message.slice(0, MAX_MESSAGE_CHARS)}…` : message;
}

function factsTable(record: DeployRecord): string {
  const { project, commit } = record;
  const projectCell = [project.name, project.uuid].filter((part) => part !== undefined).map(code);
  const rows: [string, string | undefined][] = [
    ['Outcome', code(record.outcome)],
    ['Project', projectCell.length === 0 ? undefined : projectCell.join(' ')],
    ['Deployment', deploymentsCell(record)],
    ['Commit', commit === undefined ? undefined : commitCell(commit)],
    ['Duration', formatDuration(record.durationMs)],
    ['Started', record.startedAt.toISOString().replace('T', ' ').slice(0, 19).concat(' UTC')],
    ['Correlation id', record.networkUsed ? code(record.correlationId) : undefined],
  ];
  return factList(rows.filter((row): row is [string, string] => row[1] !== undefined));
}

/** HTML, since a Markdown table cannot do without a header row. The cells are HTML already: entities and tags, no Markdown. */
function factList(rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(([name, cell]) => `<tr><th align="left">${name}</th><td>${cell}</td></tr>`);
  return ['<table>', ...lines, '</table>'].join('\n');
}

function deploymentsCell({ deployments }: DeployRecord): string | undefined {
  if (deployments.length === 0) return undefined;
  return deployments
    .map(({ uuid, failure }) => {
      if (failure === undefined) return code(uuid);
      return `${code(uuid)} failed, ${failure.code === undefined ? 'no code' : `code ${text(failure.code)}`}`;
    })
    .join('<br>');
}

function commitCell(commit: NonNullable<DeployRecord['commit']>): string {
  const sha = link(commit.sha.slice(0, 7), commit.url);
  return commit.origin === undefined ? sha : `${sha} (${text(commit.origin)})`;
}

function phasesSection({ phases }: DeployRecord): string | undefined {
  if (phases.length === 0) return undefined;
  const marks = { done: '✅', failed: '❌', cancelled: '🚫' };
  const rows = phases.map((phase) => [
    `${marks[phase.state]} ${text(phase.title)}`,
    text(phase.result ?? phase.state),
    formatDuration(phase.endMs - phase.startMs),
  ]);
  const sections = ['### Phases', table(['Phase', 'Result', 'Time'], rows, [2])];
  // A single bar would say nothing that the table does not.
  if (phases.length > 1) sections.push(renderGantt(phases));
  return sections.join('\n\n');
}

function variablesSection({ variables }: DeployRecord): string | undefined {
  if (variables.length === 0) return undefined;
  const shown = variables
    .slice(0, MAX_VARIABLES)
    .map(({ key, type }) => [code(key), type === 'secret' ? '🔒 secret' : 'plain text']);
  const rest = variables.length - shown.length;
  const more = rest === 0 ? '' : `\n\nand ${count(rest, 'more variable')}`;
  return `<details><summary>${count(variables.length, 'variable')}</summary>\n\n${table(['Name', 'Kind'], shown)}${more}\n\n</details>`;
}

function warningsSection({ warnings }: DeployRecord): string | undefined {
  if (warnings.length === 0) return undefined;
  const shown = warnings.slice(0, MAX_WARNINGS).map((warning) => `- ⚠️ ${prose(shorten(warning))}`);
  const rest = warnings.length - shown.length;
  if (rest > 0) shown.push(`- and ${count(rest, 'more warning')}: see the job log`);
  return `### Warnings\n\n${shown.join('\n')}`;
}
