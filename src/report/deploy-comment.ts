import type { BaselineRecord, CommentRecord } from './comment-record.ts';
import { count, formatBytes, formatDuration } from './format.ts';
import { type FailureLimits, limitFailure } from './limit-failure.ts';
import { limitedLink, limitLabel, limitUrl } from './limits.ts';
import { code, text } from './markdown.ts';
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
  lastSuccessLine,
  NO_ADDRESS,
  requestFold,
} from './sections.ts';
import { supportBundleCell } from './support-bundle.ts';
import {
  type VerificationLimits,
  type VerificationView,
  verificationSection,
  withoutPages,
} from './verification-section.ts';

/** GitHub refuses a comment of more than 65,536 characters; the rest is for what the caller adds. */
const MAX_COMMENT_CHARS = 60_000;

interface Limits extends FailureLimits, VerificationLimits {
  deployments: number;
}

/** For a phone's screen; and, since escaping may turn one character into thirteen, for a comment that certainly fits. */
const ROOMY: Limits = { messageChars: 1500, detailChars: 500, details: 10, deployments: 10, pages: 10, textChars: 300 };
const TIGHT: Limits = { messageChars: 300, detailChars: 150, details: 4, deployments: 3, pages: 3, textChars: 100 };

/** The comment on a pull request, as GitHub-flavoured Markdown of at most 60,000 characters. Pure. */
export function renderDeployComment(record: CommentRecord): string {
  const comment = renderWithin(ROOMY, record);
  return comment.length <= MAX_COMMENT_CHARS ? comment : renderWithin(TIGHT, record);
}

function renderWithin(limits: Limits, record: CommentRecord): string {
  const view = viewOf(record);
  const failure = limitFailure(view ? withoutPages(record.failure, view) : record.failure, limits);
  const sections = [
    heading(record),
    lead(record),
    view && verificationSection(view, limits),
    failureSection(failure),
    // One that was rolled back names the build that is live again.
    record.state === 'deployed' || record.live === 'restored' ? undefined : lastSuccessLine(record.lastSuccess),
    factsTable(record),
    footer(record),
    requestFold(failure),
    supportIds(record, limits),
  ];
  // GitHub refuses half a character, which a file's name may contain.
  return `${sections.filter((section) => section !== undefined).join('\n\n')}\n`.toWellFormed();
}

/** Undefined while it runs: nothing is certain yet. */
function viewOf({ state, live, ...known }: CommentRecord): VerificationView | undefined {
  return state === 'deploying' || live === undefined ? undefined : { ...known, outcome: state, live };
}

/** Names the environment, since a pull request has a comment for each. */
function heading({ state, environment, failure, verification }: CommentRecord): string {
  const where = text(limitLabel(environment));
  if (state === 'deploying') return `### ⏳ Deploying to ${where}`;
  if (state === 'deployed') {
    const { heading, doubt } = deployedHeading({ verification, failure });
    return `### ${heading} to ${where}${doubt}`;
  }
  // The headings of these two need no title.
  const title = failure?.title ?? (state === 'dry-run' || state === 'skipped' ? '' : state);
  return `### ${HEADINGS[state]}${text(limitLabel(title))} ·&nbsp;${where}`;
}

/** What a reader must know first. Only a deployment that is or was live has an address: otherwise it shows something else. */
function lead({ state, urls, preview, live, failure }: CommentRecord): string | undefined {
  switch (state) {
    case 'deploying':
      return 'No verdict yet: this comment is updated when the run ends.';
    case 'deployed':
      return addresses(urls, ADDRESS_NOTES[`${preview}`]);
    case 'unhealthy':
      return addresses(
        urls,
        live === 'unknown' ? 'Which build this address shows is not known.' : ADDRESS_NOTES[`${preview}`],
      );
    case 'rolled-back':
      return addresses(urls, 'This address shows the build that was brought back, until the next deployment.');
    case 'cancelled':
      return live === 'this' ? addresses(urls, ADDRESS_NOTES[`${preview}`]) : undefined;
    case 'dry-run':
      return 'The bundle was packaged and checked; the token and the project were not.';
    case 'unknown':
      // A failure that knows it says so itself.
      return failure?.effect === undefined ? '**The storefront may or may not have changed.**' : undefined;
    default:
      return undefined;
  }
}

function addresses(urls: readonly string[], note: string): string {
  const { links, more } = addressLinks(urls, (url) => limitedLink(url, url));
  const [first, ...others] = links;
  if (first === undefined) return NO_ADDRESS;
  const also = others.length === 0 ? [] : [`Also at ${[...others, ...more].join(' · ')}`];
  return [`**${first}**`, ...also, `<sub>${note}</sub>`].join('<br>');
}

/** How long an address shows what it shows now. */
const ADDRESS_NOTES = {
  false: 'This address shows this deployment until the next one to the same project.',
  shared: 'All pull requests share this address: it shows this one until another one takes it.',
  isolated: 'This address is this pull request’s own: it shows the last deployment of it.',
} as const;

function factsTable({ commit, bundle, baseline, project, durationMs }: CommentRecord): string | undefined {
  const name = project.name ?? project.uuid;
  const rows: [string, string | undefined][] = [
    ['Commit', commit === undefined ? undefined : commitCell({ sha: commit.sha, url: limitUrl(commit.url) })],
    ['Bundle', bundle === undefined ? undefined : bundleCell(bundle, baseline)],
    ['Project', name === undefined ? undefined : code(limitLabel(name))],
    ['Duration', durationMs === undefined ? undefined : formatDuration(durationMs)],
  ];
  return rows.every(([, cell]) => cell === undefined) ? undefined : factList(rows);
}

function bundleCell({ sizeBytes, files }: NonNullable<CommentRecord['bundle']>, baseline?: BaselineRecord): string {
  const size = `${formatBytes(sizeBytes)}, ${count(files, 'file')}`;
  if (baseline === undefined) return size;
  const production = commitCell({ sha: baseline.sha, url: limitUrl(baseline.commitUrl) });
  return `${size}<br>${sizeChange(sizeBytes, baseline.sizeBytes)} against production (${production})`;
}

/** `+1.2 MB (+10.8 %)` */
function sizeChange(bytes: number, baselineBytes: number): string {
  const difference = bytes - baselineBytes;
  if (difference === 0) return 'no change in size';
  const sign = difference > 0 ? '+' : '−';
  const size = `<b>${sign}${formatBytes(Math.abs(difference))}</b>`;
  const percent = (100 * Math.abs(difference)) / baselineBytes;
  if (!Number.isFinite(percent)) return size;
  const digits = percent < 100 ? 1 : 0;
  const shown = percent.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${size} (${percent < 0.05 ? 'under 0.1' : `${sign}${shown}`} %)`;
}

function footer({ runUrl, artifactUrl, supportBundle, updatedAt }: CommentRecord): string {
  const supportUrl = supportBundle?.url;
  const links = [
    ...(runUrl === undefined ? [] : [limitedLink('Log of the run', runUrl)]),
    ...(artifactUrl === undefined ? [] : [limitedLink('Download the bundle', artifactUrl)]),
    ...(supportUrl === undefined ? [] : [limitedLink('Support bundle', supportUrl)]),
  ];
  const updated = `<sub>Updated ${formatUtc(updatedAt)}</sub>`;
  return links.length === 0 ? updated : `${links.join(' · ')}<br>${updated}`;
}

/** Not for reviewers. */
function supportIds(
  { project, deployments, correlationId, supportBundle }: CommentRecord,
  limits: Limits,
): string | undefined {
  const shown = deployments.slice(-limits.deployments).map(({ uuid, failure }) => ({
    uuid: limitLabel(uuid),
    ...(failure === undefined ? {} : { failure: { ...failure, code: failure.code && limitLabel(failure.code) } }),
  }));
  const cell = deploymentsCell(shown);
  if (cell === undefined && correlationId === undefined) return undefined;
  const earlier = deployments.length - shown.length;
  const list = factList([
    [
      deployments.length === 1 ? 'Deployment' : 'Deployments',
      earlier === 0 || cell === undefined ? cell : `${earlier} earlier, then<br>${cell}`,
    ],
    ['Correlation id', correlationId === undefined ? undefined : code(correlationId)],
    ['Project', project.uuid === undefined ? undefined : code(limitLabel(project.uuid))],
    ['Support bundle', shownBundle(supportBundle)],
  ]);
  return collapsed("Ids for BigCommerce's support", list);
}

/** The file alone, on a runner, is of no use here. */
function shownBundle(supportBundle: CommentRecord['supportBundle']): string | undefined {
  if (supportBundle === undefined || supportBundle.state === 'kept') return undefined;
  const name = limitLabel(supportBundle.name);
  const { url } = supportBundle;
  return supportBundleCell({
    supportBundle: { ...supportBundle, name, ...(url !== undefined && { url: limitUrl(url) }) },
  });
}
