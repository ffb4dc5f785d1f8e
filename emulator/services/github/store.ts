import type { ArtifactSource } from './artifact-source.ts';
import { NO_ARTIFACTS } from './artifact-source.ts';
import type { CommitStatuses } from './options.ts';
import type { GitHubCheckRun, GitHubComment, GitHubDeployment, GitHubPullRequest } from './records.ts';
import type { GitHubRepository } from './repository.ts';
import { Users } from './users.ts';

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
