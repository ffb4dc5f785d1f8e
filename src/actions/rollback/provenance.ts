import { isProduction } from '../../domain/github-deployment.ts';
import { type BuildRefusal, type BuildRun, hasOtherCommit, refuseBuild } from '../../domain/provenance.ts';
import type { DeploymentFact, SourceKind } from '../../domain/rollback.ts';
import { mayBuildPullRequest } from '../../domain/workflow-events.ts';
import { ActionError } from '../../errors.ts';
import type { GitHub, KnownArtifact, Tag } from '../../github/github.ts';
import { statusOf } from '../../net/errors.ts';
import type { Logger } from '../../report/run-events.ts';
import { shortSha } from '../../report/sections.ts';

const NOT_FOUND = 404;
const REBUILD = 'Build that commit again and deploy it, or name another bundle with `from-deployment`.';

/** What GitHub says of an artifact forbids to deploy it, whatever a payload says. */
export class ProvenanceError extends ActionError {}

/** What is requested. */
export interface ProvenanceRequest {
  /** The target of the deployment. */
  environment: string;
  kind: SourceKind;
  /** The pull request whose preview is to be promoted. */
  pullRequest: number | undefined;
}

/**
 * Checks an artifact against what GitHub says of the run that made it.
 * @param deployment the GitHub deployment whose payload names this artifact; undefined where none does
 * @throws ProvenanceError if it must not be deployed
 */
export async function checkProvenance(
  artifact: KnownArtifact,
  deployment: Pick<DeploymentFact, 'id' | 'payload'> | undefined,
  { environment, kind, pullRequest }: ProvenanceRequest,
  github: Pick<GitHub, 'readRun'>,
): Promise<BuildRun> {
  const { builtBy } = artifact;
  if (builtBy === undefined) {
    throw new ProvenanceError(
      `GitHub does not say which run made artifact ${artifact.id}, so the origin of its code is unknown.`,
      { topic: 'bundle-of-unknown-origin', title: 'Bundle of unknown origin', fix: REBUILD },
    );
  }
  const run = await github.readRun(builtBy.runId);
  const isFork = run.isFork || builtBy.headRepositoryId !== builtBy.repositoryId;
  const claim = {
    runId: deployment?.payload.runId,
    pullRequest,
    isProduction: isProduction(environment),
    isPromotion: kind === 'promotion',
  };
  // GitHub answers twice about the run: either answer is enough to refuse it.
  const refusal = refuseBuild({ ...run, id: builtBy.runId, isFork }, claim);
  if (refusal !== undefined) throw createRefusal(refusal, { artifact, run, deployment, pullRequest });
  return run;
}

interface Refused {
  artifact: KnownArtifact;
  run: BuildRun;
  deployment: Pick<DeploymentFact, 'id' | 'payload'> | undefined;
  pullRequest: number | undefined;
}

function createRefusal(refusal: BuildRefusal, { artifact, run, deployment, pullRequest }: Refused): ProvenanceError {
  const built = `Artifact ${artifact.id} was built by run ${run.id}`;
  switch (refusal) {
    case 'fork':
      return new ProvenanceError(`${built}, which was for another repository's code: it is never deployed from here.`, {
        topic: 'bundle-of-unknown-origin',
        title: 'Bundle of another repository',
        fix: REBUILD,
      });
    case 'other-run':
      return new ProvenanceError(
        `GitHub deployment ${deployment?.id} says that run ${deployment?.payload.runId} stored artifact ${artifact.id}, and GitHub says that run ${run.id} did.`,
        {
          topic: 'bundle-of-unknown-origin',
          title: 'Bundle of another run',
          fix: `Check who made this deployment. ${REBUILD}`,
        },
      );
    case 'pull-request':
      return new ProvenanceError(
        `${built}, which a pull request started (${describeRun(run)}): a rollback does not take that to production.`,
        {
          topic: 'bundle-of-unknown-origin',
          title: 'Bundle of a pull request',
          fix: `To promote a preview that was reviewed, name it with \`from-pull-request\`, and with \`project-uuid\` where it goes. ${REBUILD}`,
        },
      );
    case 'other-pull-request':
      return new ProvenanceError(
        `${built}, which GitHub calls one of pull request #${run.pullRequests.join(', #')}, and not of #${pullRequest}.`,
        {
          topic: 'bundle-of-unknown-origin',
          title: 'Bundle of another pull request',
          fix: `Check who made this deployment. ${REBUILD}`,
        },
      );
  }
}

/** `push on main, commit 1234567` */
export function describeRun({ event, headBranch, headSha }: BuildRun): string {
  return `${event}${headBranch === undefined ? '' : ` on ${headBranch}`}, commit ${shortSha(headSha)}`;
}

export interface ProvenanceWarnings {
  github: Pick<GitHub, 'readTag'>;
  /** Undefined if the event does not say. */
  defaultBranch: string | undefined;
  run: Pick<Logger, 'warn' | 'debug'>;
  signal: AbortSignal;
  /** The branch or tag of a run that rolls back by itself: nobody reads a warning before the bundle is live. */
  unattendedOn?: string;
}

/**
 * Warns of what is no reason to refuse a bundle that somebody asked for, but worth a look. Anybody who may push a branch can
 * have a bundle built there, and make a GitHub deployment of production that names it: unattended, it is refused.
 * @throws ProvenanceError; the signal's reason
 */
export async function warnOfBuild(
  build: BuildRun,
  deployment: DeploymentFact | undefined,
  { environment }: Pick<ProvenanceRequest, 'environment'>,
  dependencies: ProvenanceWarnings,
): Promise<void> {
  const { run, unattendedOn } = dependencies;
  if (deployment !== undefined && hasOtherCommit(build, deployment)) {
    run.warn(
      `GitHub deployment ${deployment.id} is for commit ${shortSha(deployment.sha)}, and the run that built its bundle, ${build.id}, was for commit ${shortSha(build.headSha)}: check which of them it is.`,
      'Commit not certain',
    );
  }
  const doubt = await findBranchDoubt(build, environment, dependencies);
  if (doubt === undefined) return;
  if (unattendedOn === undefined) return run.warn(doubt, 'Bundle of another branch');
  throw new ProvenanceError(`${doubt} Nobody asked for it, so it is not deployed.`, {
    topic: 'bundle-of-unknown-origin',
    title: 'Bundle of another branch',
    fix: `Look at that run. If its bundle is to go live, name it: \`rollback\` with ${deployment === undefined ? `\`from-run: ${build.id}\`` : `\`from-deployment: ${deployment.id}\``}.`,
  });
}

/** Why the bundle may not be the default branch's, as a sentence or two; undefined if it is, or need not be. */
async function findBranchDoubt(
  { id, event, headBranch, headSha }: BuildRun,
  environment: string,
  { defaultBranch, unattendedOn, ...asking }: ProvenanceWarnings,
): Promise<string | undefined> {
  if (!isProduction(environment) || mayBuildPullRequest(event) || event === 'release') return undefined;
  // The event need not say which branch is the default one: that of the run is known all the same.
  const expected = defaultBranch ?? unattendedOn;
  if (headBranch === undefined || expected === undefined) return undefined;
  if (headBranch === expected || headBranch === unattendedOn) return undefined;
  const tag = await readTag(headBranch, asking);
  if (typeof tag === 'object' && (tag.sha === undefined || tag.sha === headSha)) return undefined;
  const what = tag === 'none' ? 'the branch' : 'the branch or tag';
  const hint = tag === 'unknown' ? ' (`contents: read` lets this action see whether it is a tag)' : '';
  return `The bundle was built on ${what} "${headBranch}"${hint}, not on ${defaultBranch === undefined ? 'that of this run,' : 'the default branch'} "${expected}": it may hold what that does not, and lack what it has. Run ${id}, commit ${shortSha(headSha)}.`;
}

/** Whether the name is a tag: a run does not say. */
async function readTag(
  name: string,
  { github, run, signal }: Pick<ProvenanceWarnings, 'github' | 'run' | 'signal'>,
): Promise<Tag | 'none' | 'unknown'> {
  try {
    return await github.readTag(name);
  } catch (error) {
    signal.throwIfAborted();
    run.debug(`reading the tag ${name}: ${error}`);
    return statusOf(error) === NOT_FOUND ? 'none' : 'unknown';
  }
}
