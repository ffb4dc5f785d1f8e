/**
 * What a bundle is: a zip in which everything is under `output/`, within the platform's limits
 * (API document, section 1, "The bundle").
 */

/** One file of the bundle. `name` is relative to `output/`, with `/` as the separator: `assets/logo.svg`. */
export interface BundleFile {
  name: string;
  sizeBytes: number;
}

/** The source of a bundle, which decides the advice on its files. */
export type BundleOrigin =
  /** @property directory the folder as the user wrote it, relative to the working directory */
  { kind: 'directory'; directory: string } | { kind: 'zip' };

/** A zip that is ready to be uploaded: it was written or read in full and broke no rule. */
export interface Bundle {
  /** Absolute path of the zip. */
  path: string;
  sizeBytes: number;
  /** Lower-case hex. */
  sha256: string;
  /** Sorted by name. */
  files: readonly BundleFile[];
  unzippedBytes: number;
  /** Allowed but suspicious: near a limit, a secret's value in a file. */
  warnings: readonly string[];
  /** For the log and the summary: what was left out, what could be. */
  notes: readonly string[];
  /** What `assets/BUILD_ID` holds, which is served at `/BUILD_ID`; undefined if there is none that could be compared. */
  buildId?: string;
  /** Its `worker.js` reads the variable that holds the storefront's token, as a Catalyst storefront does. */
  isCatalyst?: boolean;
}

/** A value that a bundle must not contain. `label` names it to the user; `value` never reaches any message. */
export interface ForbiddenValue {
  label: string;
  value: string;
  /** `refuse`: an error; `warn`: a warning. */
  severity: 'refuse' | 'warn';
}
