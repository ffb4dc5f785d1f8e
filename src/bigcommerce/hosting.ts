import type { DeploymentEvent } from '../domain/deployment.ts';
import type { EnvironmentVariable } from '../domain/variables.ts';
import type { ActionError } from '../errors.ts';

/**
 * BigCommerce Infrastructure Hosting as the use cases see it (API document, section 1). Failures are thrown as
 * ActionErrors that already say what to do; answers that a use case has to act on are values.
 */
export interface HostingClient {
  /**
   * Signs and uploads a zip; a refused or expired signature and transient faults are answered with a fresh signature.
   * @returns the UUID of the upload that succeeded: the one to deploy
   */
  upload(file: UploadFile, progress: UploadProgress): Promise<string>;
  /**
   * One request, sent again only after a 429 or when nothing was sent; `onStage` is called before each try and each
   * wait.
   */
  createDeployment(request: DeploymentRequest, onStage: (stage: 'sending' | 'waiting') => void): Promise<CreateAnswer>;
  /**
   * The events of a deployment, through any number of connections; never ends by itself.
   * @throws the signal's reason, or ActionError when the stream is refused and another try would not help
   */
  followDeployment(deploymentUuid: string, options: FollowOptions): AsyncIterable<DeploymentEvent>;
  /** All projects with exactly this name, from all pages. */
  findProjects(name: string): Promise<Project[]>;
  /**
   * The project with this UUID; undefined if there is none.
   * @throws HttpError as well if the token may not read projects
   */
  readProject(uuid: string): Promise<Project | undefined>;
  /**
   * All projects with this in their name, from all pages, and maybe others: the platform does the filtering. Without it,
   * all projects that the token sees.
   */
  listProjects(namePart?: string): Promise<Project[]>;
  /**
   * @returns `uncertain` when the platform did not confirm it: the name may be taken (the platform then answers 502)
   */
  createProject(name: string): Promise<Project | { uncertain: ActionError }>;
  /**
   * @returns `missing` after a 404: it is gone, or the token lacks the scope; `uncertain` when no answer, or a fault of
   * the platform, leaves the outcome open
   */
  deleteProject(uuid: string): Promise<'deleted' | { missing: ActionError } | { uncertain: ActionError }>;
}

export interface Project {
  uuid: string;
  name: string;
  /** Addresses of what is deployed to it, with their scheme: the canonical one first. Undefined: none is known. */
  urls?: readonly string[];
}

export interface UploadFile {
  path: string;
  sizeBytes: number;
  /** Lower-case hex, of what was checked; what is sent has to have it. */
  sha256?: string;
}

export interface UploadProgress {
  sent: (bytes: number) => void;
}

export interface DeploymentRequest {
  projectUuid: string;
  uploadUuid: string;
  variables: readonly EnvironmentVariable[];
}

export type CreateAnswer =
  | { kind: 'created'; deploymentUuid: string }
  /** 409: another deployment of the project is in progress. */
  | { kind: 'conflict'; namedWaitMs: number }
  /** The platform no longer has the upload: upload again. */
  | { kind: 'upload-gone'; error: ActionError }
  /** A lost answer or a 5xx: it may or may not have been started. */
  | { kind: 'uncertain'; error: ActionError; namedWaitMs: number };

export interface Reconnection {
  /** A broken, silent or refused connection; else the server has ended it, as it does regularly. */
  isFault: boolean;
  /** What happened, and when it is opened again. */
  reason: string;
  /** What happened alone. */
  cause?: string;
}

export interface FollowOptions {
  signal: AbortSignal;
  /** Time left to follow: a longer wait requested by the platform ends the stream. */
  timeLeftMs?: () => number;
  /** The stream is opened again. */
  onReconnect: (reconnect: Reconnection) => void;
  /** Something in the stream could not be read and was skipped. */
  onSkipped: (description: string) => void;
}
