import { type DeployOutcome, type DeployRecord, liveOf } from './deploy-record.ts';
import { formatDuration } from './format.ts';
import { withinLine } from './phrases.ts';
import { deployedDoubt, shortSha } from './sections.ts';
import { siteUrlLine } from './site-url-words.ts';
import type { RestoredRecord } from './verification-record.ts';
import { rehearsalWords, restoredBuild, verificationWords } from './verification-words.ts';

const MAX_URLS = 5;

const OUTCOME_TEXTS: Readonly<Record<DeployOutcome, string>> = {
  deployed: 'deployed',
  unhealthy: 'unhealthy (it is live, and the storefront does not work)',
  'rolled-back': 'rolled-back (the storefront did not work; the last good build is live again)',
  rejected: 'rejected (by the rehearsal: nothing was deployed to the project itself)',
  'dry-run': 'dry-run (nothing was sent; token and project were not checked)',
  failed: 'failed (the platform reported that the deployment failed)',
  conflict: 'conflict (another deployment of this project is in progress)',
  unknown: 'unknown (no verdict: the storefront may or may not have changed)',
  cancelled: 'cancelled',
  skipped: 'skipped (this run has no access token, and is not meant to)',
  error: 'error (nothing was deployed by this step)',
};

const CLOSED = 'skipped (the pull request is closed)';

/** Where it ended in the rehearsal. */
const REHEARSAL_TEXTS: Readonly<Partial<Record<DeployOutcome, string>>> = {
  conflict: "conflict (another deployment of the rehearsal's project is in progress)",
  error: 'error (nothing was deployed to the project itself)',
};

/** The last lines of the log: outcome, addresses, duration. */
export function lastLines(record: DeployRecord): string[] {
  const inShort = record.failure?.inShort;
  const urls = record.urls.slice(0, MAX_URLS).map((url) => `URL: ${url}`);
  if (record.urls.length > MAX_URLS)
    urls.push(`URL: and ${record.urls.length - MAX_URLS} more, see the output \`urls\``);
  const warnings =
    record.outcome === 'dry-run' && record.warnings.length > 0 ? [`Warnings: ${record.warnings.length}`] : [];
  return [
    `Outcome: ${outcomeText(record)}${inShort === undefined ? '' : ` (${inShort})`}`,
    ...sourceLines(record),
    ...verificationLines(record),
    ...urls,
    ...(record.siteUrl === undefined ? [] : [`Site URL: ${siteUrlLine(record.siteUrl)}`]),
    ...warnings,
    `Duration: ${formatDuration(record.durationMs)}`,
  ];
}

function outcomeText(record: DeployRecord): string {
  const { outcome, skipped, rehearsal } = record;
  const usual = OUTCOME_TEXTS[outcome];
  if (outcome === 'skipped' && skipped?.reason === 'closed') return CLOSED;
  if (outcome === 'deployed') return `${usual}${deployedDoubt(record)}`;
  if (outcome === 'unhealthy' && liveOf(record) === 'unknown') {
    return 'unhealthy (the storefront did not work, and the rollback has no verdict: either build may be live)';
  }
  return (rehearsal?.state === 'failed' ? REHEARSAL_TEXTS[outcome] : undefined) ?? usual;
}

/** Rehearsal, verification, and what was brought back, each on its line. */
function verificationLines({ rehearsal, verification, restored, bundle, isVerifying }: DeployRecord): string[] {
  const lines: string[] = [];
  if (rehearsal !== undefined) {
    const found =
      rehearsal.verification && ` (${withinLine(verificationWords(rehearsal.verification, bundle?.buildId))})`;
    lines.push(`Rehearsal: ${rehearsalWords(rehearsal)}${found ?? ''}`);
  }
  if (verification !== undefined)
    lines.push(`Verification: ${withinLine(verificationWords(verification, bundle?.buildId))}`);
  else if (isVerifying === true) lines.push('Verification: cut off');
  if (restored !== undefined) lines.push(`Rollback: ${rollbackWords(restored)}`);
  return lines;
}

function rollbackWords(restored: RestoredRecord): string {
  const build = restoredBuild(restored);
  const { state, verification } = restored;
  if (state === 'failed') return `to ${build}, not carried through`;
  if (state === 'restoring') return `to ${build}, cut off`;
  const works = verification === undefined ? 'not verified' : withinLine(verificationWords(verification));
  return `${build} is live again (${works})`;
}

/** Which bundle, and what it replaces: the first group, which says so, is folded. */
function sourceLines({ source }: DeployRecord): string[] {
  if (source === undefined) return [];
  const { deployment, commit, artifactId, replaced } = source;
  const of = (sha: string | undefined) => (sha === undefined ? '' : ` (commit ${shortSha(sha)})`);
  const which = deployment === undefined ? `artifact ${artifactId}` : `that of GitHub deployment ${deployment.id}`;
  const instead = replaced && `, instead of GitHub deployment ${replaced.id}${of(replaced.commit.sha)}`;
  return [`Bundle: ${which}${of(commit?.sha)}${instead ?? ''}`];
}
