import { items, orUncertain, PAGE_SIZE, type Parts } from './calls.ts';
import type { Comment, Reaction } from './github.ts';
import * as schemas from './schemas.ts';

export const COMMENT_PERMISSION = 'pull-requests: write';

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
  };
}
