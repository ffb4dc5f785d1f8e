import type { CleanupRecord } from './cleanup-record.ts';
import type { ActionResult } from './result.ts';

/** What the output `result` has of a run of `preview-cleanup`. */
export function cleanupResult({ dryRun, previews, note }: CleanupRecord): ActionResult {
  return {
    dry_run: dryRun,
    previews: previews.map(({ project, uuid, pullRequest, pullRequestUrl, fate, why }) => ({
      project: { uuid, name: project },
      pull_request: { number: pullRequest, url: pullRequestUrl },
      ...{ fate, why },
    })),
    deleted_count: previews.filter(({ fate }) => fate === 'gone').length,
    note,
  };
}
