/** An artifact of a workflow run, as the artifact service knows it. */
export interface ActionsArtifact {
  id: number;
  runId: number;
  name: string;
  sizeBytes: number;
  /** `sha256:` and lower-case hex; undefined if unknown. */
  digest?: string | undefined;
  createdAtMs: number;
  expiresAtMs: number;
  /** Of its run: see `ActionsRun`. */
  headBranch?: string | undefined;
  headSha?: string | undefined;
  headRepository?: string | undefined;
}

/** A workflow run, as far as the REST API is asked about it. Defaults are those of a push to the default branch. */
export interface ActionsRun {
  runId: number;
  /** `push`, `pull_request`, … */
  event?: string | undefined;
  /** Name of the branch, or of the tag. */
  headBranch?: string | undefined;
  headSha?: string | undefined;
  /** `owner/name`: any other than the emulator's is a fork. */
  headRepository?: string | undefined;
  /** Numbers of the pull requests that its head belongs to; GitHub leaves them out for forks, and once they are closed. */
  pullRequests?: readonly number[] | undefined;
}

/** What the REST API reads of the artifact service. */
export interface ArtifactSource {
  list(runId: number): readonly ActionsArtifact[];
  find(artifactId: number): ActionsArtifact | undefined;
  findRun(runId: number): ActionsRun | undefined;
  /** Where the zip is read from: a URL that needs no token, on the host with this origin. */
  signedUrl(artifactId: number, origin: string): string;
}

/** Until there is a service: no artifacts. */
export const NO_ARTIFACTS: ArtifactSource = {
  list: () => [],
  find: () => undefined,
  findRun: () => undefined,
  signedUrl: () => '',
};
