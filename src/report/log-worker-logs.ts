import { describeProblem } from '../domain/worker-logs/problems.ts';
import type { DeployRecord } from './deploy-record.ts';
import type { JobLog } from './job-log.ts';
import type { Verified } from './verification-record.ts';
import type { WorkerLogsEvent } from './worker-logs-record.ts';

/** What the job log shows of a worker's logs: an annotation for each kind of error. */
export function logWorkerLogs(
  { workerLogs, isBroken }: WorkerLogsEvent,
  record: Pick<DeployRecord, keyof Verified>,
  log: Pick<JobLog, 'annotate' | 'roomFor' | 'notice'>,
): void {
  const { state, reason = '', problems } = workerLogs;
  if (state === 'refused' && !wasRefusedBefore(record)) log.notice(reason, 'Worker log not read');
  // What was brought back does not end the run: the errors that GitHub shows are those of what was deployed.
  const isError = isBroken && record.restored === undefined;
  const level = isError ? 'error' : 'warning';
  const where = record.rehearsal?.state === 'running' ? ' in the rehearsal' : '';
  // One is left for what comes after: the failure itself.
  for (const problem of problems.slice(0, Math.max(0, log.roomFor(level) - 1)))
    log.annotate(level, describeProblem(problem), `Worker log: ${problem.level}${where}`, NO_PLACE);
}

const NO_PLACE = { path: undefined, line: undefined };

/** It is refused to all verifications of a run, and said once. */
function wasRefusedBefore({ rehearsal, verification }: Pick<DeployRecord, keyof Verified>): boolean {
  return [rehearsal?.verification, verification].some((one) => one?.workerLogs?.state === 'refused');
}
