import type { RemoteState } from '../domain/remote-state.ts';
import type { ArtifactStore } from '../github/artifact-store.ts';
import type { WorkflowEvent } from '../github/event.ts';
import type { Connect } from '../github/github.ts';
import type { GitHubInputs } from '../inputs/deploy.ts';
import type { GitHubStatusReporter } from '../report/reporters.ts';
import type { GitHubStatusState } from './state.ts';
import type { StatusTarget } from './target.ts';

/** What the GitHub status of a run works with. */
export interface GitHubStatusOptions {
  inputs: GitHubInputs;
  event: WorkflowEvent;
  target: StatusTarget;
  /** The project as the user names it, by UUID or name; undefined if the input is wrong. */
  projectKey: string | undefined;
  /** The GitHub deployment whose bundle is rolled back to or promoted; undefined for a new bundle. */
  sourceDeploymentId: number | undefined;
  /** Of the storefront, relative to the workspace. */
  workingDirectory: string;
  runUrl: string | undefined;
  commitUrlOf: (sha: string) => string;
  pullRequestUrlOf: (number: number) => string;
  connect: Connect;
  artifacts: ArtifactStore;
  reporter: GitHubStatusReporter;
  /** Called when GitHub was asked for the target's commit, and has given it. */
  shaFound: () => void;
  remote: RemoteState;
  /** Stores what is open for the `post` step. */
  save: (state: GitHubStatusState) => void;
  /** What the main step has left open, for the `post` step. */
  resumed?: GitHubStatusState | undefined;
}
