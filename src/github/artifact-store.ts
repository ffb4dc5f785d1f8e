import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ArtifactService } from './artifact-environment.ts';
import { createThreadEnvironment, isEnterpriseServer, readArtifactService } from './artifact-environment.ts';
import { createArtifactError } from './artifact-failure.ts';
import type { FileFacts, NamedFile } from './artifact-file.ts';
import { inspectFile, nameFile } from './artifact-file.ts';
import type { UploadMessage } from './artifact-message.ts';
import { createArtifactOutput } from './artifact-output.ts';

/**
 * For all of an upload. A bundle has at most 64 MB, which takes this long at 3 Mbit/s; the package by itself would wait
 * 3 minutes for each answer, 5 for a block, and try each up to 5 times.
 */
const DEFAULT_TIMEOUT_MS = 3 * 60_000;

type Uploaded = Extract<UploadMessage, { kind: 'uploaded' }>;

export interface ArtifactRequest {
  /** The zip. */
  path: string;
  /** Ends in `.zip`. */
  name: string;
  /** The repository's own setting unless given; never more than that. */
  retentionDays?: number;
  /** Lower-case hex; computed unless given. */
  sha256?: string;
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
   * Keeps a zip as an artifact of this run. The artifact is the zip itself (skipArchive), so its digest is the zip's
   * SHA-256.
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
  return { upload: (request, signal) => upload(request, options, signal) };
}

async function upload(request: ArtifactRequest, options: ArtifactStoreOptions, signal: AbortSignal): Promise<Artifact> {
  const { serverUrl, repository, runId } = options;
  const { path, name } = request;
  signal.throwIfAborted();
  const service = findService(name, serverUrl);
  const reason = findNameFault(name);
  if (reason !== undefined) throw createArtifactError(name, { kind: 'bad-name', reason });
  const unreadable = (cause: unknown) => {
    signal.throwIfAborted();
    throw createArtifactError(name, { kind: 'unreadable', path, cause });
  };
  const facts = await inspectFile(path, signal).catch(unreadable);
  const file = await nameFile(path, name).catch(unreadable);
  try {
    const uploaded = await send(file, service, request, options, signal);
    const id = checkUpload(uploaded, request, facts);
    const url = `${serverUrl}/${repository}/actions/runs/${runId}/artifacts/${id}`;
    return { id, digest: facts.sha256, url, name, sizeBytes: facts.sizeBytes };
  } finally {
    await file.remove().catch((error: unknown) => options.debug(`removing ${file.directory}: ${error}`));
  }
}

function findService(name: string, serverUrl: string): ArtifactService {
  if (isEnterpriseServer(serverUrl)) throw createArtifactError(name, { kind: 'enterprise-server', serverUrl });
  const service = readArtifactService(process.env);
  if (service === undefined) throw createArtifactError(name, { kind: 'no-service' });
  return service;
}

async function send(
  { path, directory }: NamedFile,
  { runtimeToken, resultsUrl }: ArtifactService,
  { name, retentionDays }: ArtifactRequest,
  { serverUrl, workerPath, maskSecret, debug, timeoutMs = DEFAULT_TIMEOUT_MS }: ArtifactStoreOptions,
  signal: AbortSignal,
): Promise<Uploaded> {
  const output = createArtifactOutput({ secrets: [runtimeToken], maskSecret, debug });
  // Loaded here, since nothing of it is needed before the first line of the log.
  const { runUploadThread } = await import('./artifact-thread.ts');
  const outcome = await runUploadThread(
    {
      workerPath: workerPath ?? findWorkerEntry(),
      env: createThreadEnvironment(process.env, serverUrl, resultsUrl),
      job: { path, directory, retentionDays },
      timeoutMs,
      onLine: output.takeLine,
    },
    signal,
  );
  switch (outcome.kind) {
    case 'uploaded':
      return outcome;
    case 'timed-out':
      throw createArtifactError(name, { kind: 'timed-out', timeoutMs });
    case 'ended':
      throw createArtifactError(name, { kind: 'ended', reason: output.clean(outcome.reason) });
    case 'failed': {
      const message = output.clean(outcome.message);
      throw createArtifactError(name, { kind: 'refused', message, code: outcome.code });
    }
  }
}

/** The id of an artifact that is what it should be. */
function checkUpload({ id, digest, sizeBytes }: Uploaded, { name, sha256 }: ArtifactRequest, facts: FileFacts): number {
  const expected = sha256 ?? facts.sha256;
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

/** Beside the bundle in dist/, or one folder up in the sources. */
function findWorkerEntry(): string {
  const names = ['entries/artifact-worker.js', '../entries/artifact-worker.ts', '../entries/artifact-worker.js'];
  const paths = names.map((name) => join(import.meta.dirname, name));
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`The start of the upload's thread is not there: ${paths[0]}`);
  return found;
}
