import type { RemoteState } from '../domain/remote-state.ts';
import type { ArtifactStore } from '../github/artifact-store.ts';
import type { WorkflowEvent } from '../github/event.ts';
import type { Connect } from '../github/github.ts';
import type { GitHubInputs } from '../inputs/deploy.ts';
import type { GitHubStatusReporter } from '../report/reporters.ts';
import type { GitHubStatusState } from './state.ts';
import type { StatusTarget } from './target.ts';

/** What an announcer works with. */
export interface GitHubStatusOptions {
  inputs: GitHubInputs;
  event: WorkflowEvent;
  target: StatusTarget;
  /** The project as the user names it: its UUID or its name; undefined where the input is wrong. */
  projectKey: string | undefined;
  /** The GitHub deployment whose bundle is brought back or promoted; undefined for a new one. */
  sourceDeploymentId: number | undefined;
  /** Of the storefront, relative to the workspace. */
  workingDirectory: string;
  runUrl: string | undefined;
  commitUrlOf: (sha: string) => string;
  pullRequestUrlOf: (number: number) => string;
  connect: Connect;
  artifacts: ArtifactStore;
  reporter: GitHubStatusReporter;
  /** Told when the target's commit had to be asked for, and is known now. */
  shaFound: () => void;
  remote: RemoteState;
  /** Keeps what is open for the `post` step. */
  save: (state: GitHubStatusState) => void;
  /** What the main step has left open, for the `post` step. */
  resumed?: GitHubStatusState | undefined;
}
