import { items, PAGE_SIZE, type Parts } from './calls.ts';
import type { KnownArtifact } from './github.ts';
import * as schemas from './schemas.ts';

/** Calls about workflow runs, their artifacts, and the tags that a run may be for. */
export function runCalls({ run, here }: Parts) {
  const permission = 'actions: read';
  return {
    readRun: async (runId: number) => {
      const call = { what: `Reading run ${runId}`, permission, repeatable: true };
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
    readArtifact: async (id: number) => {
      const call = { what: `Reading artifact ${id}`, permission, repeatable: true };
      return await run(call, async (octokit) => {
        return schemas.artifact.parse((await octokit.rest.actions.getArtifact({ ...here, artifact_id: id })).data);
      });
    },
    readDownloadUrl: async (artifactId: number) => {
      const call = { what: `Asking for artifact ${artifactId}`, permission, repeatable: true };
      return await run(call, async (octokit) => {
        const request = {
          ...here,
          artifact_id: artifactId,
          archive_format: 'zip',
          request: { redirect: 'manual' },
        } as const;
        return schemas.downloadAddress.parse(await octokit.rest.actions.downloadArtifact(request));
      });
    },
    listRunArtifacts: (runId: number): AsyncIterable<KnownArtifact> => {
      const call = { what: `Reading the artifacts of run ${runId}`, permission, repeatable: true };
      const parameters = { ...here, run_id: runId, per_page: PAGE_SIZE };
      return items(
        run,
        call,
        (octokit) => octokit.paginate.iterator(octokit.rest.actions.listWorkflowRunArtifacts, parameters),
        schemas.artifact,
      );
    },
  };
}
