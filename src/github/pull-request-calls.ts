import { type GitHubClientOptions, items, orUncertain, PAGE_SIZE, type Parts } from './calls.ts';
import type { Comment, PullRequest, Reaction } from './github.ts';
import * as schemas from './schemas.ts';

const COMMENT_PERMISSION = 'pull-requests: write';
const CREATED: number = 201;

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

export function commentCalls({ run, here }: Parts) {
  return {
    listComments: (issueNumber: number): AsyncIterable<Comment> => {
      const call = { what: 'Reading the comments', permission: COMMENT_PERMISSION, repeatable: true };
      const parameters = { ...here, issue_number: issueNumber, per_page: PAGE_SIZE };
      return items(
        run,
        call,
        (octokit) => octokit.paginate.iterator(octokit.rest.issues.listComments, parameters),
        schemas.comment,
      );
    },
    createComment: async (issueNumber: number, body: string) => {
      const call = { what: 'Writing the comment', permission: COMMENT_PERMISSION, repeatable: false };
      return await orUncertain(
        run(call, async (octokit) => {
          return schemas.comment.parse(
            (await octokit.rest.issues.createComment({ ...here, issue_number: issueNumber, body })).data,
          );
        }),
      );
    },
    updateComment: async (commentId: number, body: string) => {
      const call = { what: 'Updating the comment', permission: COMMENT_PERMISSION, repeatable: true };
      return await run(call, async (octokit) => {
        return schemas.comment.parse(
          (await octokit.rest.issues.updateComment({ ...here, comment_id: commentId, body })).data,
        );
      });
    },
    deleteComment: async (commentId: number) => {
      const call = { what: 'Deleting a comment', permission: COMMENT_PERMISSION, repeatable: true };
      await run(
        call,
        async (octokit) => void (await octokit.rest.issues.deleteComment({ ...here, comment_id: commentId })),
      );
    },
    reactToComment: async (commentId: number, content: Reaction) => {
      const call = { what: 'Reacting to the comment', permission: COMMENT_PERMISSION, repeatable: true };
      await run(call, async (octokit) => {
        await octokit.rest.reactions.createForIssueComment({ ...here, comment_id: commentId, content });
      });
    },
    claimReaction: async (commentId: number, content: Reaction) => {
      // Sent again after a lost answer, it would be told of its own reaction as if it were another run's.
      const call = { what: 'Reserving the comment', permission: COMMENT_PERMISSION, repeatable: false };
      return await run(call, async (octokit) => {
        const request = { ...here, comment_id: commentId, content };
        const { status, data } = await octokit.rest.reactions.createForIssueComment(request);
        // 200: "already added the reaction type" (GitHub's REST API, "Create reaction for an issue comment").
        return { ...schemas.reaction.parse(data), isNew: status === CREATED };
      });
    },
    deleteReaction: async (commentId: number, reactionId: number) => {
      const call = { what: 'Releasing the comment', permission: COMMENT_PERMISSION, repeatable: true };
      await run(call, async (octokit) => {
        await octokit.rest.reactions.deleteForIssueComment({ ...here, comment_id: commentId, reaction_id: reactionId });
      });
    },
  };
}
