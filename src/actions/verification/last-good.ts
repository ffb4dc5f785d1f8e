import type { DeploymentFact } from '../../domain/rollback.ts';
import { ActionError } from '../../errors.ts';
import { findSource } from '../rollback/find-source.ts';
import { createHistory, findGood, type History } from '../rollback/history.ts';
import {
  downloadSource,
  type FindDependencies,
  type InspectDependencies,
  inspectOrDiscard,
} from '../rollback/rollback.ts';
import type { LastGood, LastGoodRequest } from './verify.ts';

export interface LastGoodDependencies extends FindDependencies, InspectDependencies {
  environment: string;
  /** Name of the branch or tag of this run. */
  refName: string;
}

/**
 * Finds the bundle of the last deployment that GitHub shows as a success, downloads it and checks it.
 * @throws ActionError if there is none, or it cannot be had
 */
export async function findLastGood(
  { projectUuid, bundle }: LastGoodRequest,
  dependencies: LastGoodDependencies,
): Promise<LastGood> {
  const { run, github, environment, signal, defaultBranch, links, refName } = dependencies;
  const history = createHistory(github);
  const project = { uuid: projectUuid, name: undefined };
  const source = await run.phase('Find last good bundle', async (phase) => {
    const live = await requireGood(history, { environment, projectUuid, bundle });
    const from = { kind: 'deployment', id: live.id } as const;
    const found = await findSource({ from, environment }, project, {
      github,
      history,
      phase,
      run,
      signal,
      defaultBranch,
      unattendedOn: refName,
    });
    phase.result(`that of GitHub deployment ${live.id}`);
    return { found, live };
  });
  const { path } = await downloadSource(source.found, history, dependencies);
  const { live } = source;
  return {
    bundle: await inspectOrDiscard(path, dependencies),
    source: {
      githubDeployment: { id: live.id, url: links.deploymentsUrlOf(live.environment) },
      commit: { sha: live.sha, url: links.commitUrlOf(live.sha) },
    },
  };
}

async function requireGood(
  history: History,
  { environment, projectUuid, bundle }: LastGoodRequest & { environment: string },
): Promise<DeploymentFact> {
  const live = await findGood(history, environment, { uuid: projectUuid, name: undefined });
  if (live === undefined) {
    throw new ActionError(
      `GitHub shows no earlier deployment to ${environment} that succeeded: this is the first, or the others were not shown there.`,
      {
        topic: 'no-bundle-for-the-rollback',
        title: 'Nothing to roll back to',
      },
    );
  }
  if (live.payload.bundleSha256 !== bundle.sha256) return live;
  throw new ActionError(
    `The last deployment to ${environment} that succeeded, GitHub deployment ${live.id}, has the same bundle.`,
    { topic: 'no-bundle-for-the-rollback', title: 'Nothing to roll back to' },
  );
}
