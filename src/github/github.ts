import type { DeploymentPayload, GitHubDeploymentState } from '../domain/announcement.ts';
import type { ActionError } from '../errors.ts';

/** GitHub, as far as this action uses it: one method an endpoint, typed at the border. Every method may throw ActionError. */
export interface GitHub {
  createDeployment(request: NewDeployment): Promise<CreatedDeployment | Uncertain>;
  createDeploymentStatus(deploymentId: number, status: NewDeploymentStatus): Promise<void>;
  /** Deployments of an environment, the newest first, through all pages. */
  listDeployments(filter: DeploymentFilter): AsyncIterable<KnownDeployment>;
  /** States that a deployment has had, the newest first, through all pages. */
  listDeploymentStates(deploymentId: number): AsyncIterable<DeploymentStatus>;
  /** Comments of an issue or pull request, the oldest first, through all pages. */
  listComments(issueNumber: number): AsyncIterable<Comment>;
  createComment(issueNumber: number, body: string): Promise<Comment | Uncertain>;
  updateComment(commentId: number, body: string): Promise<Comment>;
  deleteComment(commentId: number): Promise<void>;
  /** Login of the user that this token writes as: `github-actions[bot]` for a job's own token. */
  readViewerLogin(): Promise<string>;
  readPullRequest(number: number): Promise<PullRequest>;
}

export interface NewDeployment {
  sha: string;
  environment: string;
  description: string;
  isTransient: boolean;
  isProduction: boolean;
  payload: DeploymentPayload;
}

/** No usable answer came: it may have been made all the same, so it has to be looked for before it is made again. */
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
  environment: string;
  sha?: string;
}

export interface KnownDeployment {
  id: number;
  sha: string;
  /** ISO 8601. */
  createdAt: string;
  /** Undefined for a deployment that something else has made. */
  payload: DeploymentPayload | undefined;
}

export interface DeploymentStatus {
  state: string;
  /** ISO 8601. */
  createdAt: string;
}

export interface Comment {
  id: number;
  body: string;
  /** Undefined for a user that is gone. */
  login: string | undefined;
  url: string;
}

export interface PullRequest {
  headSha: string;
  /** ISO 8601. */
  createdAt: string;
}
