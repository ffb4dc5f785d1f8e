import { bundleSection } from './bundle-section.ts';
import type { DeployRecord } from './deploy-record.ts';
import { count, formatDuration } from './format.ts';
import { code, link, prose, table, text } from './markdown.ts';
import { phasesSection, warningsSection } from './run-sections.ts';
import {
  addressLinks,
  collapsed,
  commitCell,
  deploymentsCell,
  factList,
  failureSection,
  formatUtc,
  HEADINGS,
  NO_ADDRESS,
} from './sections.ts';

const MAX_VARIABLES = 200;

/** The step summary of the deploy action, as GitHub-flavoured Markdown. Pure; under 1 MiB by its own limits. */
export function renderDeploySummary(record: DeployRecord): string {
  const sections = [
    `## ${HEADINGS[record.outcome]}${text(record.failure?.title ?? '')}`,
    addresses(record),
    record.skipped === undefined ? undefined : prose(record.skipped.message),
    failureSection(record.failure),
    factsTable(record),
    warningsSection(record),
    phasesSection(record),
    record.bundle === undefined ? undefined : bundleSection(record.bundle),
    variablesSection(record),
  ];
  return `${sections.filter((section) => section !== undefined).join('\n\n')}\n`;
}

function addresses(record: DeployRecord): string | undefined {
  if (record.outcome !== 'deployed') return undefined;
  if (record.urls.length === 0) return NO_ADDRESS;
  const { links, more } = addressLinks(record.urls);
  return [...links.map((one) => `**${one}**`), ...more].join(' · ');
}

function factsTable(record: DeployRecord): string {
  const { project, commit, environment, githubDeployment, comment, artifact } = record;
  const projectCell = [project.name, project.uuid].filter((part) => part !== undefined).map(code);
  return factList([
    ['Outcome', code(record.outcome)],
    ['Project', projectCell.length === 0 ? undefined : projectCell.join(' ')],
    ['Deployment', deploymentsCell(record.deployments)],
    ['Environment', environmentCell(environment, githubDeployment)],
    ['Commit', commit === undefined ? undefined : commitCell(commit)],
    ['Comment', comment === undefined ? undefined : link('on the pull request', comment.url)],
    ['Bundle kept as', artifact === undefined ? undefined : link(artifact.name, artifact.url)],
    ['Duration', formatDuration(record.durationMs)],
    ['Started', formatUtc(record.startedAt)],
    ['Correlation id', record.networkUsed ? code(record.correlationId) : undefined],
  ]);
}

function environmentCell(
  environment: string | undefined,
  githubDeployment: DeployRecord['githubDeployment'],
): string | undefined {
  if (environment === undefined || githubDeployment === undefined) return undefined;
  return `${link(environment, githubDeployment.url)}, GitHub deployment ${code(String(githubDeployment.id))}`;
}

function variablesSection({ variables }: DeployRecord): string | undefined {
  if (variables.length === 0) return undefined;
  const shown = variables
    .slice(0, MAX_VARIABLES)
    .map(({ key, type }) => [code(key), type === 'secret' ? '🔒 secret' : 'plain text']);
  const rest = variables.length - shown.length;
  const more = rest === 0 ? '' : `\n\nand ${count(rest, 'more variable')}`;
  return collapsed(count(variables.length, 'variable'), `${table(['Name', 'Kind'], shown)}${more}`);
}
