/** The `code` of a failure: the service answered with a redirect. */
export const REDIRECTED = 'REDIRECTED';

/** The thread's job. */
export type ThreadJob = UploadJob | FindJob;

export interface UploadJob {
  kind: 'upload';
  /** The file; its own name is the artifact's. */
  path: string;
  /** The file's folder, which holds nothing else. */
  directory: string;
  retentionDays: number | undefined;
}

/** Looks for an artifact of this run. */
export interface FindJob {
  kind: 'find';
  name: string;
}

/** What happened. What the package says about an artifact is not trusted. */
export type ThreadMessage =
  | { kind: 'uploaded'; id: number | undefined; digest: string | undefined; sizeBytes: number | undefined }
  | { kind: 'found'; id: number; digest: string | undefined; sizeBytes: number | undefined }
  | { kind: 'not-found' }
  | { kind: 'failed'; message: string; code: string | undefined; status: number | undefined };
