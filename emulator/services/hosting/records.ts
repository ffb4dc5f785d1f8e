export const STEPS = [
  'initializing',
  'downloading',
  'unzipping',
  'processing',
  'deploying',
  'finalizing',
  'complete',
] as const;

/** A step of a deployment, in the order in which they happen. */
export type Step = (typeof STEPS)[number];

export type DeploymentStatus = 'queued' | 'in_progress' | 'failed' | 'completed';

/** Where a deployment can be held: before its first step, or in one of its steps. */
export const HOLD_POINTS = [
  'queued',
  'initializing',
  'downloading',
  'unzipping',
  'processing',
  'deploying',
  'finalizing',
] as const;

export type HoldPoint = (typeof HOLD_POINTS)[number];

/** The platform's limits on a bundle; 1 MB counts as 2^20 bytes. */
export interface BundleLimits {
  zippedBytes: number;
  unzippedBytes: number;
  files: number;
  workerBytes: number;
  assetBytes: number;
}

export interface Project {
  uuid: string;
  name: string;
  /** RFC 3339. */
  dateCreated: string;
  /** RFC 3339. */
  dateModified: string;
  /** Bare hosts; empty until the first deployment is finalizing. */
  deploymentHostnames: string[];
}

export interface EnvironmentVariable {
  type: 'plain_text' | 'secret';
  key: string;
  value: string;
}

export interface DeploymentRecord {
  deploymentUuid: string;
  projectUuid: string;
  uploadUuid: string;
  /** With the values of secrets, so that tests can compare them. */
  environmentVariables: EnvironmentVariable[];
  status: DeploymentStatus;
  step: Step | undefined;
  progress: number;
  errorCode: number | undefined;
  /** Why it failed, in words; the real platform gives the code only. */
  failureReason: string | undefined;
  deploymentHostnames: string[];
  /** Entries of the bundle, known once it was unzipped. */
  files: readonly string[] | undefined;
  createdAtMs: number;
  endedAtMs: number | undefined;
  /** Grows by one with each change of state. */
  version: number;
}
