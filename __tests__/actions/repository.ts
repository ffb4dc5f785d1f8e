/** A repository on a GitHub of our own: its deployments, and what was asked of it. */
import { createHistory } from '../../src/actions/rollback/history.ts';
import type { DeploymentPayload } from '../../src/deployment-payload.ts';
import type { BuildRun } from '../../src/domain/provenance.ts';
import type { GitHub, KnownArtifact, KnownDeployment } from '../../src/github/github.ts';
import { httpError } from '../http-error.ts';

export const PROJECT = { uuid: 'shop', name: undefined };

export interface Made {
  states: readonly string[];
  payload?: Partial<DeploymentPayload> | 'none';
  environment?: string;
}

export interface Stored {
  /** Those that are stored, by their ids; the run that made each has the same number. */
  artifacts?: Readonly<Record<number, Partial<KnownArtifact>>>;
  runs?: Readonly<Record<number, Partial<BuildRun>>>;
}

/** Deployments with the ids 1, 2, …; the newest comes last. */
export function repository(made: readonly Made[], { artifacts = {}, runs = {} }: Stored = {}) {
  const known = made.map(({ payload = {}, environment = 'production' }, index): KnownDeployment => {
    const bundleSha256 = String(index + 1).padStart(64, '0');
    const full = { bundleSha256, projectUuid: 'shop', ...(payload === 'none' ? {} : payload) };
    return {
      id: index + 1,
      sha: 'a'.repeat(40),
      environment,
      createdAt: new Date(1_000_000 * index).toISOString(),
      payload: payload === 'none' ? undefined : (full as DeploymentPayload),
    };
  });
  const asked = { listed: 0, states: [] as number[], read: [] as number[] };
  const artifactOf = (id: number): KnownArtifact => {
    const builtBy = { runId: id, headSha: 'a'.repeat(40), repositoryId: 1, headRepositoryId: 1 };
    const facts = { id, name: `shop-${id}.zip`, sizeBytes: 1, isExpired: false, expiresAt: undefined };
    return { ...facts, sha256: undefined, builtBy, ...artifacts[id] };
  };
  const github: Partial<GitHub> = {
    listDeployments: async function* ({ environment }) {
      for (const one of known.toReversed()) {
        if (environment !== undefined && one.environment !== environment) continue;
        asked.listed += 1;
        yield one;
      }
    },
    listDeploymentStates: async function* (id) {
      asked.states.push(id);
      const createdAt = known[id - 1]?.createdAt ?? '';
      for (const one of made[id - 1]?.states ?? []) {
        const [state = '', description] = one.split(': ');
        yield { state, createdAt, ...(description !== undefined && { description }) };
      }
    },
    readDeployment: async (id) => {
      asked.read.push(id);
      const found = known[id - 1];
      if (found === undefined) throw httpError(404, 'not found');
      return found;
    },
    readArtifact: async (id) => {
      if (artifacts[id] === undefined) throw httpError(404, 'not found');
      return artifactOf(id);
    },
    listRunArtifacts: async function* (runId) {
      yield* Object.keys(artifacts).flatMap((id) => {
        const artifact = artifactOf(Number(id));
        return artifact.builtBy?.runId === runId ? [artifact] : [];
      });
    },
    readRun: async (id) => ({
      ...{ id, event: 'push', headBranch: 'main', headSha: 'a'.repeat(40), isFork: false, pullRequests: [] },
      ...runs[id],
    }),
  };
  return { github: github as GitHub, history: createHistory(github as GitHub), asked };
}

export const ACTIVE: Made = { states: ['success', 'in_progress'] };
export const REPLACED: Made = { states: ['inactive', 'success', 'in_progress'] };
export const FAILED: Made = { states: ['failure', 'in_progress'] };
