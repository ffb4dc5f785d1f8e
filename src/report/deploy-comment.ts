import type { RowFacts } from '../domain/comment-group.ts';
import type { CommentRecord } from './comment-record.ts';
import { commitFact, sizeFact } from './deploy-facts.ts';
import { headlineOf } from './deploy-headline.ts';
import { formatBytes, formatDuration } from './format.ts';
import { type FailureLimits, limitFailure } from './limit-failure.ts';
import { limitedLink, limitLabel, limitUrl } from './limits.ts';
import { code, text, unbroken } from './markdown.ts';
import { factsLine, fold, namedList } from './page.ts';
import type { CommitRecord, FailureRecord } from './run-record.ts';
import {
  addressLinks,
  commitCell,
  deploymentsCell,
  failureSection,
  formatUtc,
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
  return fitting((limits) =>
    join([
      `### ${headline(record)}`,
      lead(record),
      ...whatHappened(record, limits),
      facts(record),
      links(record),
      requestFold(failureOf(record, limits)),
      supportIds(record, limits),
      record.footer,
    ]),
  );
}

/** A row of a comment that several projects share: the same, without what the table shows. Pure. */
export function renderDeployRow(record: CommentRecord): { text: string; shown: Partial<RowFacts> } {
  const { project, commit, bundle, durationMs, runUrl } = record;
  const kind = kindOf(record);
  const url = isShown(record) ? record.urls[0] : undefined;
  const text = fitting((limits) =>
    join([
      `### ${headline(record)}`,
      url === undefined ? undefined : `<sub>${addressNote(record)}</sub>`,
      ...whatHappened(record, limits),
      url === undefined ? undefined : bundleFact(record),
      links({ ...record, runUrl: undefined }),
      requestFold(failureOf(record, limits)),
      supportIds(record, limits),
    ]),
  );
  const shown = {
    ...{ kind, url, durationMs, runUrl, sizeBytes: bundle?.sizeBytes, name: project.name ?? project.uuid },
    ...(kind === 'good' && url !== undefined && { words: undefined }),
    ...(commit !== undefined && { commit: { sha: commit.sha, url: commit.url } }),
  };
  return { text, shown };
}

/** As much of it as GitHub takes. */
function fitting(render: (limits: Limits) => string): string {
  const comment = render(ROOMY);
  return comment.length <= MAX_COMMENT_CHARS ? comment : render(TIGHT);
}

/** GitHub refuses half a character, which a file's name may contain. */
function join(sections: readonly (string | undefined)[]): string {
  return `${sections.filter((section) => section !== undefined).join('\n\n')}\n`.toWellFormed();
}

/** Whether the storefront works, what went wrong and what to do, and what worked last. */
function whatHappened(record: CommentRecord, limits: Limits): (string | undefined)[] {
  const view = viewOf(record);
  const failure = failureOf(record, limits);
  return [
    unsaid(record),
    view && verificationSection(view, limits),
    failureSection(failure),
    // One that was rolled back names the build that is live again.
    record.state === 'deployed' || record.live === 'restored' ? undefined : lastSuccessLine(record.lastSuccess),
  ];
}

function failureOf(record: CommentRecord, limits: Limits): FailureRecord | undefined {
  const view = viewOf(record);
  return limitFailure(view ? withoutPages(record.failure, view) : record.failure, limits);
}

/** Whether the storefront changed. A failure that knows it says so itself, as do a rehearsal and a rollback. */
function unsaid({ state, live, failure, rehearsal, restored }: CommentRecord): string | undefined {
  const isSaid = failure?.effect !== undefined || rehearsal !== undefined || restored !== undefined;
  if (isSaid || state === 'deploying' || state === 'dry-run' || state === 'skipped') return undefined;
  if (state === 'unknown') return 'The storefront may or may not have changed.';
  return live === 'as-before' ? 'The storefront is unchanged.' : undefined;
}

/** Undefined while it runs: nothing is certain yet. */
function viewOf({ state, live, ...known }: CommentRecord): VerificationView | undefined {
  const shown = live ?? (state === 'unknown' ? 'unknown' : undefined);
  return state === 'deploying' || shown === undefined ? undefined : { ...known, outcome: state, live: shown };
}

const KINDS: Readonly<Record<CommentRecord['state'], RowFacts['kind']>> = {
  deploying: 'pending',
  deployed: 'good',
  unhealthy: 'bad',
  'rolled-back': 'bad',
  rejected: 'bad',
  failed: 'bad',
  conflict: 'bad',
  unknown: 'bad',
  error: 'bad',
  cancelled: 'neutral',
  'dry-run': 'neutral',
  skipped: 'neutral',
};

function kindOf({ state, verification, failure }: CommentRecord): RowFacts['kind'] {
  const isDoubtful = verification?.state === 'unhealthy' || failure !== undefined;
  return state === 'deployed' && isDoubtful ? 'bad' : KINDS[state];
}

/** Names the environment, since a pull request has a comment for each. */
function headline(record: CommentRecord): string {
  const { state, environment, failure, ...known } = record;
  const where = limitLabel(environment);
  if (state === 'deploying') return `⏳ Deploying to ${text(where)}`;
  const title = failure?.title ?? (state === 'deployed' ? undefined : state);
  const limited = title === undefined ? undefined : { title: limitLabel(title) };
  return headlineOf({ live: 'unknown', ...known, outcome: state, environment: where, failure: limited });
}

/** What a reader must know first. */
function lead(record: CommentRecord): string | undefined {
  const { state, urls } = record;
  if (isShown(record)) return addresses(urls, addressNote(record));
  if (state === 'deploying') return 'No verdict yet: this comment is updated when the run ends.';
  if (state === 'dry-run') return 'The bundle was packaged and checked; the token and the project were not.';
  return undefined;
}

/** Only a deployment that is or was live has an address: otherwise it shows something else. */
function isShown({ state, live }: CommentRecord): boolean {
  return (
    state === 'deployed' ||
    state === 'unhealthy' ||
    state === 'rolled-back' ||
    (state === 'cancelled' && live === 'this')
  );
}

function addressNote({ state, live, preview }: CommentRecord): string {
  if (state === 'rolled-back') return 'This address shows the build that was brought back, until the next deployment.';
  if (state === 'unhealthy' && live === 'unknown') return 'Which build this address shows is not known.';
  return ADDRESS_NOTES[`${preview}`];
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

/** `demo-storefront · 4f9c1d2 (#12) · 1.2 MB in 40 files · 6.5 s` */
function facts(record: CommentRecord): string | undefined {
  const { commit, project, durationMs, failure, correlationId } = record;
  return factsLine([
    project.name === undefined ? undefined : code(limitLabel(project.name)),
    commit && commitFact(limitCommit(commit)),
    bundleFact(record),
    durationMs === undefined ? undefined : unbroken(formatDuration(durationMs)),
    failure === undefined || correlationId === undefined ? undefined : `correlation id ${code(correlationId)}`,
  ]);
}

function bundleFact({ bundle, baseline }: CommentRecord): string | undefined {
  if (bundle === undefined) return undefined;
  const { sizeBytes } = bundle;
  const size = sizeFact(bundle);
  if (baseline === undefined) return size;
  const production = commitCell({ sha: baseline.sha, url: limitUrl(baseline.commitUrl) });
  return `${size}, ${sizeChange(sizeBytes, baseline.sizeBytes)} against production (${production})`;
}

function limitCommit({ sha, url, origin }: CommitRecord): CommitRecord {
  return { sha, url: limitUrl(url), ...(origin !== undefined && { origin: limitLabel(origin) }) };
}

/** `+1.2 MB (+10.8 %)` */
function sizeChange(bytes: number, baselineBytes: number): string {
  const difference = bytes - baselineBytes;
  if (difference === 0) return 'no change in size';
  const sign = difference > 0 ? '+' : '−';
  const size = `${sign}${unbroken(formatBytes(Math.abs(difference)))}`;
  const percent = (100 * Math.abs(difference)) / baselineBytes;
  if (!Number.isFinite(percent)) return size;
  const digits = percent < 100 ? 1 : 0;
  const shown = percent.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${size} (${unbroken(`${percent < 0.05 ? 'under 0.1' : `${sign}${shown}`} %`)})`;
}

function links({
  runUrl,
  artifactUrl,
  supportBundle,
  updatedAt,
}: Omit<CommentRecord, 'runUrl'> & { runUrl?: string | undefined }): string {
  const supportUrl = supportBundle?.url;
  return [
    ...(runUrl === undefined ? [] : [limitedLink('Log of the run', runUrl)]),
    ...(artifactUrl === undefined ? [] : [limitedLink('Bundle', artifactUrl)]),
    ...(supportUrl === undefined ? [] : [limitedLink('Support bundle', supportUrl)]),
    `<sub>Updated ${formatUtc(updatedAt)}</sub>`,
  ].join(' · ');
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
  const list = namedList([
    [
      deployments.length === 1 ? 'Deployment' : 'Deployments',
      earlier === 0 || cell === undefined ? cell : `${earlier} earlier, then<br>${cell}`,
    ],
    ['Correlation id', correlationId === undefined ? undefined : code(correlationId)],
    ['Project', project.uuid === undefined ? undefined : code(limitLabel(project.uuid))],
    ['Support bundle', shownBundle(supportBundle)],
  ]);
  return fold('Ids for support', list);
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
