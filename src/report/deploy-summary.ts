import type { SourceKind } from '../domain/rollback.ts';
import { bundleSection } from './bundle-section.ts';
import { type DeployOutcome, type DeployRecord, liveOf, type SourceRecord } from './deploy-record.ts';
import { count, formatDuration } from './format.ts';
import { code, link, prose, table, text } from './markdown.ts';
import { apiHostCell, phasesSection, warningsSection } from './run-sections.ts';
import {
  addressLinks,
  collapsed,
  commitCell,
  deployedHeading,
  deploymentsCell,
  factList,
  failureSection,
  formatUtc,
  HEADINGS,
  NO_ADDRESS,
  shortSha,
  successTime,
} from './sections.ts';
import { siteUrlCell } from './site-url-words.ts';
import { supportBundleCell } from './support-bundle.ts';
import { healthyPages, verificationSection, withoutPages } from './verification-section.ts';

const MAX_VARIABLES = 200;
const LIMITS = { pages: 50, textChars: 400 } as const;
/** Whoever reads of these wants to look. */
const LIVE_OUTCOMES: readonly DeployOutcome[] = ['deployed', 'unhealthy', 'rolled-back'];

/** What a success is where the bundle is an earlier one. */
const SOURCE_HEADINGS: Readonly<Record<SourceKind, string>> = {
  rollback: '✅ Rolled back',
  promotion: '✅ Promoted',
  redeploy: '✅ Deployed again',
};

/** The step summary of the deploy action, as GitHub-flavoured Markdown. Pure; under 1 MiB by its own limits. */
export function renderDeploySummary(record: DeployRecord): string {
  const view = { ...record, live: liveOf(record), buildId: record.bundle?.buildId };
  const sections = [
    `## ${headingOf(record)}`,
    addresses(record),
    verificationSection(view, LIMITS),
    healthyPages(record, LIMITS),
    record.skipped === undefined ? undefined : prose(record.skipped.message),
    failureSection(withoutPages(record.failure, view)),
    factsTable(record),
    warningsSection(record),
    phasesSection(record),
    record.bundle === undefined ? undefined : bundleSection(record.bundle),
    variablesSection(record),
  ];
  return `${sections.filter((section) => section !== undefined).join('\n\n')}\n`;
}

function headingOf({ outcome, source, verification, failure }: DeployRecord): string {
  if (outcome !== 'deployed') return `${HEADINGS[outcome]}${text(failure?.title ?? '')}`;
  const { heading, doubt } = deployedHeading({ verification, failure }, source && SOURCE_HEADINGS[source.kind]);
  const what = source?.commit === undefined ? heading : `${heading}: ${code(shortSha(source.commit.sha))}`;
  return `${what}${doubt}`;
}

function addresses(record: DeployRecord): string | undefined {
  const isCutOff = record.outcome === 'cancelled' && liveOf(record) === 'this';
  if (!LIVE_OUTCOMES.includes(record.outcome) && !isCutOff) return undefined;
  if (record.urls.length === 0) return NO_ADDRESS;
  const { links, more } = addressLinks(record.urls);
  return [...links.map((one) => `**${one}**`), ...more].join(' · ');
}

function factsTable(record: DeployRecord): string {
  const { project, commit, environment, githubDeployment, comment, artifact, source } = record;
  const projectCell = [project.name, project.uuid].filter((part) => part !== undefined).map(code);
  return factList([
    ['Outcome', code(record.outcome)],
    ['Project', projectCell.length === 0 ? undefined : projectCell.join(' ')],
    ['Deployment', deploymentsCell(record.deployments)],
    ['Environment', environmentCell(environment, githubDeployment)],
    ['Commit', commit === undefined ? undefined : commitCell(commit)],
    ['Bundle from', source === undefined ? undefined : sourceCell(source)],
    ['Instead of', source?.replaced === undefined ? undefined : replacedCell(source.replaced)],
    ['Site URL', record.siteUrl === undefined ? undefined : siteUrlCell(record.siteUrl)],
    ['API host', apiHostCell(record)],
    ['Comment', comment === undefined ? undefined : link('on the pull request', comment.url)],
    ['Bundle stored as', artifact === undefined ? undefined : link(artifact.name, artifact.url)],
    ['Duration', formatDuration(record.durationMs)],
    ['Started', formatUtc(record.startedAt)],
    ['Correlation id', record.networkUsed ? code(record.correlationId) : undefined],
    ['Support bundle', supportBundleCell(record)],
  ]);
}

function sourceCell({ deployment, commit, run, artifactId }: SourceRecord): string {
  const parts = [
    deployment === undefined
      ? `artifact ${code(String(artifactId))}, which no GitHub deployment names`
      : `${link(deployment.environment, deployment.url)}, GitHub deployment ${code(String(deployment.id))}`,
    commit === undefined ? undefined : `commit ${commitCell(commit)}`,
    run === undefined ? undefined : link(`run ${run.id}`, run.url),
    deployment?.succeededAt === undefined ? undefined : `succeeded ${successTime({ at: deployment.succeededAt })}`,
  ];
  return parts.filter((part) => part !== undefined).join('<br>');
}

function replacedCell({ id, commit }: NonNullable<SourceRecord['replaced']>): string {
  return `GitHub deployment ${code(String(id))}, commit ${commitCell(commit)}`;
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
