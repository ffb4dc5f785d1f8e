import type { ActionsRun } from '../github/artifact-source.ts';

/** An artifact, from the call that creates it on; the object goes on changing until it is final. */
export interface ArtifactRecord {
  id: number;
  runId: number;
  name: string;
  mimeType: string;
  /** What was stored and then declared; undefined until the artifact is final, like `sha256` and `path`. */
  sizeBytes: number | undefined;
  /** Lower-case hex, computed over what was stored. */
  sha256: string | undefined;
  /** Where the content lies on disk, as it was sent. */
  path: string | undefined;
  /** Whether anybody but its uploader can see it. */
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
