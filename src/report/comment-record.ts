import type { LastSuccess } from '../domain/comment-marker.ts';
import type { PreviewKind } from '../domain/preview-name.ts';
import type { Live } from '../domain/run-step.ts';
import type { DeploymentRecord, DeployOutcome } from './deploy-record.ts';
import type { CommitRecord, FailureRecord, SupportBundle } from './run-record.ts';
import type { Verified } from './verification-record.ts';

export type { LastSuccess };

/** All that the comment on a pull request shows. Holds no secret values; its texts have passed the redactor. */
export interface CommentRecord extends Omit<Verified, 'isVerifying'> {
  /** `deploying` until there is an outcome. */
  state: 'deploying' | DeployOutcome;
  environment: string;
  /** What the project shows after what is known of the run; undefined while it runs. */
  live?: Live;
  /** Of the bundle that this run deployed, where it is known. */
  buildId?: string;
  /** What the address belongs to: a shared preview, this pull request, or whatever the user deploys to (`false`). */
  preview: PreviewKind | false;
  project: { uuid?: string; name?: string };
  /** With their scheme; the first one is the storefront's address. */
  urls: readonly string[];
  /** The pull request's head that was deployed; undefined if unknown. */
  commit?: CommitRecord;
  /** From the step's start; undefined while it runs. */
  durationMs?: number;
  bundle?: { sizeBytes: number; files: number };
  /** The production deployment that the bundle is compared with. */
  baseline?: BaselineRecord;
  /** Deployments of the platform that this run created, the last one last. */
  deployments: readonly DeploymentRecord[];
  failure?: FailureRecord;
  /** The last run on this pull request that ended in `deployed`, from the comment as it was before. */
  lastSuccess?: LastSuccess;
  /** The workflow run: where its log is. */
  runUrl?: string;
  /** The artifact with the bundle. */
  artifactUrl?: string;
  supportBundle?: SupportBundle;
  /** The user's own Markdown below the comment, without secrets and without an HTML comment. */
  footer?: string;
  /** What BigCommerce's support asks for; undefined if the platform was never called. */
  correlationId?: string;
  updatedAt: Date;
}

/** What is known of an earlier deployment to production. */
export interface BaselineRecord {
  sizeBytes: number;
  /** The full hash of its commit. */
  sha: string;
  commitUrl: string;
}
