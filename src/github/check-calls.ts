import { orUncertain, type Parts } from './calls.ts';
import type { CheckRunChange, NewCheckRun } from './github.ts';
import * as schemas from './schemas.ts';

export function checkCalls({ octokit, run, here }: Parts) {
  const { checks } = octokit.rest;
  const permission = 'checks: write';
  return {
    createCheckRun: async ({ name, sha, title, summary, detailsUrl }: NewCheckRun) => {
      const call = { what: 'Creating the check run', permission, repeatable: false };
      return await orUncertain(
        run(call, async () => {
          const { data } = await checks.create({
            ...here,
            name,
            head_sha: sha,
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
      await run(call, async () => {
        await checks.update({
          ...here,
          check_run_id: id,
          output: { title, summary },
          ...(detailsUrl === undefined ? {} : { details_url: detailsUrl }),
          ...(conclusion === undefined ? { status: 'in_progress' } : { status: 'completed', conclusion }),
        });
      });
    },
    readCheckRun: async (id: number) => {
      const call = { what: `Reading check run ${id}`, permission: 'checks: read', repeatable: true };
      return await run(call, async () => {
        return schemas.checkRun.parse((await checks.get({ ...here, check_run_id: id })).data);
      });
    },
  };
}
