import { findLeaks } from '../../leaks.ts';
import type { Exchange, ServiceContext } from '../../service.ts';
import { defineService } from '../../service.ts';
import { githubCli } from './cli.ts';
import { GITHUB_CONTROL } from './control.ts';
import type { GitHubEndpoint } from './endpoint.ts';
import { GITHUB_ENDPOINTS } from './endpoints.ts';
import { GITHUB_FAULTS } from './faults.ts';
import { GitHub } from './github.ts';
import { createGitHubMembers } from './members.ts';
import type { GitHubOptions } from './options.ts';

/** GitHub's REST and GraphQL API, as far as a deployment needs it (API document, section 4). */
export const github = defineService({
  name: 'github',
  owner: 'GitHub',
  endpoints: GITHUB_ENDPOINTS,
  faults: GITHUB_FAULTS,
  anyCall: 'github.any',
  cli: githubCli,
  control: GITHUB_CONTROL,
  start: ({ origin }: ServiceContext, options: { github?: GitHubOptions | undefined }) => {
    const state = new GitHub(options.github);
    const members = { github: createGitHubMembers(state, origin) };
    return {
      members,
      credentials: { subject: 'A token of GitHub was', list: () => state.tokens.list },
      answer: (exchange: Exchange<GitHubEndpoint>) => state.answer(exchange),
      violations: (exchange, foreign) => findLeaks(exchange, foreign, 'GitHub'),
      state: () => {
        const { repository, login, deployments, comments, pullRequests, checkRuns } = members.github;
        return { github: { repository, login, deployments, comments, pullRequests, checkRuns } };
      },
    };
  },
});
