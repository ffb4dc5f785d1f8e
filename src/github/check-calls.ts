import { items, orUncertain, PAGE_SIZE, type Parts } from './calls.ts';
import type { CheckRun, CheckRunChange, CheckRunFilter, NewCheckRun } from './github.ts';
import * as schemas from './schemas.ts';

export function checkCalls({ run, here }: Parts) {
  const permission = 'checks: write';
  return {
    createCheckRun: async ({ name, sha, externalId, title, summary, detailsUrl }: NewCheckRun) => {
      const call = { what: 'Creating the check run', permission, repeatable: false };
      return await orUncertain(
        run(call, async (octokit) => {
          const { data } = await octokit.rest.checks.create({
            ...here,
            name,
            head_sha: sha,
            external_id: externalId,
            status: 'in_progress',
            output: { title, summary },
            ...(detailsUrl === undefined ? {} : { details_url: detailsUrl }),
          });
          return schemas.checkRun.parse(data);
        }),
      );
    },
    updateCheckRun: async (id: number, { conclusion, title, summary, detailsUrl }: CheckRunChange) => {
      const call = { what: `Updating check run ${id}`, permission, repeatable: true };
      await run(call, async (octokit) => {
        await octokit.rest.checks.update({
          ...here,
          check_run_id: id,
          output: { title, summary },
          ...(detailsUrl === undefined ? {} : { details_url: detailsUrl }),
          ...(conclusion === undefined ? { status: 'in_progress' } : { status: 'completed', conclusion }),
        });
      });
    },
    listCheckRuns: ({ sha, name }: CheckRunFilter): AsyncIterable<CheckRun> => {
      const call = { what: 'Looking for the check run', permission: 'checks: read', repeatable: true };
      // Without `all` GitHub lists only the latest one of each name.
      const parameters = { ...here, ref: sha, check_name: name, filter: 'all', per_page: PAGE_SIZE } as const;
      return items(
        run,
        call,
        (octokit) => octokit.paginate.iterator(octokit.rest.checks.listForRef, parameters),
        schemas.checkRun,
      );
    },
    readCheckRun: async (id: number) => {
      const call = { what: `Reading check run ${id}`, permission: 'checks: read', repeatable: true };
      return await run(call, async (octokit) => {
        return schemas.checkRun.parse((await octokit.rest.checks.get({ ...here, check_run_id: id })).data);
      });
    },
  };
}
