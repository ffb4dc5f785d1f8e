import type { Permissions } from './permissions.ts';
import type { CommitStatuses } from './store.ts';
import type { NewToken } from './tokens.ts';

/** What the embedded GitHub is to be like; everything has a default. */
export interface GitHubOptions {
  /** `owner/name` of the repository that it has (`acme/storefront`). */
  repository?: string;
  /** Whether nothing of it is seen without a token (true). */
  isPrivate?: boolean;
  /** `main` */
  defaultBranch?: string;
  /** The job's own token; made up unless given. */
  token?: string;
  /** What the job's own token may do: write for all; what a given object leaves out is `none`, as in a workflow. */
  permissions?: Partial<Permissions>;
  tokens?: readonly NewToken[];
  /**
   * Commit statuses of every commit, by context: `{deploy: 'pending'}`, the job that runs. A deployment that is not asked
   * for with its own `required_contexts` waits for all of them, with a 409.
   */
  commitStatuses?: CommitStatuses;
  /** By how much its clock is ahead of the runner's (0), in ms; behind it where negative. */
  clockAheadMs?: number;
}
