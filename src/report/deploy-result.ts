import type { VerificationRecord } from '../domain/verification/checks.ts';
import type { WorkerLogsRecord } from '../domain/worker-logs/worker-logs-record.ts';
import { type DeployRecord, liveOf, type SourceRecord } from './deploy-record.ts';
import { type ActionResult, seconds } from './result.ts';

/** What the output `result` has of a run of the deploy action, or of a rollback. */
export function deployResult(record: DeployRecord): ActionResult {
  const { project, urls, commit, bundle, rehearsal, restored, siteUrl, artifact, source } = record;
  const { githubDeployment, comment } = record;
  return {
    dry_run: record.dryRun,
    ...(record.environment !== undefined && { environment: record.environment }),
    ...(commit !== undefined && { commit: { sha: commit.sha, url: commit.url, origin: commit.origin } }),
    project: { uuid: project.uuid, name: project.name },
    live: liveOf(record),
    url: urls[0],
    urls,
    deployments: record.deployments.map(({ uuid, failure, isRollback }) => ({
      uuid,
      failure: failure && { code: failure.code, meaning: failure.meaning },
      rollback: isRollback ?? false,
    })),
    verification: verificationResult(record.verification),
    rehearsal: rehearsal && {
      project: rehearsal.project,
      state: rehearsal.state,
      deployment_uuid: rehearsal.deploymentUuid,
      verification: verificationResult(rehearsal.verification),
    },
    restored: restored && {
      state: restored.state,
      commit: restored.commit,
      github_deployment: restored.githubDeployment,
      verification: verificationResult(restored.verification),
    },
    source: source && sourceResult(source),
    bundle: bundle && {
      path: bundle.path,
      size_bytes: bundle.sizeBytes,
      unzipped_bytes: bundle.unzippedBytes,
      files_count: bundle.files.length,
      sha256: bundle.sha256,
      build_id: bundle.buildId,
      notes: bundle.notes,
      warnings: bundle.warnings,
    },
    variables: record.variables.map(({ key, type }) => ({ key, type })),
    site_url: siteUrl && {
      channel_id: siteUrl.channelId,
      state: siteUrl.state,
      url: siteUrl.url,
      before: siteUrl.before,
    },
    artifact: artifact && { id: artifact.id, name: artifact.name, url: artifact.url, digest: artifact.digest },
    github_deployment: githubDeployment && { id: githubDeployment.id, url: githubDeployment.url },
    comment: comment && { id: comment.id, url: comment.url },
  };
}

function verificationResult(verification: VerificationRecord | undefined) {
  if (verification === undefined) return undefined;
  const { state, url, build, reason, durationMs, pages, workerLogs } = verification;
  return {
    ...{ state, url, build, reason },
    duration_seconds: seconds(durationMs),
    pages: pages.map((page) => ({
      path: page.path,
      state: page.state,
      status: page.status,
      bytes: page.bytes,
      attempts: page.attempts,
      first_byte_ms: wholeMs(page.firstByteMs),
      warm_first_byte_ms: wholeMs(page.warmFirstByteMs),
      problem: page.problem,
      advice: page.advice,
      failed_before: page.hasFailedBefore ?? false,
    })),
    worker_logs: workerLogs && workerLogsResult(workerLogs),
  };
}

function workerLogsResult({ state, reason, problems, moreProblems, othersCount, wasLoggedBefore }: WorkerLogsRecord) {
  return {
    ...{ state, reason },
    problems: problems.map(({ level, name, message, count, paths }) => ({ level, name, message, count, paths })),
    problems_count: problems.length + moreProblems,
    logged_before: wasLoggedBefore ?? false,
    others_count: othersCount,
  };
}

function sourceResult({ kind, deployment, replaced, commit, run, artifactId }: SourceRecord) {
  return {
    kind,
    commit,
    run,
    github_deployment: deployment && {
      id: deployment.id,
      url: deployment.url,
      environment: deployment.environment,
      succeeded_at: deployment.succeededAt,
    },
    replaced: replaced && { github_deployment_id: replaced.id, commit: replaced.commit },
    artifact_id: artifactId,
  };
}

function wholeMs(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms);
}
