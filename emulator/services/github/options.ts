import type { Permissions } from './permissions.ts';
import type { NewToken } from './tokens.ts';

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
