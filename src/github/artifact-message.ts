/** What the thread is to do. */
export interface UploadJob {
  /** The file; its own name is the artifact's. */
  path: string;
  /** Folder of it: nothing else is in there. */
  directory: string;
  retentionDays: number | undefined;
}

/** How it went. The fields of an upload are what the package says, which is not taken for true. */
export type UploadMessage =
  | { kind: 'uploaded'; id: number | undefined; digest: string | undefined; sizeBytes: number | undefined }
  | { kind: 'failed'; message: string; code: string | undefined };
