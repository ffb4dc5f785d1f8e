import type { ArtifactStore } from '../github/artifact-store.ts';
import type { WorkflowEvent } from '../github/event.ts';
import type { Connect } from '../github/github.ts';
import type { GitHubInputs } from '../inputs/deploy.ts';
import type { DeployEvent, DeployRecord } from '../report/deploy-record.ts';
import type { Run } from '../report/run-events.ts';
import type { GitHubStatusState } from './state.ts';
import type { StatusTarget } from './target.ts';

/** What the GitHub status of a run works with. */
export interface GitHubStatusOptions {
  inputs: GitHubInputs;
  event: WorkflowEvent;
  target: StatusTarget;
  /** The project as the user names it, by UUID or name; undefined if the input is wrong. */
  projectKey: string | undefined;
  /** Undefined if the input is wrong. */
  storeHash?: string | undefined;
  /** The GitHub deployment whose bundle is rolled back to or promoted; undefined for a new bundle. */
  sourceDeploymentId: number | undefined;
  /** Below the comment: Markdown without secrets, harmless already. */
  commentFooter: string | undefined;
  /** Of the storefront, relative to the workspace. */
  workingDirectory: string;
  runUrl: string | undefined;
  commitUrlOf: (sha: string) => string;
  pullRequestUrlOf: (number: number) => string;
  connect: Connect;
  artifacts: ArtifactStore;
  /** Where it reports what it does itself. */
  run: Run<DeployEvent>;
  /** Aborted when there is no time left to show how the run ended. */
  reportSignal: AbortSignal;
  /** Stores what is open for the `post` step. */
  save: (state: GitHubStatusState) => void;
  /** What the main step has left open, for the `post` step. */
  resumed?: GitHubStatusState | undefined;
}

/** What the parts of a GitHub status work with. */
export interface StatusParts extends GitHubStatusOptions {
  /** What is known of the run, from the last event that changed it. */
  known: () => DeployRecord;
}
