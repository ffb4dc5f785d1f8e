import type { Bundle } from '../domain/bundle.ts';
import { foldRemoteEvent, NOTHING_SENT, type RemoteEvent, type RemoteState } from '../domain/remote-state.ts';
import type { SourceKind } from '../domain/rollback.ts';
import { type Live, liveAfter } from '../domain/run-step.ts';
import type { EnvironmentVariable } from '../domain/variables.ts';
import type { ActionError } from '../errors.ts';
import type { EventRules, FieldRules } from './field-rules.ts';
import { type End, foldRunEvent, RUN_EVENT_FIELDS, type RunEvent } from './run-events.ts';
import { type CommitRecord, type FailureRecord, RUN_FIELDS, type RunRecord } from './run-record.ts';
import { SITE_URL_FIELDS, type SiteUrlEvent, type WithSiteUrl } from './site-url-record.ts';
import {
  foldDeployed,
  foldVerification,
  runStepOf,
  VERIFICATION_EVENT_FIELDS,
  VERIFIED_FIELDS,
  type VerificationEvent,
  type Verified,
} from './verification-record.ts';

/** Everything that is known of a run of the deploy action, or of a rollback. Holds no secret values. */
export interface DeployRecord extends RunRecord, Verified, WithSiteUrl {
  outcome: DeployOutcome;
  dryRun: boolean;
  project: { uuid?: string; name?: string };
  deployments: DeploymentRecord[];
  /** How far the run got on the remote side. */
  remote: RemoteState;
  urls: readonly string[];
  commit?: CommitRecord;
  /** Commits of the repositories that are deployed from, the nearest one first. */
  workspace?: readonly WorkspaceRecord[];
  bundle?: Bundle;
  variables: readonly VariableRecord[];
  /** The GitHub environment that the run is for. */
  environment?: string;
  /** Page of its deployments. */
  deploymentsUrl?: string;
  githubDeployment?: { id: number; url: string };
  comment?: { id: number; url: string };
  artifact?: ArtifactRecord;
  /** Set if the bundle is an earlier one. */
  source?: SourceRecord;
}

type VariableRecord = Pick<EnvironmentVariable, 'key' | 'type'>;

/** Where an earlier bundle comes from. */
export interface SourceRecord {
  kind: SourceKind;
  /** The GitHub deployment whose bundle it is; undefined if none names the artifact. */
  deployment: { id: number; url: string; environment: string; succeededAt: string | undefined } | undefined;
  /** The GitHub deployment that it replaces, if known. */
  replaced: { id: number; commit: { sha: string; url: string } } | undefined;
  commit: { sha: string; url: string } | undefined;
  run: { id: string; url: string } | undefined;
  artifactId: number;
}

export interface WorkspaceRecord {
  sha: string;
  parents: readonly string[];
}

export interface ArtifactRecord {
  id: number;
  name: string;
  url: string;
  /** SHA-256, hex. */
  digest: string;
}

/**
 * `deployed`: the platform's verdict, and a storefront that was not found broken; with a failure, the site URL of a channel
 * was not updated. `unhealthy`: it is live, and broken.
 * `rolled-back`: it was broken, and the last good bundle is live again. `rejected`: the rehearsal was broken, and nothing
 * was deployed.
 */
export type DeployOutcome =
  | 'deployed'
  | 'unhealthy'
  | 'rolled-back'
  | 'rejected'
  | 'dry-run'
  | 'failed'
  | 'conflict'
  | 'unknown'
  | 'cancelled'
  | 'skipped'
  | 'error';

export interface DeploymentRecord {
  uuid: string;
  /** Set if the platform failed it. */
  failure?: { code?: string | undefined; meaning: string } | undefined;
  /** It brings the last good bundle back. */
  isRollback?: boolean | undefined;
}

/** How a main step ended, as it left it to its `post` step. */
export interface ReplayedEnd {
  outcome: DeployOutcome;
  durationMs: number;
  failure?: (Omit<FailureRecord, 'details' | 'fix'> & { fix?: string | undefined }) | undefined;
  deployments: readonly DeploymentRecord[];
  /** Undefined if the platform was never called. */
  correlationId?: string | undefined;
}

/** What happens in a run of the deploy action, or of a rollback. */
export type DeployEvent =
  | RunEvent<DeployOutcome>
  | RemoteEvent
  | VerificationEvent
  | SiteUrlEvent
  /** The inputs are valid. `project`: as far as it is known before anything is looked up. */
  | {
      type: 'started';
      dryRun: boolean;
      variables: readonly VariableRecord[];
      project: { uuid?: string; name?: string };
    }
  /** The environment on GitHub that the run is for. */
  | { type: 'target-found'; environment: string; deploymentsUrl: string | undefined }
  /** The commit that the run is shown for. */
  | { type: 'commit-found'; commit: CommitRecord }
  | { type: 'workspace-read'; commits: readonly WorkspaceRecord[] }
  /** The bundle is an earlier one. */
  | { type: 'source-found'; source: SourceRecord }
  | { type: 'packaged'; bundle: Bundle }
  | { type: 'project-found'; uuid: string; name?: string }
  /** The upload is complete, and this UUID is the one to deploy. */
  | { type: 'uploaded'; uploadUuid: string }
  | ({ type: 'artifact-stored' } & ArtifactRecord)
  | { type: 'github-deployment-created'; id: number }
  | { type: 'comment-written'; id: number; url: string }
  /** The work is over, and its outcome is known, but what its report names is still being made. */
  | ({ type: 'ending' } & End<DeployOutcome>)
  /** In a `post` step: what the main step left. */
  | { type: 'resumed'; remote: RemoteState }
  /** In a `post` step: the main step has reported this end already; undefined if it only closed its check run. */
  | { type: 'replayed'; end: ReplayedEnd | undefined };

const PROJECT_FIELDS = { uuid: 'public', name: 'public' } as const;
const COMMIT_FIELDS = { sha: 'public', url: 'public' } as const;
const REMOTE_FIELDS = { stage: 'own', deploymentUuid: 'public' } as const;
const WORKSPACE_FIELDS = { sha: 'public', parents: 'public' } as const;
const BUNDLE_FIELDS = { path: 'public', sha256: 'public' } as const;
const ARTIFACT_FIELDS = { name: 'public', url: 'public', digest: 'public' } as const;
const SOURCE_FIELDS = {
  kind: 'own',
  deployment: { url: 'public', environment: 'public', succeededAt: 'public' },
  replaced: { commit: COMMIT_FIELDS },
  commit: COMMIT_FIELDS,
  run: { id: 'public', url: 'public' },
} as const;

export const DEPLOY_FIELDS: FieldRules<DeployRecord> = {
  ...RUN_FIELDS,
  ...VERIFIED_FIELDS,
  outcome: 'own',
  project: PROJECT_FIELDS,
  deployments: { uuid: 'public' },
  remote: REMOTE_FIELDS,
  urls: 'public',
  commit: COMMIT_FIELDS,
  workspace: WORKSPACE_FIELDS,
  bundle: BUNDLE_FIELDS,
  variables: { type: 'own' },
  environment: 'public',
  deploymentsUrl: 'public',
  githubDeployment: { url: 'public' },
  comment: { url: 'public' },
  artifact: ARTIFACT_FIELDS,
  source: SOURCE_FIELDS,
  siteUrl: SITE_URL_FIELDS,
};

export const DEPLOY_EVENT_FIELDS: EventRules<DeployEvent> = {
  ...RUN_EVENT_FIELDS,
  ...VERIFICATION_EVENT_FIELDS,
  ending: { outcome: 'own' },
  ended: { outcome: 'own' },
  started: { variables: { type: 'own' }, project: PROJECT_FIELDS },
  'target-found': { environment: 'public', deploymentsUrl: 'public' },
  'commit-found': { commit: COMMIT_FIELDS },
  'workspace-read': { commits: WORKSPACE_FIELDS },
  'source-found': { source: SOURCE_FIELDS },
  packaged: { bundle: BUNDLE_FIELDS },
  'project-found': PROJECT_FIELDS,
  uploaded: { uploadUuid: 'public' },
  created: { deploymentUuid: 'public' },
  deployed: { urls: 'public' },
  'artifact-stored': ARTIFACT_FIELDS,
  'site-url': { siteUrl: SITE_URL_FIELDS },
  'comment-written': { url: 'public' },
  resumed: { remote: REMOTE_FIELDS },
  replayed: { end: { outcome: 'own', correlationId: 'public', deployments: { uuid: 'public' } } },
};

/** What is known before anything has happened. */
export const INITIAL_DEPLOY_RECORD: Omit<DeployRecord, keyof RunRecord> = {
  outcome: 'error',
  dryRun: false,
  project: {},
  deployments: [],
  remote: NOTHING_SENT,
  urls: [],
  variables: [],
};

/** Applies an event to the record. */
export function foldDeployEvent(record: DeployRecord, event: DeployEvent): void {
  switch (event.type) {
    case 'creating':
    case 'not-created':
    case 'created':
    case 'failed':
    case 'deployed':
      foldRemote(record, event);
      break;
    case 'verifying':
    case 'verified':
    case 'rehearsed':
    case 'restored':
    case 'site-url':
      foldLive(record, event);
      break;
    case 'started':
      Object.assign(record, { dryRun: event.dryRun, variables: event.variables, project: event.project });
      break;
    case 'target-found':
      record.environment = event.environment;
      if (event.deploymentsUrl !== undefined) record.deploymentsUrl = event.deploymentsUrl;
      break;
    case 'commit-found':
      record.commit = event.commit;
      break;
    case 'workspace-read':
      record.workspace = event.commits;
      break;
    case 'source-found':
      record.source = event.source;
      break;
    case 'packaged':
      record.bundle = event.bundle;
      break;
    case 'project-found':
      record.project = { ...record.project, uuid: event.uuid, ...(event.name !== undefined && { name: event.name }) };
      break;
    case 'artifact-stored':
    case 'github-deployment-created':
    case 'comment-written':
      foldShown(record, event);
      break;
    case 'ending':
    case 'resumed':
    case 'replayed':
      foldEnd(record, event);
  }
}

function foldEnd(record: DeployRecord, event: Extract<DeployEvent, { type: 'ending' | 'resumed' | 'replayed' }>): void {
  if (event.type === 'resumed') record.remote = event.remote;
  else if (event.type === 'ending') {
    foldRunEvent(record, { ...event, type: 'ended' });
    record.outcome = event.outcome;
  } else if (event.end !== undefined) replay(record, event.end);
}

type ShownEvent = Extract<DeployEvent, { type: 'artifact-stored' | 'github-deployment-created' | 'comment-written' }>;

function foldShown(record: DeployRecord, event: ShownEvent): void {
  switch (event.type) {
    case 'artifact-stored': {
      const { id, name, url, digest } = event;
      record.artifact = { id, name, url, digest };
      break;
    }
    case 'github-deployment-created':
      record.githubDeployment = { id: event.id, url: record.deploymentsUrl ?? '' };
      break;
    case 'comment-written':
      record.comment = { id: event.id, url: event.url };
  }
}

/** What becomes of what is live. */
function foldLive(record: DeployRecord, event: VerificationEvent | SiteUrlEvent): void {
  if (event.type === 'site-url') record.siteUrl = event.siteUrl;
  else foldVerification(record, event);
}

function foldRemote(record: DeployRecord, event: RemoteEvent): void {
  record.remote = foldRemoteEvent(record.remote, event);
  switch (event.type) {
    case 'created':
      record.deployments = [
        ...record.deployments,
        { uuid: event.deploymentUuid, ...(record.restored !== undefined && { isRollback: true }) },
      ];
      break;
    case 'failed': {
      const last = record.deployments.at(-1);
      if (last === undefined) break;
      const { code, meaning } = event;
      record.deployments = [...record.deployments.slice(0, -1), { ...last, failure: { code, meaning } }];
      break;
    }
    case 'deployed':
      record.urls = event.urls;
      foldDeployed(record);
  }
}

function replay(record: DeployRecord, { outcome, durationMs, failure, deployments, correlationId }: ReplayedEnd): void {
  Object.assign(record, { outcome, durationMs, deployments });
  if (failure !== undefined) record.failure = { ...failure, fix: failure.fix, details: [] };
  if (correlationId !== undefined) Object.assign(record, { correlationId, networkUsed: true });
}

/** What the project shows after what is known of the run. */
export function liveOf(record: Pick<DeployRecord, 'remote' | 'deployments' | keyof Verified>): Live {
  return liveAfter(record.remote, runStepOf(record), record.deployments.at(-1)?.failure?.code);
}

/** Those that an error brings along. */
const FAILED_OUTCOMES = [
  ...(['failed', 'conflict', 'unknown', 'cancelled'] as const),
  ...(['unhealthy', 'rolled-back', 'rejected'] as const),
  /** What comes after a deployment went wrong. */
  'deployed',
] as const;

/** How a run ended. `error` means that nothing was deployed; a deployment without a verdict makes it `unknown`. */
export function deployOutcomeOf(record: Readonly<DeployRecord>, error: ActionError | undefined): DeployOutcome {
  if (error === undefined) {
    if (record.skipped !== undefined) return 'skipped';
    return record.dryRun ? 'dry-run' : 'deployed';
  }
  const deployment = record.deployments.at(-1);
  const isOpen = deployment !== undefined && deployment.failure === undefined;
  return FAILED_OUTCOMES.find((outcome) => outcome === error.outcome) ?? (isOpen ? 'unknown' : 'error');
}
