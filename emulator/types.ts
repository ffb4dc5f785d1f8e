/**
 * The words the embedded platform is described with: its options, and what it remembers of what happened to it.
 * Everything here follows the API document, sections 1 to 3; nothing is taken from the client.
 */

import type { GitHubCall } from './services/github/endpoints.ts';
import { GITHUB_ENDPOINTS } from './services/github/endpoints.ts';
import type { GitHubOptions } from './services/github/store.ts';
import type { RedirectCall } from './services/redirects/calls.ts';
import { REDIRECT_CALLS } from './services/redirects/calls.ts';
import type { RedirectsOptions } from './services/redirects/options.ts';
import type { BatchCall } from './services/sitecore/calls.ts';
import { BATCH_CALLS } from './services/sitecore/calls.ts';
import type { SitecoreOptions } from './services/sitecore/options.ts';

/** Which of the platform's calls, of GitHub's, or of Sitecore CDP's, a request was. `unknown`: no such call, or the wrong method. */
export type Call =
  | 'sign'
  | 'upload'
  | 'createDeployment'
  | 'events'
  | 'listProjects'
  | 'createProject'
  | 'deleteProject'
  | 'deleteProjects'
  | 'logs'
  | 'unknown'
  | RedirectCall
  | BatchCall
  | GitHubCall
  | `artifacts.${string}`;

export const CALLS: readonly Call[] = [
  'sign',
  'upload',
  'createDeployment',
  'events',
  'listProjects',
  'createProject',
  'deleteProject',
  'deleteProjects',
  'logs',
  'unknown',
  ...REDIRECT_CALLS,
  ...BATCH_CALLS,
  ...new Set(GITHUB_ENDPOINTS.map(({ call }) => call)),
];

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
export type HoldPoint = 'queued' | Exclude<Step, 'complete'>;

/** OAuth scopes of the API document, sections 1 and 2. */
export const SCOPES = [
  'store_infrastructure_deployments_read_only',
  'store_infrastructure_deployments_create_preview',
  'store_infrastructure_deployments_manage',
  'store_infrastructure_projects_read_only',
  'store_infrastructure_projects_manage',
  'store_infrastructure_logs_read_only',
  'store_v2_content',
  'store_v2_content_read_only',
] as const;

export type Scope = (typeof SCOPES)[number];

/** The platform's limits on a bundle; 1 MB is taken as 2^20 bytes. */
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

/** A request as it was received; the object goes on changing until `finished`. */
export interface RecordedRequest {
  index: number;
  call: Call;
  method: string;
  /** Without the query. */
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  /** The parsed JSON body; undefined while it is not read, when there was none, or when it was not JSON, as a form is not. */
  body: unknown;
  /** Bytes of the request body that were read. */
  bodyBytes: number;
  /** Undefined until an answer is begun, and for good when there was none. */
  status: number | undefined;
  startedAtMs: number;
  endedAtMs: number | undefined;
  /** The answer was sent in full, or the connection is gone. */
  finished: boolean;
  /** The connection went away before the answer was sent in full (by either side). */
  aborted: boolean;
  /** Value of `Last-Event-ID`, for event streams. */
  lastEventId: string | undefined;
  /** Names of the faults that were applied to it. */
  faults: string[];
}

/** Something that no client may ever do. */
export interface Violation {
  requestIndex: number;
  message: string;
}

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
  /** Why it failed, in words; the real platform tells the code only. */
  failureReason: string | undefined;
  deploymentHostnames: string[];
  /** Entries of the bundle, known once it was unzipped. */
  files: readonly string[] | undefined;
  createdAtMs: number;
  endedAtMs: number | undefined;
  /** Grows by one with each change of state. */
  version: number;
}

/** A worker log event, as the API document has it. */
export interface WorkerLog {
  uuid: string;
  project_uuid: string;
  request: null | { method: string; url: string; status_code: number };
  logs: { timestamp: string; level: 'debug' | 'info' | 'warn' | 'error'; messages: string[] }[];
  exceptions: { timestamp: string; name: string; message: string }[];
  timestamp: string;
}

export interface Settings {
  host: string;
  port: number;
  tls: boolean;
  storeHash: string;
  accessToken: string;
  /** Further tokens, each with the scopes it has. `accessToken` has them all unless it is listed here. */
  tokens: Readonly<Record<string, readonly Scope[]>>;
  /** How many projects the store may have. */
  projectLimit: number;
  signatureLifeSeconds: number;
  stepMs: number;
  holdDeploymentsAt: HoldPoint | undefined;
  streamCutMs: number;
  sseForm: 'bare' | 'documented';
  limits: BundleLimits;
  logKeepAliveMs: number;
  logCutMs: number;
  /** A worker log event is made up this often on an open tail; 0: never. */
  workerLogEveryMs: number;
  /** What the GitHub side is to be like. */
  github: GitHubOptions;
  /** What its redirects are to be like. */
  redirects: RedirectsOptions;
  /** What the Batch API of Sitecore CDP is to be like. */
  sitecore: SitecoreOptions;
  onRequestEnd: ((request: RecordedRequest) => void) | undefined;
  onDeploymentChange: ((deployment: DeploymentRecord) => void) | undefined;
}
