/** An artifact of a workflow run, as the service that keeps artifacts knows it. */
export interface ActionsArtifact {
  id: number;
  runId: number;
  name: string;
  sizeBytes: number;
  /** `sha256:` and lower-case hex; undefined where nobody told. */
  digest?: string | undefined;
  createdAtMs: number;
  expiresAtMs: number;
  headBranch?: string | undefined;
  headSha?: string | undefined;
}

/** What the REST API reads of the artifact service. */
export interface ArtifactSource {
  list(runId: number): readonly ActionsArtifact[];
  find(artifactId: number): ActionsArtifact | undefined;
  /** Where the zip is read from: a URL that needs no token, on the host with this origin. */
  signedUrl(artifactId: number, origin: string): string;
}

/** Until there is a service: no artifacts. */
export const NO_ARTIFACTS: ArtifactSource = { list: () => [], find: () => undefined, signedUrl: () => '' };
