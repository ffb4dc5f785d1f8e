export interface UploadRecord {
  uploadUuid: string;
  uploadUrl: string;
  signedAtMs: number;
  /** `signed`: nothing stored yet; `uploaded`: stored in full; `gone`: was removed from the store. */
  state: 'signed' | 'uploaded' | 'gone';
  /** PUT requests that passed the signature check. */
  attempts: number;
  /** Where the zip lies on disk, while `uploaded`. */
  path: string | undefined;
  sizeBytes: number | undefined;
  /** Lower-case hex. */
  sha256: string | undefined;
  contentType: string | undefined;
  contentLength: string | undefined;
  transferEncoding: string | undefined;
}
