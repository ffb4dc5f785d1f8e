import { threadEntry } from '../thread-entry.ts';
import { keepTrying } from './artifact-attempts.ts';
import type { ArtifactService } from './artifact-environment.ts';
import { createThreadEnvironment, isEnterpriseServer, readArtifactService } from './artifact-environment.ts';
import { createArtifactError } from './artifact-failure.ts';
import type { FileFacts } from './artifact-file.ts';
import { inspectFile, nameFile } from './artifact-file.ts';
import type { ThreadJob, ThreadMessage } from './artifact-message.ts';
import { createArtifactOutput } from './artifact-output.ts';

/**
 * For a whole upload. A bundle has at most 64 MB, which takes this long at 3 Mbit/s; the package by itself would wait
 * 3 minutes for each answer, 5 for a block, and try each up to 5 times.
 */
const DEFAULT_TIMEOUT_MS = 3 * 60_000;

/** No try starts with less time than this. */
const MIN_TRY_MS = 3000;

type Uploaded = Extract<ThreadMessage, { kind: 'uploaded' }>;

export interface ArtifactRequest {
  /** The zip. */
  path: string;
  /** Ends in `.zip`. */
  name: string;
  /** The repository's setting unless given; never more than that. */
  retentionDays?: number;
  /** Lower-case hex; computed unless given. */
  sha256?: string;
  /** For the whole upload; the store's default unless given. */
  timeoutMs?: number;
  /** No other step has the same bytes: an artifact of these is this one, whichever process began it. */
  isUnique?: boolean;
}

export interface Artifact {
  id: number;
  /** SHA-256 of the zip, lower-case hex. */
  digest: string;
  url: string;
  name: string;
  sizeBytes: number;
}

export interface ArtifactStore {
  /**
   * Stores a zip as an artifact of this run. The artifact is the zip itself (skipArchive), so its digest is the zip's
   * SHA-256. After a refusal or a broken connection it tries again, and first searches for an artifact that may exist;
   * a name that an unfinished try holds gets a number. May be called again for the same zip after a failure.
   * @throws ActionError, or the signal's reason
   */
  upload(request: ArtifactRequest, signal: AbortSignal): Promise<Artifact>;
}

export interface ArtifactStoreOptions {
  /** `GITHUB_SERVER_URL` */
  serverUrl: string;
  /** `owner/name` */
  repository: string;
  runId: string;
  maskSecret: (value: string) => void;
  /** Gets what the upload prints, without secrets. */
  debug: (text: string) => void;
  timeoutMs?: number;
  /** File that the thread starts with; found by itself unless given. */
  workerPath?: string;
}

export function createArtifactStore(options: ArtifactStoreOptions): ArtifactStore {
  const begun = new Set<string>();
  return { upload: (request, signal) => upload(request, { ...options, begun }, signal) };
}

interface UploadContext extends ArtifactStoreOptions {
  /** Names of failed uploads of this process: GitHub still holds them, and the upload may even be complete. */
  begun: Set<string>;
}

async function upload(request: ArtifactRequest, context: UploadContext, signal: AbortSignal): Promise<Artifact> {
  const { serverUrl } = context;
  const { path, name, timeoutMs = context.timeoutMs ?? DEFAULT_TIMEOUT_MS } = request;
  signal.throwIfAborted();
  const service = findService(name, serverUrl);
  const reason = findNameFault(name);
  if (reason !== undefined) throw createArtifactError(name, { kind: 'bad-name', reason });
  const facts = await inspectFile(path, signal).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw createArtifactError(name, { kind: 'unreadable', path, cause });
  });
  const endsAtMs = performance.now() + timeoutMs;
  const attempts = {
    begun: context.begun,
    isUnique: request.isUnique ?? false,
    send: (asName: string) => {
      const sent = sendAs(asName, { request, facts, service, timeoutMs, endsAtMs }, context, signal);
      return sent.catch((error: unknown) => {
        context.begun.add(asName);
        throw error;
      });
    },
    find: (byName: string) => findStored(byName, { request, facts, service, timeoutMs, endsAtMs }, context, signal),
    isTimeLeft: () => endsAtMs - performance.now() > MIN_TRY_MS,
  };
  return await keepTrying(name, attempts, signal);
}

/** What the tries of an upload share. */
interface Upload {
  request: ArtifactRequest;
  facts: FileFacts;
  service: ArtifactService;
  timeoutMs: number;
  /** By `performance.now()`. */
  endsAtMs: number;
}

/** One try. @throws ArtifactError, or the signal's reason */
async function sendAs(name: string, upload: Upload, context: UploadContext, signal: AbortSignal): Promise<Artifact> {
  const { path, retentionDays } = upload.request;
  const file = await nameFile(path, name).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw createArtifactError(name, { kind: 'unreadable', path, cause });
  });
  try {
    const job = { kind: 'upload', path: file.path, directory: file.directory, retentionDays } as const;
    const uploaded = await runJob(name, job, upload, context, signal);
    if (uploaded.kind !== 'uploaded') throw new Error(`Bug: the thread has uploaded, and says ${uploaded.kind}.`);
    return describe(name, checkUpload(uploaded, name, upload), upload, context);
  } finally {
    await file.remove().catch((error: unknown) => context.debug(`removing ${file.directory}: ${error}`));
  }
}

/**
 * The artifact that this run has under this name by now, if it is the zip.
 * @throws ArtifactError, or the signal's reason
 */
async function findStored(
  name: string,
  upload: Upload,
  context: UploadContext,
  signal: AbortSignal,
): Promise<Artifact | 'none' | 'other'> {
  const found = await runJob(name, { kind: 'find', name }, upload, context, signal);
  if (found.kind !== 'found') return 'none';
  const { sha256, sizeBytes } = upload.facts;
  if (found.digest !== sha256 || found.sizeBytes !== sizeBytes) return 'other';
  return describe(name, found.id, upload, context);
}

function describe(
  name: string,
  id: number,
  { facts }: Upload,
  { serverUrl, repository, runId }: ArtifactStoreOptions,
): Artifact {
  const url = `${serverUrl}/${repository}/actions/runs/${runId}/artifacts/${id}`;
  return { id, digest: facts.sha256, url, name, sizeBytes: facts.sizeBytes };
}

function findService(name: string, serverUrl: string): ArtifactService {
  if (isEnterpriseServer(serverUrl)) throw createArtifactError(name, { kind: 'enterprise-server', serverUrl });
  const service = readArtifactService(process.env);
  if (service === undefined) throw createArtifactError(name, { kind: 'no-service' });
  return service;
}

/** @throws ArtifactError, or the signal's reason */
async function runJob(
  name: string,
  job: ThreadJob,
  { service: { runtimeToken, resultsUrl }, timeoutMs, endsAtMs }: Upload,
  { serverUrl, workerPath, maskSecret, debug }: ArtifactStoreOptions,
  signal: AbortSignal,
): Promise<Exclude<ThreadMessage, { kind: 'failed' }>> {
  const output = createArtifactOutput({ secrets: [runtimeToken], maskSecret, debug });
  // Loaded here, since nothing of it is needed before the first line of the log.
  const { runArtifactThread } = await import('./artifact-thread.ts');
  const outcome = await runArtifactThread(
    {
      workerPath: workerPath ?? threadEntry('artifact-worker'),
      env: createThreadEnvironment(process.env, serverUrl, resultsUrl),
      job,
      timeoutMs: Math.max(1, endsAtMs - performance.now()),
      onLine: output.takeLine,
    },
    signal,
  );
  switch (outcome.kind) {
    case 'timed-out':
      throw createArtifactError(name, { kind: 'timed-out', timeoutMs });
    case 'ended':
      throw createArtifactError(name, { kind: 'ended', reason: output.clean(outcome.reason) });
    case 'failed': {
      const { code, status } = outcome;
      const message = output.clean(outcome.message);
      const answered = /\bJSON\b/.test(message) ? output.lastStatus : undefined;
      throw createArtifactError(name, { kind: 'refused', message, code, status, answered });
    }
    default:
      return outcome;
  }
}

/** The artifact's id, once its name and digest are verified. */
function checkUpload({ id, digest, sizeBytes }: Uploaded, name: string, { request, facts }: Upload): number {
  const expected = request.sha256 ?? facts.sha256;
  if (digest !== expected || facts.sha256 !== expected || sizeBytes !== facts.sizeBytes) {
    throw createArtifactError(name, { kind: 'damaged', sha256: expected, digest });
  }
  if (id === undefined) throw createArtifactError(name, { kind: 'ended', reason: 'GitHub gave it no id' });
  return id;
}

/** GitHub's rules (path-and-artifact-name-validation.js of the package), and those of a file's name. */
function findNameFault(name: string): string | undefined {
  if (!/.\.zip$/.test(name)) return 'it does not end in .zip';
  if (/[":<>|*?\\/\p{Cc}]/u.test(name)) return 'it has one of " : < > | * ? \\ / or a control character';
  return Buffer.byteLength(name) > 255 ? 'it has more than 255 bytes' : undefined;
}
