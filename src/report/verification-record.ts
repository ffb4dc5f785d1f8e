import { DEPLOYING, type RunStep } from '../domain/run-step.ts';
import type { VerificationRecord } from '../domain/verification/checks.ts';
import type { FieldRules } from './field-rules.ts';
import { WORKER_LOGS_EVENT_FIELDS, WORKER_LOGS_FIELDS, type WorkerLogsEvent } from './worker-logs-record.ts';

/** What a deployment's record knows of whether the storefront works. */
export interface Verified {
  /** Of what this run deployed; undefined until it is known, or if it was not asked for. */
  verification?: VerificationRecord;
  /** What this run deployed is being verified, or was when the run was cut off. */
  isVerifying?: boolean;
  rehearsal?: RehearsalRecord;
  restored?: RestoredRecord;
}

/** The same bundle, deployed to another project first. */
export interface RehearsalRecord {
  /** Name of the project. */
  project: string;
  /**
   * `running` until it has ended. `failed`: the platform failed the deployment, or it could not be made, so that nothing
   * was verified. `passed`: healthy, or inconclusive where that is enough.
   */
  state: 'running' | 'passed' | 'rejected' | 'failed';
  deploymentUuid?: string | undefined;
  verification?: VerificationRecord | undefined;
}

/** The last good bundle, brought back because the storefront did not work. */
export interface RestoredRecord {
  /** The GitHub deployment whose bundle it is. */
  githubDeployment: { id: number; url: string };
  commit: { sha: string; url: string };
  /** `restoring` until it is known. `failed`: what this run deployed is live still, or that is not known. */
  state: 'restoring' | 'live' | 'failed';
  verification?: VerificationRecord | undefined;
}

export type VerificationEvent =
  /** What was deployed is live, and its pages are about to be asked. */
  | { type: 'verifying'; url: string }
  | { type: 'verified'; verification: VerificationRecord }
  | WorkerLogsEvent
  /** The rehearsal began, or ended. */
  | { type: 'rehearsed'; rehearsal: RehearsalRecord }
  /** The last good bundle is about to be deployed, or was. */
  | { type: 'restored'; restored: RestoredRecord };

const PAGE_FIELDS = { state: 'own' } as const;
const VERIFICATION_FIELDS = {
  state: 'own',
  url: 'public',
  build: 'own',
  pages: PAGE_FIELDS,
  workerLogs: WORKER_LOGS_FIELDS,
} as const;
const REHEARSAL_FIELDS = {
  project: 'public',
  state: 'own',
  deploymentUuid: 'public',
  verification: VERIFICATION_FIELDS,
} as const;
const RESTORED_FIELDS = {
  githubDeployment: { url: 'public' },
  commit: { sha: 'public', url: 'public' },
  state: 'own',
  verification: VERIFICATION_FIELDS,
} as const;

export const VERIFIED_FIELDS: FieldRules<Verified> = {
  verification: VERIFICATION_FIELDS,
  rehearsal: REHEARSAL_FIELDS,
  restored: RESTORED_FIELDS,
};

export const VERIFICATION_EVENT_FIELDS = {
  ...WORKER_LOGS_EVENT_FIELDS,
  verifying: { url: 'public' },
  verified: { verification: VERIFICATION_FIELDS },
  rehearsed: { rehearsal: REHEARSAL_FIELDS },
  restored: { restored: RESTORED_FIELDS },
} as const;

/** Applies an event to the record. */
export function foldVerification(record: Verified, event: VerificationEvent): void {
  switch (event.type) {
    case 'verifying':
      if (record.restored === undefined) record.isVerifying = true;
      break;
    case 'verified':
      Object.assign(record, { verification: event.verification, isVerifying: false });
      break;
    case 'rehearsed':
      record.rehearsal = event.rehearsal;
      break;
    case 'restored':
      record.restored = event.restored;
  }
}

/** The platform has completed the last good bundle's deployment: it is live, whether or not the run gets to say so. */
export function foldDeployed(record: Verified): void {
  if (record.restored?.state === 'restoring') record.restored = { ...record.restored, state: 'live' };
}

/** What the run was about when it ended, or was cut off. */
export function runStepOf(known: { [K in keyof Verified]?: Verified[K] | undefined }): RunStep {
  const { rehearsal, verification, isVerifying, restored } = known;
  if (restored !== undefined) {
    return { kind: restored.state === 'live' ? 'restored' : 'restoring', sha: restored.commit.sha };
  }
  if (verification?.state === 'unhealthy') return { kind: 'broken' };
  if (isVerifying === true) return { kind: 'verifying' };
  return rehearsal?.state === 'running' ? { kind: 'rehearsing', project: rehearsal.project } : DEPLOYING;
}
