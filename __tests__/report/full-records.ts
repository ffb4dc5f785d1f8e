/** A record of each kind with all that it may hold: what is not here does not compile. */

import type { VerificationRecord } from '../../src/domain/verification/checks.ts';
import type { BatchUploadRecord } from '../../src/report/batch-record.ts';
import type { CleanupRecord } from '../../src/report/cleanup-record.ts';
import type { CommentRecord } from '../../src/report/comment-record.ts';
import { type DeployRecord, liveOf } from '../../src/report/deploy-record.ts';
import type { GateRecord } from '../../src/report/gate-record.ts';
import type { LogsRecord } from '../../src/report/logs-record.ts';
import type { RedirectsRecord } from '../../src/report/redirects-record.ts';
import type { RunRecord } from '../../src/report/run-record.ts';

/** Everything is given, however deep. */
export type Full<T> = T extends string | number | boolean | Date | undefined
  ? Exclude<T, undefined>
  : T extends readonly (infer I)[]
    ? readonly Full<I>[]
    : { [K in keyof T]-?: Full<NonNullable<T[K]>> };

const FAILURE = {
  title: 'Its title',
  message: 'It broke.',
  details: ['One.', 'Two.'],
  detailCount: 3,
  fix: 'Mend it.',
  isRequest: true,
  effect: 'Nothing has changed.',
  help: {
    words: 'More on 401',
    url: 'https://github.com/acme/action/blob/v1/docs/troubleshooting.md#401-access-token-refused',
  },
  inShort: 'it broke',
};
const RUN: Full<RunRecord> = {
  header: {
    action: 'deploy',
    version: '1.2.3',
    storeHash: 'abc123',
    project: 'shop',
    environment: 'review',
    commit: 'a'.repeat(40),
    repository: 'acme/shop',
    runUrl: 'https://github.com/acme/shop/actions/runs/1/attempts/1',
  },
  startedAt: new Date('2026-01-02T03:04:05Z'),
  durationMs: 65_400,
  correlationId: 'the-correlation-id',
  networkUsed: true,
  apiHost: 'staging.example',
  phases: [{ title: 'Package', startMs: 0, endMs: 10, state: 'failed', result: '3 files', hasWarnings: true }],
  warnings: ['Mind this.'],
  skipped: { reason: 'fork', message: 'It is of a fork.' },
  failure: FAILURE,
  supportBundle: {
    state: 'stored',
    name: 'storefront-shop-diagnostics-attempt-1.zip',
    path: '/tmp/diagnostics.zip',
    url: 'https://github.com/acme/shop/artifacts/4',
  },
};
const COMMIT = { sha: 'a'.repeat(40), url: 'https://github.com/acme/shop/commit/a', origin: '#12' };

const VERIFICATION: Full<VerificationRecord> = {
  workerLogs: {
    state: 'partly',
    reason: 'It did not answer in time.',
    problems: [{ level: 'exception', name: 'TypeError', message: 'It threw.', count: 2, paths: ['/cart'] }],
    wasLoggedBefore: true,
    moreProblems: 1,
    othersCount: 4,
  },
  state: 'unhealthy',
  url: 'https://shop.example',
  build: 'matched',
  reason: 'Its reason.',
  durationMs: 900,
  pages: [
    {
      path: '/cart',
      state: 'unhealthy',
      status: 500,
      bytes: 21,
      attempts: 3,
      firstByteMs: 640,
      warmFirstByteMs: 38,
      problem: 'answers 500',
      advice: 'Give it a header.',
      hasFailedBefore: true,
    },
  ],
};

export const DEPLOY: Full<DeployRecord> = {
  ...RUN,
  outcome: 'deployed',
  dryRun: false,
  project: { uuid: 'project-uuid', name: 'shop' },
  deployments: [{ uuid: 'deployment-uuid', failure: { code: '30', meaning: 'It failed.' }, isRollback: true }],
  remote: { stage: 'completed', deploymentUuid: 'deployment-uuid' },
  urls: ['https://shop.example', 'https://www.shop.example'],
  commit: COMMIT,
  workspace: [{ sha: 'f'.repeat(40), parents: ['1'.repeat(40)] }],
  bundle: {
    buildId: 'build-id',
    isCatalyst: true,
    path: '/tmp/bundle.zip',
    sizeBytes: 12,
    sha256: 'b'.repeat(64),
    files: [{ name: 'worker.js', sizeBytes: 12 }],
    unzippedBytes: 30,
    warnings: ['It is near a limit.'],
    notes: ['2 files were left out.'],
  },
  verification: VERIFICATION,
  isVerifying: true,
  rehearsal: {
    project: 'shop-rehearsal',
    state: 'rejected',
    deploymentUuid: 'rehearsal-uuid',
    verification: VERIFICATION,
  },
  restored: {
    githubDeployment: { id: 8, url: 'https://github.com/acme/shop/d/8' },
    commit: { sha: '9'.repeat(40), url: 'https://github.com/acme/shop/commit/9' },
    state: 'live',
    verification: VERIFICATION,
  },
  siteUrl: { channelId: 1, state: 'updated', url: 'https://shop.example', before: 'https://old.example' },
  variables: [{ key: 'KEY', type: 'secret' }],
  environment: 'review',
  deploymentsUrl: 'https://github.com/acme/shop/deployments',
  githubDeployment: { id: 1, url: 'https://github.com/acme/shop/deployments' },
  comment: { id: 2, url: 'https://github.com/acme/shop/pull/7#issuecomment-2' },
  artifact: { id: 3, name: 'catalyst-bundle', url: 'https://github.com/acme/shop/artifacts/3', digest: 'c'.repeat(64) },
  source: {
    kind: 'rollback',
    deployment: {
      id: 4,
      url: 'https://github.com/acme/shop/d/4',
      environment: 'review',
      succeededAt: '2026-01-01T00:00:00Z',
    },
    replaced: { id: 5, commit: { sha: 'd'.repeat(40), url: 'https://github.com/acme/shop/commit/d' } },
    commit: { sha: 'e'.repeat(40), url: 'https://github.com/acme/shop/commit/e' },
    run: { id: '6', url: 'https://github.com/acme/shop/actions/runs/6' },
    artifactId: 7,
  },
};

/** What a comment shows of a run of which all of this is known. */
export function commentOf(record: DeployRecord): CommentRecord {
  const {
    outcome,
    environment = '',
    bundle,
    project,
    urls,
    commit,
    durationMs,
    deployments,
    failure,
    artifact,
    verification,
    rehearsal,
    restored,
    supportBundle,
  } = record;
  return {
    state: outcome,
    environment,
    preview: 'shared',
    project,
    urls,
    deployments,
    durationMs,
    correlationId: record.correlationId,
    updatedAt: record.startedAt,
    live: liveOf(record),
    ...(bundle?.buildId === undefined ? {} : { buildId: bundle.buildId }),
    ...(verification === undefined ? {} : { verification }),
    ...(rehearsal === undefined ? {} : { rehearsal }),
    ...(restored === undefined ? {} : { restored }),
    ...(commit === undefined ? {} : { commit }),
    ...(bundle === undefined ? {} : { bundle: { sizeBytes: bundle.sizeBytes, files: bundle.files.length } }),
    ...(failure === undefined ? {} : { failure }),
    ...(artifact === undefined ? {} : { artifactUrl: artifact.url }),
    ...(supportBundle === undefined ? {} : { supportBundle }),
  };
}

export const GATE: Full<GateRecord> = {
  ...RUN,
  outcome: 'decided',
  decision: 'newest',
  settings: { policy: 'newest', environment: 'review', commandPhrase: '/deploy' },
  eventName: 'pull_request',
  pullRequest: { number: 7, url: 'https://github.com/acme/shop/pull/7' },
  commit: COMMIT,
  newest: 8,
  commander: 'mona',
  comment: { url: 'https://github.com/acme/shop/pull/7#issuecomment-2' },
  checkRun: { id: 9, url: 'https://github.com/acme/shop/runs/9' },
};

export const CLEANUP: Full<CleanupRecord> = {
  ...RUN,
  outcome: 'deleted',
  dryRun: false,
  previews: [
    {
      project: 'shop-pr-7',
      uuid: 'preview-uuid',
      pullRequest: 7,
      pullRequestUrl: 'https://github.com/acme/shop/pull/7',
      fate: 'gone',
      why: 'It is closed.',
    },
  ],
  note: 'There is nothing else.',
};

const TARGET = { kind: 'manual', url: '/new' } as const;
const ROW = { line: 2, domain: 'shop.example', siteId: 1000, fromPath: '/old', target: TARGET } as const;
const KNOWN = {
  id: 11,
  siteId: 1000,
  fromPath: '/gone',
  target: { kind: 'manual', url: '/was' },
  toUrl: 'https://shop.example/was',
} as const;

export const REDIRECTS: Full<RedirectsRecord> = {
  ...RUN,
  outcome: 'partial',
  command: 'sync',
  siteId: 1000,
  domain: 'shop.example',
  file: 'config/redirects.csv',
  absoluteFile: '/ws/config/redirects.csv',
  mayBeStarted: false,
  part: 1,
  parts: 1,
  jobs: [{ jobId: 'job-id', status: 'complete', completed: 1, failed: 2, total: 3, kind: 'import', part: 1, parts: 1 }],
  rejected: { named: 1, unnamed: 0, first: [{ row: ROW, line: 2, message: 'It is not valid.' }] },
  oddities: [
    {
      title: 'Redirect chain',
      meaning: 'Each step costs time.',
      count: 1,
      first: [{ line: 3, message: 'It leads on.' }],
    },
  ],
  plan: {
    added: 1,
    changed: 1,
    removed: 1,
    unchanged: 4,
    first: { added: [ROW], changed: [{ before: KNOWN, after: ROW, copies: [KNOWN] }], removed: [KNOWN] },
  },
  applied: { added: 1, changed: 1, removed: 0, toDo: 3, uncertain: 1 },
  keepsRemoved: true,
  backupFile: '/tmp/backup.csv',
  failedRowsFile: '/tmp/rejected.csv',
  note: 'There is a note.',
  comment: { id: 12, url: 'https://github.com/acme/shop/pull/7#issuecomment-12' },
};

const MD5 = '0123456789abcdef0123456789abcdef';
const PLACE = { path: '/ws/data.jsonl', shownPath: 'data.jsonl', line: 5 };

export const BATCH: Full<BatchUploadRecord> = {
  ...RUN,
  outcome: 'partial',
  dryRun: false,
  host: 'api.example',
  files: [
    {
      path: '/ws/data.jsonl',
      shownPath: 'data.jsonl',
      sizeBytes: 1,
      isGzipped: false,
      records: 2,
      modes: ['insert'],
      problemCount: 1,
    },
  ],
  batches: [
    {
      number: 1,
      shownPath: 'data.jsonl',
      part: 1,
      parts: 1,
      sizeBytes: 1,
      md5: MD5,
      records: 2,
      firstLine: 1,
      lastLine: 2,
      unrepeatableModes: ['insert'],
      ref: 'batch-ref',
      isStarted: true,
      isUploaded: 'perhaps',
      abandonedRefs: ['abandoned-ref'],
      status: 'corrupted',
      verdict: 'corrupted',
      seen: { md5: MD5, sizeBytes: 1, etag: '"etag"' },
      counts: { read: 1, processed: 1, failed: 0 },
      succeeded: 1,
      failed: 1,
    },
  ],
  rejected: {
    count: 1,
    unmatched: 1,
    first: [{ ...PLACE, ref: 'record-ref', code: 'INVALID', message: 'It is not valid.' }],
  },
  duplicates: { count: 1, first: [{ ...PLACE, message: 'It is there twice.' }] },
  problems: { count: 1, first: [{ ...PLACE, message: 'It is no JSON.' }] },
  allowFailedRecords: 3,
  errorsFile: '/tmp/errors.jsonl',
};

export const LOGS: Full<LogsRecord> = {
  ...RUN,
  outcome: 'truncated',
  asked: {
    task: { mode: 'query', startMs: Date.parse('2026-01-02T01:00:00Z'), endMs: Date.parse('2026-01-02T03:00:00Z') },
    filter: { entryType: 'log', method: 'GET', statusCode: 500, url: '/cart', level: 'error' },
    format: 'default',
    failOn: 'never',
  },
  project: { uuid: 'project-uuid', name: 'shop' },
  entries: 9,
  errors: 2,
  exceptions: 3,
  problems: [{ level: 'exception', name: 'TypeError', message: 'It threw.', count: 3, paths: ['/cart'] }],
  moreProblems: 1,
  isCut: true,
  file: { path: '/ws/worker.log', shownPath: 'worker.log', sizeBytes: 120 },
  connections: { opened: 2, broken: 1 },
};
