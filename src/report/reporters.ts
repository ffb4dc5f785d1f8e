import type { Bundle } from '../domain/bundle.ts';
import type { ArtifactRecord, DeployRecord, SourceRecord } from './deploy-record.ts';
import type { Logger, Phase } from './run-events.ts';
import type { CommitRecord } from './run-record.ts';

export type { Logger, Phase } from './run-events.ts';

/** What every use case can say. */
export interface RunReporter extends Logger {
  phase<T>(title: string, work: (phase: Phase) => Promise<T>): Promise<T>;
}

/** What the deploy use case tells; the report makes log lines, outputs and the summary of it. */
export interface DeployReporter extends RunReporter {
  packaged(bundle: Bundle): void;
  project(project: { uuid: string; name?: string }): void;
  /** The upload is done, and this UUID is the one to deploy. */
  uploaded(uploadUuid: string): void;
  created(deploymentUuid: string): void;
  failed(failure: { code: string | undefined; meaning: string }): void;
  deployed(urls: readonly string[]): void;
}

/** What the rollback use case tells besides. */
export interface RollbackReporter extends DeployReporter {
  source(source: SourceRecord): void;
}

/** What is told on GitHub, and what there is to tell. */
export interface GitHubStatusReporter extends RunReporter {
  commit(commit: CommitRecord): void;
  artifactStored(artifact: ArtifactRecord): void;
  githubDeploymentCreated(id: number): void;
  commentWritten(comment: { id: number; url: string }): void;
  /** All that is known of the run by now, without secrets. */
  snapshot(): DeployRecord;
}
