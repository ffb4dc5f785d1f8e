import type { BuildRun } from '../../domain/provenance.ts';
import type { DeploymentFact, ProjectIdentity } from '../../domain/rollback.ts';
import type { GitHub, KnownArtifact } from '../../github/github.ts';
import { statusOf } from '../../net/errors.ts';
import type { Logger, Phase } from '../../report/run-events.ts';
import type { History } from './history.ts';
import { checkProvenance, ProvenanceError, type ProvenanceRequest } from './provenance.ts';

/** Each takes two requests. */
export const MAX_LOOKED_AT = 15;
export const GONE_STATUSES: readonly unknown[] = [404, 410];

export interface StoredBundleDependencies {
  github: GitHub;
  history: History;
  signal: AbortSignal;
  request: ProvenanceRequest;
  /** The target of the deployment. */
  project: ProjectIdentity;
  run: Pick<Logger, 'debug'>;
  phase: Pick<Phase, 'info'>;
}

/** An artifact that exists, and the run that made it. */
export interface StoredBundle {
  artifact: KnownArtifact;
  run: BuildRun;
}

/** Undefined for one that is not to be deployed. */
export async function checkQuietly(
  artifact: KnownArtifact,
  deployment: Pick<DeploymentFact, 'id' | 'payload'> | undefined,
  { request, github, run }: Pick<StoredBundleDependencies, 'request' | 'github' | 'run'>,
): Promise<StoredBundle | undefined> {
  try {
    return { artifact, run: await checkProvenance(artifact, deployment, request, github) };
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    run.debug(`skipped: ${error.message}`);
    return undefined;
  }
}

/** Undefined if there is none, or none any longer. */
export async function readUnexpired(
  github: Pick<GitHub, 'readArtifact'>,
  artifactId: number | undefined,
): Promise<KnownArtifact | undefined> {
  if (artifactId === undefined) return undefined;
  try {
    const artifact = await github.readArtifact(artifactId);
    return artifact.isExpired ? undefined : artifact;
  } catch (error) {
    if (GONE_STATUSES.includes(statusOf(error))) return undefined;
    throw error;
  }
}
