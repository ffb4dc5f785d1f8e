import { isDeployedAllTheSame } from './deployment.ts';
import type { RemoteState } from './remote-state.ts';

/** What a run was about when it ended or was cut off, beside the deployment itself. Pure. */
export type RunStep =
  | { kind: 'deploying' }
  /** @property project its name: what was begun there may continue */
  | { kind: 'rehearsing'; project: string }
  /** What was deployed is live, and whether it works is not known. */
  | { kind: 'verifying' }
  /** What was deployed is live, and does not work. */
  | { kind: 'broken' }
  /** What was deployed is live; the site URL of a channel was to follow. @property isSent the request was under way */
  | { kind: 'site-url'; channelId: number; isSent: boolean }
  /** The remote state is that of the last good bundle's deployment, once that has begun. @property sha of its commit */
  | { kind: 'restoring'; sha: string }
  | { kind: 'restored'; sha: string };

export const DEPLOYING: RunStep = { kind: 'deploying' };

/**
 * What the project shows now. `this`: what the run deployed. `restored`: the last good build, which the run brought back.
 * `as-before`: the run changed nothing. `unknown`: it may have changed something, or may yet.
 */
export type Live = 'this' | 'restored' | 'as-before' | 'unknown';

/** @param failureCode of the last deployment, if the platform failed it */
export function liveAfter({ stage }: RemoteState, step: RunStep, failureCode?: string): Live {
  if (step.kind === 'restored') return 'restored';
  const isUnclear = stage === 'failed' && isDeployedAllTheSame(failureCode);
  if (stage === 'creating' || stage === 'created' || isUnclear) return 'unknown';
  return stage === 'completed' || step.kind === 'restoring' ? 'this' : 'as-before';
}
