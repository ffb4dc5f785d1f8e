import type { Parts } from './calls.ts';
import * as schemas from './schemas.ts';

export function runCalls({ run, here }: Parts) {
  return {
    readRun: async (runId: number) => {
      const call = { what: `Reading run ${runId}`, permission: 'actions: read', repeatable: true };
      return await run(call, async (octokit) => {
        const request = { ...here, run_id: runId };
        return schemas.workflowRun.parse((await octokit.rest.actions.getWorkflowRun(request)).data);
      });
    },
    readTag: async (name: string) => {
      const call = { what: 'Reading a tag', permission: 'contents: read', repeatable: true };
      return await run(call, async (octokit) => {
        const request = { ...here, ref: `tags/${name}` };
        return schemas.tag.parse((await octokit.rest.git.getRef(request)).data);
      });
    },
  };
}
