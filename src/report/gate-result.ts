import { VERDICTS } from '../domain/preview-gate.ts';
import type { GateRecord } from './gate-record.ts';
import type { ActionResult } from './result.ts';

/** What the output `result` has of a run of the preview gate. */
export function gateResult(record: GateRecord): ActionResult {
  const { decision, settings, pullRequest, commit, comment, checkRun, failure } = record;
  const verdict = decision === undefined ? undefined : VERDICTS[decision];
  return {
    deploy: failure === undefined && verdict?.deploys === true,
    reason: verdict?.reason,
    decision,
    policy: settings?.policy,
    command_phrase: settings?.commandPhrase,
    event: record.eventName,
    pull_request: pullRequest && { number: pullRequest.number, url: pullRequest.url },
    ...(commit !== undefined && { commit: { sha: commit.sha, url: commit.url, origin: commit.origin } }),
    newest_pull_request: record.newest,
    commander: record.commander,
    comment: comment && { url: comment.url },
    check_run: checkRun && { id: checkRun.id, url: checkRun.url },
  };
}
