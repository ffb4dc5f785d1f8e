import { runUrlOf, type WorkflowEvent } from '../github/event.ts';
import { targetOf } from '../github-status/target.ts';
import { type HeaderAction, readStatedHeader, readStatedTarget } from '../inputs/run-header.ts';
import type { InputSource } from '../inputs/source.ts';
import type { CommonRun } from '../report/run-events.ts';
import type { RunHeader } from '../report/run-record.ts';
import { VERSION } from '../version.ts';

interface Parts {
  run: Pick<CommonRun, 'emit'>;
  source: InputSource;
  /** Undefined outside of a runner. */
  event: WorkflowEvent | undefined;
}

/**
 * The first line of a run's log, before any request and before the inputs are checked: what runs, and what for. Masks the
 * secrets of the inputs.
 */
export function introduce(action: HeaderAction, { run, source, event }: Parts): void {
  const { storeHash, project, environment } = readStatedHeader(action, source);
  const target = action === 'deploy' ? deployTarget(source, event) : undefined;
  const commit = action === 'deploy' ? target?.sha : commitOf(action, event);
  const shown = { environment: target?.environment ?? environment, commit };
  const where = { repository: event?.repository, runUrl: event && runUrlOf(event) };
  const known = { storeHash, project, ...shown, ...where };
  const header: RunHeader = { action, version: VERSION };
  for (const [name, value] of Object.entries(known)) if (value !== undefined) Object.assign(header, { [name]: value });
  run.emit({ type: 'introduced', header });
}

function deployTarget(source: InputSource, event: WorkflowEvent | undefined) {
  const stated = readStatedTarget(source);
  return stated === undefined || event === undefined ? undefined : targetOf(stated, event);
}

/** Whose files are read, or whose preview is decided on; others are about earlier bundles, or about none. */
function commitOf(action: HeaderAction, event: WorkflowEvent | undefined): string | undefined {
  if (event === undefined) return undefined;
  if (event.isPullRequest) return action === 'preview-cleanup' ? undefined : event.pullRequest?.headSha;
  return action === 'redirects' || action === 'batch-upload' ? event.sha || undefined : undefined;
}
