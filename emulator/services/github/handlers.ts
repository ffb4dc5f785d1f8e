import { answerGetPermission, answerGetUser } from './accounts.ts';
import { answerDownloadArtifact, answerGetArtifact, answerListRunArtifacts } from './artifacts.ts';
import type { GitHubCall } from './calls.ts';
import { answerCreateCheckRun, answerGetCheckRun, answerListCheckRuns, answerUpdateCheckRun } from './checks.ts';
import {
  answerCreateComment,
  answerCreateReaction,
  answerDeleteComment,
  answerGetComment,
  answerListComments,
  answerUpdateComment,
} from './comments.ts';
import {
  answerCreateDeployment,
  answerDeleteDeployment,
  answerGetDeployment,
  answerListDeployments,
} from './deployments.ts';
import { answerGraphql } from './graphql.ts';
import { answerGetPullRequest, answerListPullRequests } from './pull-requests.ts';
import type { Handler } from './request.ts';
import { answerGetRun } from './runs.ts';
import { answerCreateStatus, answerListStatuses } from './statuses.ts';
import { answerGetRef } from './tags.ts';

/** Who answers which call; undefined: nobody does. */
export const HANDLERS: Readonly<Record<GitHubCall, Handler | undefined>> = {
  'github.createDeployment': answerCreateDeployment,
  'github.listDeployments': answerListDeployments,
  'github.getDeployment': answerGetDeployment,
  'github.deleteDeployment': answerDeleteDeployment,
  'github.createDeploymentStatus': answerCreateStatus,
  'github.listDeploymentStatuses': answerListStatuses,
  'github.listComments': answerListComments,
  'github.createComment': answerCreateComment,
  'github.getComment': answerGetComment,
  'github.updateComment': answerUpdateComment,
  'github.deleteComment': answerDeleteComment,
  'github.createReaction': answerCreateReaction,
  'github.getPullRequest': answerGetPullRequest,
  'github.listPullRequests': answerListPullRequests,
  'github.createCheckRun': answerCreateCheckRun,
  'github.updateCheckRun': answerUpdateCheckRun,
  'github.getCheckRun': answerGetCheckRun,
  'github.listCheckRuns': answerListCheckRuns,
  'github.getPermission': answerGetPermission,
  'github.getRun': answerGetRun,
  'github.getRef': answerGetRef,
  'github.listRunArtifacts': answerListRunArtifacts,
  'github.getArtifact': answerGetArtifact,
  'github.downloadArtifact': answerDownloadArtifact,
  'github.graphql': answerGraphql,
  'github.getUser': answerGetUser,
  'github.unknown': undefined,
};
