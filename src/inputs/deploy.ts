import type { EnvironmentVariable } from '../domain/variables.ts';

/** Where to find the project: by UUID, or by its exact name. */
export type ProjectReference = { kind: 'uuid'; uuid: string } | { kind: 'name'; name: string; createIfMissing: boolean };

/** What is deployed: a folder to package, or a zip that is ready. Paths are absolute. */
export type BundleSource =
  | { kind: 'directory'; directory: string; exclude: readonly string[] }
  | { kind: 'zip'; path: string };

/** The deploy action's inputs, checked and typed. */
export interface DeployInputs {
  storeHash: string;
  accessToken: string;
  project: ProjectReference;
  /** Absolute. */
  workingDirectory: string;
  source: BundleSource;
  variables: readonly EnvironmentVariable[];
  onConflict: 'fail' | 'wait';
  conflictTimeoutMs: number;
  maxAttempts: number;
  timeoutMs: number;
  dryRun: boolean;
  /** Origin of the API: `https://api.bigcommerce.com`. */
  apiOrigin: string;
}
