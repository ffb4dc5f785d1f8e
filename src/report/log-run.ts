import { formatDuration, limitChars } from './format.ts';
import type { JobLog } from './job-log.ts';
import { factsLine } from './page.ts';
import { type AnyOccurrence, asCommon, type EndFailure } from './run-events.ts';
import type { PhaseRecord, RunHeader, RunRecord } from './run-record.ts';
import { supportBundleLine } from './support-bundle.ts';

/** Names are foreign text. */
const MAX_NAME_CHARS = 100;

/** What the job log shows of the events that every action has; of others, nothing. */
export function logRunEvent(any: AnyOccurrence, log: JobLog): void {
  const occurrence = asCommon(any);
  switch (occurrence.type) {
    case 'introduced':
      log.info(headerLine(occurrence.event.header));
      break;
    case 'phase-started':
      log.startPhase(occurrence.event.title);
      break;
    case 'phase-status':
      log.setStatus(occurrence.event.title, occurrence.event.text);
      break;
    case 'phase-ended':
      log.endPhase(occurrence.event.title);
      log.info(phaseLine(occurrence.event));
      break;
    case 'info':
      log.info(occurrence.event.line);
      break;
    case 'debug':
      log.debug(occurrence.event.text);
      break;
    case 'warned':
      log.warning(occurrence.event.message, occurrence.event.title);
      break;
    case 'noticed':
    case 'skipped':
      log.notice(occurrence.event.message, occurrence.event.title);
      break;
    case 'errored':
      log.error(occurrence.event.message, occurrence.event.title);
      break;
    case 'api-host-found': {
      const { host, origin, usual, credential } = occurrence.event.other ?? {};
      if (host === undefined) break;
      log.info(`API host: ${host}, from ${origin}, and not ${usual}: ${credential} goes there.`);
      break;
    }
    case 'ended': {
      const { failure } = occurrence.event;
      if (failure !== undefined) logFailure(failure, occurrence.record, log);
    }
  }
}

/** `catalyst-deploy-action/rollback 1.2.0 · store abc123 · project shop · environment production · commit 1a2b3c4` */
function headerLine({ action, version, storeHash, project, environment, commit }: RunHeader): string {
  const facts = [
    `catalyst-deploy-action${action === 'deploy' ? '' : `/${action}`} ${version}`,
    storeHash && `store ${storeHash}`,
    project && `project ${limitChars(project, MAX_NAME_CHARS)}`,
    environment && `environment ${limitChars(environment, MAX_NAME_CHARS)}`,
    commit && `commit ${commit.slice(0, 7)}`,
  ];
  return factsLine(facts) ?? '';
}

function phaseLine({ title, startMs, endMs, state, result, hasWarnings }: PhaseRecord): string {
  const mark = state === 'done' ? (hasWarnings ? '!' : '✓') : '✗';
  return `${mark} ${title}: ${result ?? state} (${formatDuration(endMs - startMs)})`;
}

/** A longer one is for the part of an annotation that may be cut. */
const MAX_REQUEST_CHARS = 1500;

/** @param message what the annotation says, if the log has shown a part of the failure's own message already */
export function logFailure(failure: EndFailure, record: RunRecord, log: JobLog, message = failure.message): void {
  const { title, fix, effect, help, isRequest } = failure;
  const ending = fix === undefined ? [] : [`What to do: ${fix}`];
  if (help !== undefined) ending.push(`${help.words}${help.url === undefined ? '' : `: ${help.url}`}`);
  // What only describes a request comes after what to do.
  const isLast = isRequest === true && ending.length > 0 && message.length <= MAX_REQUEST_CHARS;
  const first = [effect, isLast ? undefined : message].filter((part) => part !== undefined);
  if (isLast) ending.push(message);
  // No annotation begins with an empty line.
  if (first.length === 0) first.push(...ending.splice(0, 1));
  if (record.networkUsed) ending.push(`Correlation id: ${record.correlationId}`);
  const supportBundle = supportBundleLine(record);
  if (supportBundle !== undefined) ending.push(supportBundle);
  log.error(first.join('\n'), title, ending.join('\n'));
}
