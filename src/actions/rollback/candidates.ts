import type { BuildRun } from '../../domain/provenance.ts';
import type { DeploymentFact, ProjectIdentity } from '../../domain/rollback.ts';
import type { GitHub, KnownArtifact } from '../../github/github.ts';
import { statusOf } from '../../net/errors.ts';
import type { Phase } from '../../report/reporters.ts';
import type { History } from './history.ts';
import { checkProvenance, ProvenanceError, type ProvenanceRequest } from './provenance.ts';

/** Each takes two requests. */
export const MAX_LOOKED_AT = 15;
export const GONE_STATUSES: readonly unknown[] = [404, 410];

export interface KeptDependencies {
  github: GitHub;
  history: History;
  signal: AbortSignal;
  request: ProvenanceRequest;
  /** That is deployed to. */
  project: ProjectIdentity;
  debug: (text: string) => void;
  phase: Pick<Phase, 'info'>;
}

/** An artifact that is there, and the run that made it. */
export interface Kept {
  artifact: KnownArtifact;
  run: BuildRun;
}

/** Undefined for one that is not to be deployed. */
export async function checkQuietly(
  artifact: KnownArtifact,
  deployment: Pick<DeploymentFact, 'id' | 'payload'> | undefined,
  { request, github, debug }: Pick<KeptDependencies, 'request' | 'github' | 'debug'>,
): Promise<Kept | undefined> {
  try {
    return { artifact, run: await checkProvenance(artifact, deployment, request, github) };
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    debug(`passed over: ${error.message}`);
    return undefined;
  }
}

/** Undefined where there is none (any more). */
export async function readIfKept(
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
