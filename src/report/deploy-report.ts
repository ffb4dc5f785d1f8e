import { type PageResult, skippedVerification, type VerificationRecord } from '../domain/verification/checks.ts';
import type { ActionReport } from './create-run.ts';
import {
  DEPLOY_EVENT_FIELDS,
  DEPLOY_FIELDS,
  type DeployEvent,
  type DeployRecord,
  deployOutcomeOf,
  foldDeployEvent,
  INITIAL_DEPLOY_RECORD,
} from './deploy-record.ts';
import { deployResult } from './deploy-result.ts';
import { renderDeploySummary } from './deploy-summary.ts';
import { storefrontEffect } from './effects.ts';
import type { JobLog } from './job-log.ts';
import { lastLines } from './last-lines.ts';
import { logRunEvent } from './log-run.ts';
import { logWorkerLogs } from './log-worker-logs.ts';
import type { Outputs } from './outputs.ts';
import type { Occurrence } from './run-events.ts';
import { runStepOf } from './verification-record.ts';

export type DeployOccurrence = Occurrence<DeployEvent, DeployRecord>;

/** The report of a run of the deploy action, or of a rollback: outputs as soon as they are known, the summary at the end. */
export const DEPLOY_REPORT: ActionReport<DeployEvent, DeployRecord> = {
  initial: INITIAL_DEPLOY_RECORD,
  fold: foldDeployEvent,
  fields: DEPLOY_FIELDS,
  eventFields: DEPLOY_EVENT_FIELDS,
  failureTitle: 'Deployment not started',
  outcomeOf: deployOutcomeOf,
  effectOf: storefrontEffect,
  log: logDeploy,
  outputs: outputsOf,
  result: deployResult,
  summary: renderDeploySummary,
};

function logDeploy(occurrence: DeployOccurrence, log: JobLog): void {
  if (occurrence.type === 'worker-logs-read') logWorkerLogs(occurrence.event, occurrence.record, log);
  else if (occurrence.type === 'reported') for (const line of lastLines(occurrence.record)) log.info(line);
  else logRunEvent(occurrence, log);
}

function outputsOf(occurrence: DeployOccurrence): Outputs | undefined {
  switch (occurrence.type) {
    case 'started':
      return occurrence.event.project.uuid === undefined
        ? undefined
        : { 'project-uuid': occurrence.event.project.uuid };
    case 'packaged': {
      const { path, sizeBytes, files, sha256 } = occurrence.event.bundle;
      return { 'bundle-path': path, 'bundle-size': sizeBytes, 'bundle-files': files.length, 'bundle-sha256': sha256 };
    }
    case 'source-found': {
      const { commit, deployment, run, artifactId } = occurrence.event.source;
      return {
        'source-sha': commit?.sha ?? '',
        'source-deployment-id': deployment?.id ?? '',
        'source-run-id': run?.id ?? '',
        'source-artifact-id': artifactId,
      };
    }
    case 'project-found':
      return { 'project-uuid': occurrence.event.uuid };
    case 'artifact-stored': {
      const { id, url, digest } = occurrence.event;
      return { 'artifact-id': id, 'artifact-url': url, 'artifact-digest': digest };
    }
    case 'github-deployment-created':
      return { 'github-deployment-id': occurrence.event.id };
    case 'comment-written':
      return { 'comment-id': occurrence.event.id };
    case 'support-bundle-made': {
      const { path, url } = occurrence.event.supportBundle;
      return { 'diagnostics-path': path, ...(url !== undefined && { 'diagnostics-url': url }) };
    }
    case 'skipped':
      return { 'skipped-reason': occurrence.event.reason };
    case 'site-url': {
      const { before } = occurrence.event.siteUrl;
      return before === undefined ? undefined : { 'site-url-before': before };
    }
    case 'verified':
      return verificationOutputs(occurrence.event.verification);
    case 'ended':
      return {
        ...(isUnverified(occurrence.record) && verificationOutputs(SKIPPED)),
        outcome: occurrence.event.outcome,
        'duration-seconds': Math.round(occurrence.event.durationMs / 100) / 10,
      };
    default:
      return remoteOutputsOf(occurrence);
  }
}

function remoteOutputsOf(occurrence: DeployOccurrence): Outputs | undefined {
  switch (occurrence.type) {
    case 'uploaded':
      return { 'upload-uuid': occurrence.event.uploadUuid };
    case 'created':
      return { 'deployment-uuid': occurrence.event.deploymentUuid };
    case 'failed':
      return { 'error-code': occurrence.event.code ?? '' };
    case 'deployed': {
      const { urls } = occurrence.event;
      // An earlier attempt of this run has left its code.
      const isRetried = occurrence.record.deployments.some(({ failure }) => failure !== undefined);
      return { url: urls[0] ?? '', urls: JSON.stringify(urls), ...(isRetried && { 'error-code': '' }) };
    }
    default:
      return undefined;
  }
}

const SKIPPED = skippedVerification('It was not asked for.');

/** It got as far as a storefront that is live, and was not to be verified. */
function isUnverified(record: DeployRecord): boolean {
  const { remote, verification } = record;
  return remote.stage === 'completed' && verification === undefined && runStepOf(record).kind === 'deploying';
}

function verificationOutputs({ state, pages }: Pick<VerificationRecord, 'state' | 'pages'>): Outputs {
  return { verification: state, 'verification-results': JSON.stringify(pages.map(pageOutput)) };
}

/** What is not known is left out. Times are whole milliseconds. */
function pageOutput(page: PageResult): Record<string, unknown> {
  const { path, state, status, bytes, attempts, firstByteMs, warmFirstByteMs, problem, hasFailedBefore } = page;
  const known = {
    path,
    state,
    status,
    bytes,
    attempts,
    'first-byte-ms': firstByteMs === undefined ? undefined : Math.round(firstByteMs),
    'warm-first-byte-ms': warmFirstByteMs === undefined ? undefined : Math.round(warmFirstByteMs),
    problem,
    'failed-before': hasFailedBefore,
  };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}
