import type { ArtifactSource } from './artifact-source.ts';
import { NO_ARTIFACTS } from './artifact-source.ts';
import type { Permissions } from './permissions.ts';
import type { GitHubCheckRun, GitHubComment, GitHubDeployment, GitHubPullRequest } from './records.ts';
import type { GitHubRepository } from './repository.ts';
import type { NewToken } from './tokens.ts';
import { Users } from './users.ts';

/** The commit statuses of every commit here, by context: a deployment waits for them unless its request says otherwise. */
export type CommitStatuses = Record<string, 'success' | 'pending' | 'failure' | 'error'>;

/** What the embedded GitHub is to be like; everything has a default. */
export interface GitHubOptions {
  /** `owner/name` of the repository that it has (`acme/storefront`). */
  repository?: string | undefined;
  /** Whether nothing of it can be seen without a token (true). */
  isPrivate?: boolean | undefined;
  /** `main` */
  defaultBranch?: string | undefined;
  /** The job's own token; made up unless given. */
  token?: string | undefined;
  /** What the job's own token may do: write for all; what a given object leaves out is `none`, as in a workflow. */
  permissions?: Partial<Permissions> | undefined;
  tokens?: readonly NewToken[] | undefined;
  /**
   * Commit statuses of every commit, by context: `{deploy: 'pending'}`, the job that runs. A deployment without its own
   * `required_contexts` waits for all of them, with a 409.
   */
  commitStatuses?: CommitStatuses | undefined;
  /** By how much its clock is ahead of the runner's (0), in ms; negative if it is behind. */
  clockAheadMs?: number | undefined;
}

/** The state of the embedded GitHub. All lists are in the order of creation. */
export class GitHubStore {
  readonly repository: GitHubRepository;
  readonly commitStatuses: CommitStatuses;
  readonly users = new Users();
  readonly deployments: GitHubDeployment[] = [];
  readonly comments: GitHubComment[] = [];
  readonly pullRequests: GitHubPullRequest[] = [];
  readonly checkRuns: GitHubCheckRun[] = [];
  /** The commit of each tag. */
  readonly tags = new Map<string, string>();
  readonly #clockAheadMs: number;
  artifacts: ArtifactSource = NO_ARTIFACTS;
  // Over the largest number of 32 bits, as GitHub's own are.
  #lastId = 4_294_967_296;

  /** @param clockAheadMs how far its clock is ahead of the runner's; negative if it is behind */
  constructor(repository: GitHubRepository, commitStatuses: CommitStatuses, clockAheadMs: number) {
    this.repository = repository;
    this.commitStatuses = commitStatuses;
    this.#clockAheadMs = clockAheadMs;
  }

  /** The time on this GitHub, in ms since 1970. */
  nowMs(): number {
    return Date.now() + this.#clockAheadMs;
  }

  /** Ids grow by an unpredictable step. */
  createId(): number {
    this.#lastId += 1 + Math.floor(Math.random() * 1000);
    return this.#lastId;
  }

  findDeployment(id: number): GitHubDeployment | undefined {
    return this.deployments.find((deployment) => deployment.id === id);
  }

  findComment(id: number): GitHubComment | undefined {
    return this.comments.find((comment) => comment.id === id);
  }

  findPullRequest(number: number): GitHubPullRequest | undefined {
    return this.pullRequests.find((pullRequest) => pullRequest.number === number);
  }
}
