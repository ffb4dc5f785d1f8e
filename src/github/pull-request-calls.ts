import { type GitHubClientOptions, items, PAGE_SIZE, type Parts } from './calls.ts';
import { COMMENT_PERMISSION } from './comment-calls.ts';
import type { PullRequest } from './github.ts';
import * as schemas from './schemas.ts';

export function pullRequestCalls({ run, here }: Parts, { writesComments, repository }: GitHubClientOptions) {
  const permission = writesComments ? COMMENT_PERMISSION : 'pull-requests: read';
  const schema = schemas.pullRequestOf(repository);
  return {
    readPullRequest: async (number: number) => {
      const call = { what: `Reading pull request ${number}`, permission, repeatable: true };
      return await run(call, async (octokit) => {
        return schema.parse((await octokit.rest.pulls.get({ ...here, pull_number: number })).data);
      });
    },
    readPullRequestState: async (number: number) => {
      const call = { what: `Reading pull request ${number}`, permission, repeatable: true };
      return await run(call, async (octokit) => {
        return schemas.pullRequestState.parse((await octokit.rest.pulls.get({ ...here, pull_number: number })).data);
      });
    },
    listOpenPullRequests: (): AsyncIterable<PullRequest> => {
      const call = { what: 'Reading the open pull requests', permission, repeatable: true };
      const parameters = { ...here, state: 'open', per_page: PAGE_SIZE } as const;
      return items(run, call, (octokit) => octokit.paginate.iterator(octokit.rest.pulls.list, parameters), schema);
    },
  };
}
