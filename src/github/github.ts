import type { DeploymentPayload } from '../deployment-payload.ts';
import type { GitHubDeploymentState } from '../domain/github-deployment.ts';
import type { BuildRun } from '../domain/provenance.ts';
import type { ActionError } from '../errors.ts';
import type { GitHubClock } from './clock.ts';

/** The GitHub API, as far as this action uses it: one typed method per endpoint. Every method may throw ActionError. */
export interface GitHub {
  readonly clock: GitHubClock;
  /** Waits, as long as there is time for calls. @throws the signal's reason */
  pause(durationMs: number): Promise<void>;
  createDeployment(request: NewDeployment): Promise<CreatedDeployment | Uncertain>;
  createDeploymentStatus(deploymentId: number, status: NewDeploymentStatus): Promise<void>;
  /** Deployments of an environment, or of all, the newest first, through all pages. */
  listDeployments(filter: DeploymentFilter): AsyncIterable<KnownDeployment>;
  /** States that a deployment has had, the newest first, through all pages. */
  listDeploymentStates(deploymentId: number): AsyncIterable<DeploymentStatus>;
  /** Comments of an issue or pull request, the oldest first, through all pages. */
  listComments(issueNumber: number): AsyncIterable<Comment>;
  createComment(issueNumber: number, body: string): Promise<Comment | Uncertain>;
  updateComment(commentId: number, body: string): Promise<Comment>;
  deleteComment(commentId: number): Promise<void>;
  /**
   * Login of the user that this token writes as: `github-actions[bot]` for a job's own token. Undefined for an app's
   * where GraphQL does not say it: nothing else does.
   */
  readViewerLogin(): Promise<string | undefined>;
  readPullRequest(number: number): Promise<PullRequest>;
  /** Reads one with every field of the answer required: for actions that cannot be undone. */
  readPullRequestState(number: number): Promise<PullRequestState>;
  /** All that are open, the newest first, through all pages. */
  listOpenPullRequests(): AsyncIterable<PullRequest>;
  /** The permission of a user in this repository; `none` for a stranger to a private one. */
  readPermission(login: string): Promise<RepositoryPermission>;
  reactToComment(commentId: number, content: Reaction): Promise<void>;
  /** The token's own reaction, and whether this call made it: of all callers that write as the same user, only one does. */
  claimReaction(commentId: number, content: Reaction): Promise<ClaimedReaction>;
  deleteReaction(commentId: number, reactionId: number): Promise<void>;
  /** Creates one that is in progress. */
  createCheckRun(request: NewCheckRun): Promise<CheckRun | Uncertain>;
  updateCheckRun(id: number, change: CheckRunChange): Promise<void>;
  readCheckRun(id: number): Promise<CheckRun>;
  /** Check runs of a commit with this name, from all pages. */
  listCheckRuns(filter: CheckRunFilter): AsyncIterable<CheckRun>;
  readDeployment(deploymentId: number): Promise<KnownDeployment>;
  readArtifact(id: number): Promise<KnownArtifact>;
  /** The address at which the artifact can be read for a minute, without a token: a credential. */
  readDownloadUrl(artifactId: number): Promise<string>;
  /** Artifacts of a run, from all pages. */
  listRunArtifacts(runId: number): AsyncIterable<KnownArtifact>;
  readRun(runId: number): Promise<BuildRun>;
  /** The tag with exactly this name; 404 if there is none. */
  readTag(name: string): Promise<Tag>;
}

/**
 * Makes a client whose requests end when the signal is aborted, and that waits at most this long if GitHub asks for it.
 */
export type Connect = (signal: AbortSignal, longestWaitMs: number) => Promise<GitHub>;

export interface NewDeployment {
  sha: string;
  environment: string;
  description: string;
  isTransient: boolean;
  isProduction: boolean;
  payload: DeploymentPayload;
}

/** No usable answer came: it may exist nevertheless, so search for it before making it again. */
export interface Uncertain {
  uncertain: ActionError;
}

export interface CreatedDeployment {
  id: number;
}

export interface NewDeploymentStatus {
  state: GitHubDeploymentState;
  /** At most 140 characters. */
  description: string;
  /** The storefront's address, once it shows the deployment. */
  environmentUrl?: string | undefined;
  /** Address of the run. */
  logUrl?: string | undefined;
}

export interface DeploymentFilter {
  environment?: string;
  sha?: string;
}

export interface KnownDeployment {
  id: number;
  sha: string;
  environment: string;
  /** ISO 8601. */
  createdAt: string;
  /** Undefined for a deployment that another tool created. */
  payload: DeploymentPayload | undefined;
}

export interface DeploymentStatus {
  state: string;
  /** ISO 8601. */
  createdAt: string;
  description?: string | undefined;
}

export interface Comment {
  id: number;
  body: string;
  /** Undefined for a user that is gone. */
  login: string | undefined;
  url: string;
}

export interface PullRequest {
  number: number;
  isOpen: boolean;
  headSha: string;
  /** Its head is in another repository than its base, or in one that is gone. */
  isFork: boolean;
  /** Login of its author; undefined for a user that is gone. */
  author: string | undefined;
  /** False: it conflicts with its base. Undefined while GitHub does not know. */
  isMergeable: boolean | undefined;
  /** ISO 8601. */
  createdAt: string;
}

/** An answer about a pull request; fields are undefined where it does not say, or says something odd. */
export interface PullRequestState {
  /** Number of the pull request in the answer: a redirect may have led to another one. */
  number: number | undefined;
  /** `open` or `closed`, according to GitHub's documentation. */
  state: string | undefined;
  /** It has a head, which an issue does not. */
  isPullRequest: boolean;
  /** ISO 8601. */
  createdAt: string | undefined;
}

/**
 * Roles of an organization's own count as one of these (GitHub's REST API, "Get repository permissions for a user").
 */
export type RepositoryPermission = 'admin' | 'write' | 'read' | 'none';

/** GitHub's reactions that are used here. */
export type Reaction = 'eyes' | '-1';

export interface ClaimedReaction {
  id: number;
  /** False: it was there already. */
  isNew: boolean;
  /** ISO 8601. */
  createdAt: string;
}

export interface NewCheckRun {
  name: string;
  /** The commit on which it is shown. */
  sha: string;
  /** By which its creator recognizes it. */
  externalId: string;
  title: string;
  /** Markdown. */
  summary: string;
  /** Address of the run. */
  detailsUrl?: string | undefined;
}

export interface CheckRunFilter {
  sha: string;
  name: string;
}

export interface CheckRunChange {
  /** Undefined: it is in progress (again). */
  conclusion: CheckConclusion | undefined;
  title: string;
  /** Markdown. */
  summary: string;
  detailsUrl?: string | undefined;
}

/** GitHub's conclusions that are used here. */
export type CheckConclusion = 'success' | 'failure' | 'cancelled';

export interface CheckRun {
  id: number;
  url: string;
  isCompleted: boolean;
  /** '' where its creator gave none. */
  externalId: string;
}

/** An artifact of a workflow run. */
export interface KnownArtifact {
  id: number;
  name: string;
  sizeBytes: number;
  isExpired: boolean;
  /** ISO 8601; undefined where GitHub does not say. */
  expiresAt: string | undefined;
  /** SHA-256, lower-case hex; undefined for an old one. */
  sha256: string | undefined;
  /** The run that made it, according to GitHub; undefined where it does not say. */
  builtBy: ArtifactOrigin | undefined;
}

/** Where an artifact comes from. */
export interface ArtifactOrigin {
  runId: number;
  /** The commit that the run was for: on a pull request its head. */
  headSha: string;
  /** The repository that stores the artifact, and the one whose code the run was for: a fork's run has two. */
  repositoryId: number;
  headRepositoryId: number;
}

export interface Tag {
  /** Undefined for an annotated tag: only the tag object says which commit it names. */
  sha: string | undefined;
}
