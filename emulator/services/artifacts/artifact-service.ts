import { randomBytes } from 'node:crypto';
import type { BodyAnswer } from '../../answers.ts';
import { createJsonAnswer } from '../../answers.ts';
import type { ActionsRun } from '../github/artifact-source.ts';
import type { BlobStore } from './blob-store.ts';
import { BLOB_ACCOUNT } from './blobs.ts';
import type { BackendIds } from './runtime-token.ts';
import { createTwirpError, TwirpFields } from './twirp.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const DEFAULT_RETENTION_DAYS = 90;
const DEFAULT_MIME_TYPE = 'application/zip';
/** What `@actions/artifact` rejects in a name, "since the server does" (path-and-artifact-name-validation.js). */
const FORBIDDEN_IN_NAMES = /[":<>|*?\r\n\\/]/;

/** An artifact, from the call that creates it on; the object changes until it is final. */
export interface ArtifactRecord {
  id: number;
  runId: number;
  name: string;
  mimeType: string;
  /** What was stored and then declared; undefined until the artifact is final, like `sha256` and `path`. */
  sizeBytes: number | undefined;
  /** Lower-case hex, computed over what was stored. */
  sha256: string | undefined;
  /** Where the content is on disk, as it was sent. */
  path: string | undefined;
  /** Whether others than its uploader can see it. */
  finalized: boolean;
  createdAtMs: number;
  expiresAtMs: number;
  /** Version of the client's protocol. */
  version: number;
  runBackendId: string;
  jobBackendId: string;
  /** Path of the blob in the store. */
  blobPath: string;
}

/** A workflow run that can have artifacts. */
export interface WorkflowRun extends ActionsRun {
  runBackendId: string;
}

export interface ServiceState {
  artifacts: ArtifactRecord[];
  runs: WorkflowRun[];
  store: BlobStore;
  isQuotaExhausted: boolean;
  urlLifeSeconds: number;
  createId: () => number;
}

/** A request of a job, with what it sends. */
export interface ServiceRequest {
  fields: TwirpFields;
  ids: BackendIds;
  run: WorkflowRun;
  origin: string;
  state: ServiceState;
}

/**
 * A method of `github.actions.results.api.v1.ArtifactService`, as the generated code of `@actions/artifact` has them. Its
 * request is authorized.
 */
export type ServiceMethod = (request: ServiceRequest) => BodyAnswer | Promise<BodyAnswer>;

/** Does it if the token is for the run that the body names. */
export async function answerService(
  method: ServiceMethod,
  body: unknown,
  origin: string,
  ids: BackendIds | undefined,
  state: ServiceState,
): Promise<BodyAnswer> {
  if (ids === undefined) return createTwirpError('unauthenticated', 'the token is missing, wrong or expired');
  const fields = new TwirpFields(body);
  const run = state.runs.find(({ runBackendId }) => runBackendId === ids.runBackendId);
  if (run === undefined || fields.text('workflow_run_backend_id') !== ids.runBackendId) {
    return createTwirpError('permission_denied', 'the token is not for this workflow run');
  }
  return method({ fields, ids, run, origin, state });
}

/** The URL that an artifact's content is read from; its blob alone is known to the store, so the name comes along. */
export function createDownloadUrl(artifact: ArtifactRecord, origin: string, state: ServiceState): string {
  const plain = artifact.name.replaceAll(/[^\x20-\x7e]|"/g, '_');
  return state.store.createUrl(origin, {
    permission: 'r',
    path: artifact.blobPath,
    lifeSeconds: state.urlLifeSeconds,
    contentDisposition: `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(artifact.name)}`,
    contentType: artifact.mimeType,
  });
}

export function createArtifact({ fields, ids, run, origin, state }: ServiceRequest): BodyAnswer {
  const name = fields.text('name') ?? '';
  const jobBackendId = fields.text('workflow_job_run_backend_id');
  const expiresAtMs = readExpiry(fields);
  if (jobBackendId !== ids.jobBackendId) return createTwirpError('permission_denied', 'the token is not for this job');
  if (name === '' || FORBIDDEN_IN_NAMES.test(name)) {
    return createTwirpError('invalid_argument', `the artifact name is not valid: ${name}`);
  }
  if (!(expiresAtMs > Date.now())) return createTwirpError('invalid_argument', 'expires_at must be in the future');
  // Status and sentence of the package's own test of a quota, artifact-http-client.test.ts.
  if (state.isQuotaExhausted) return createTwirpError('permission_denied', 'insufficient usage to create artifact');
  // One that was never finalized has its name, too: a create call that is sent twice is rejected.
  if (find(state, run, name) !== undefined) {
    return createTwirpError('already_exists', 'an artifact with this name already exists on the workflow run');
  }
  const mimeType = fields.text('mime_type') ?? DEFAULT_MIME_TYPE;
  const ending = mimeType === DEFAULT_MIME_TYPE ? '.zip' : '';
  const file = `${randomBytes(32).toString('hex')}${ending}`;
  const artifact: ArtifactRecord = {
    id: state.createId(),
    runId: run.runId,
    name,
    mimeType,
    sizeBytes: undefined,
    sha256: undefined,
    path: undefined,
    finalized: false,
    createdAtMs: Date.now(),
    expiresAtMs,
    version: Number(fields.text('version') ?? 0),
    ...ids,
    blobPath: `/${BLOB_ACCOUNT}/actions-results/${ids.runBackendId}/workflow-job-run-${jobBackendId}/artifacts/${file}`,
  };
  state.artifacts.push(artifact);
  const grant = { permission: 'cw', path: artifact.blobPath, lifeSeconds: state.urlLifeSeconds } as const;
  return createJsonAnswer(200, { ok: true, signed_upload_url: state.store.createUrl(origin, grant) });
}

/** A second call with the same claims is answered like the first one: a client asks again when an answer was lost. */
export function finalizeArtifact({ fields, run, state }: ServiceRequest): BodyAnswer {
  const artifact = find(state, run, fields.text('name'));
  if (artifact === undefined) return createTwirpError('not_found', 'artifact not found');
  const blob = state.store.blobs.find(artifact.blobPath);
  if (blob === undefined) return createTwirpError('failed_precondition', 'the content was not uploaded');
  if (Number(fields.text('size') ?? 0) !== blob.sizeBytes) {
    return createTwirpError('invalid_argument', `the size does not match: ${blob.sizeBytes} bytes were uploaded`);
  }
  const hash = fields.text('hash');
  if (hash !== undefined && hash !== `sha256:${blob.sha256}`) {
    return createTwirpError('invalid_argument', 'the hash does not match that of the upload');
  }
  Object.assign(artifact, { finalized: true, sizeBytes: blob.sizeBytes, sha256: blob.sha256, path: blob.path });
  return createJsonAnswer(200, { ok: true, artifact_id: `${artifact.id}` });
}

export function listArtifacts({ fields, run, state }: ServiceRequest): BodyAnswer {
  const name = fields.text('name_filter');
  const id = fields.text('id_filter');
  const found = state.artifacts.filter(
    (artifact) =>
      artifact.finalized &&
      artifact.runId === run.runId &&
      (name === undefined || artifact.name === name) &&
      (id === undefined || `${artifact.id}` === id),
  );
  const artifacts = found.map((artifact) => ({
    workflow_run_backend_id: artifact.runBackendId,
    workflow_job_run_backend_id: artifact.jobBackendId,
    database_id: `${artifact.id}`,
    name: artifact.name,
    size: `${artifact.sizeBytes}`,
    created_at: new Date(artifact.createdAtMs).toISOString(),
    digest: `sha256:${artifact.sha256}`,
  }));
  return createJsonAnswer(200, { artifacts });
}

export function signUrl({ fields, run, origin, state }: ServiceRequest): BodyAnswer {
  const artifact = find(state, run, fields.text('name'));
  if (artifact === undefined || !artifact.finalized) return createTwirpError('not_found', 'artifact not found');
  return createJsonAnswer(200, { name: artifact.name, signed_url: createDownloadUrl(artifact, origin, state) });
}

export async function deleteArtifact({ fields, run, state }: ServiceRequest): Promise<BodyAnswer> {
  const artifact = find(state, run, fields.text('name'));
  if (artifact === undefined) return createTwirpError('not_found', 'artifact not found');
  state.artifacts.splice(state.artifacts.indexOf(artifact), 1);
  await state.store.blobs.remove(artifact.blobPath);
  return createJsonAnswer(200, { ok: true, artifact_id: `${artifact.id}` });
}

export function answerUnknownMethod(): BodyAnswer {
  return createTwirpError('bad_route', 'no handler for this path');
}

function find(state: ServiceState, run: WorkflowRun, name: string | undefined): ArtifactRecord | undefined {
  return state.artifacts.find((artifact) => artifact.runId === run.runId && artifact.name === name);
}

function readExpiry(fields: TwirpFields): number {
  const text = fields.text('expires_at');
  return text === undefined ? Date.now() + DEFAULT_RETENTION_DAYS * DAY_MS : Date.parse(text);
}
