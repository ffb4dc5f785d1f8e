import type { ActionsArtifact, ArtifactSource } from '../github/artifact-source.ts';
import type { ArtifactRecord, WorkflowRun } from './artifact-service.ts';
import type { Artifacts } from './artifacts.ts';

/** The artifact service of a running embedded platform. */
export interface ArtifactsMembers {
  /** `ACTIONS_RESULTS_URL` */
  readonly resultsUrl: string;
  /** `ACTIONS_RUNTIME_TOKEN` of a job of the run that there is from the start. */
  readonly runtimeToken: string;
  /** `GITHUB_RUN_ID` of it. */
  readonly runId: number;
  /** In the order in which they were created; deleted ones are gone. */
  readonly list: readonly ArtifactRecord[];
  /** One more run, and a token of a job of it. */
  addRun(run?: Partial<Omit<WorkflowRun, 'runBackendId'>>): WorkflowRun & { runtimeToken: string };
  /** A token of one more job of a run (the first one). */
  addJob(runId?: number, lifeSeconds?: number): string;
  /** No artifact can be created any more; `false`: one can again. */
  exhaustQuota(isExhausted?: boolean): void;
  /** Of the URLs that are signed from now on (an hour); below 0, they are expired from the start. */
  setUrlLife(seconds: number): void;
}

export function createArtifactsMembers(artifacts: Artifacts, origin: string): ArtifactsMembers {
  const { runId, runtimeToken } = artifacts.addRun();
  return {
    // The real one ends in a slash, too.
    resultsUrl: `${origin}/`,
    runtimeToken,
    runId,
    list: artifacts.list,
    addRun: (run) => artifacts.addRun(run),
    addJob: (ofRunId = runId, lifeSeconds) => artifacts.createToken(ofRunId, lifeSeconds),
    exhaustQuota: (isExhausted = true) => artifacts.setQuotaExhausted(isExhausted),
    setUrlLife: (seconds) => artifacts.setUrlLife(seconds),
  };
}

/** What GitHub's REST API reads of the service. */
export function createArtifactSource(artifacts: Artifacts): ArtifactSource {
  const render = (artifact: ArtifactRecord): ActionsArtifact => {
    const run = artifacts.findRun(artifact.runId);
    return {
      id: artifact.id,
      runId: artifact.runId,
      name: artifact.name,
      sizeBytes: artifact.sizeBytes ?? 0,
      digest: artifact.sha256 === undefined ? undefined : `sha256:${artifact.sha256}`,
      createdAtMs: artifact.createdAtMs,
      expiresAtMs: artifact.expiresAtMs,
      headBranch: run?.headBranch,
      headSha: run?.headSha,
      headRepository: run?.headRepository,
    };
  };
  return {
    list: (runId) => artifacts.list.filter((one) => one.finalized && one.runId === runId).map(render),
    find: (artifactId) => {
      const artifact = artifacts.find(artifactId);
      return artifact === undefined ? undefined : render(artifact);
    },
    findRun: (runId) => artifacts.findRun(runId),
    signedUrl: (artifactId, origin) => artifacts.createDownloadUrl(artifactId, origin),
  };
}
