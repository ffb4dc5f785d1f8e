import * as z from 'zod/mini';
import { wordText } from '../../cli-values.ts';
import { described } from '../../schema.ts';
import { serviceCli } from '../../service.ts';
import type { GitHubMembers } from './members.ts';
import type { GitHubOptions } from './options.ts';
import { grantAll, PERMISSIONS } from './permissions.ts';

const denial = described(
  z.templateLiteral([z.enum(PERMISSIONS), z.optional(z.literal('=read'))]),
  `one of ${PERMISSIONS.join(', ')}, or that and =read`,
);

export const githubCli = serviceCli({
  options: {
    'github-repository': {
      placeholder: 'NAME',
      help: 'owner/name of the repository on the embedded GitHub (acme/storefront)',
      schema: described(z.string().check(z.regex(/^[\w.-]+\/[\w.-]+$/)), 'owner/name'),
    },
    'github-token': { placeholder: 'TOKEN', help: "the job's own token there (made up)", schema: wordText },
    'github-deny': {
      placeholder: 'PERMISSION',
      help: `the job's token lacks it; with =read it can still read; may be given more than once: ${PERMISSIONS.join(', ')}`,
      multiple: true,
      schema: z.array(denial),
    },
  },
  read: (values): { github: GitHubOptions } => {
    const denied = (values['github-deny'] ?? []).map((text) => {
      const [permission, left = 'none'] = text.split('=');
      return [permission, left];
    });
    return {
      github: {
        repository: values['github-repository'],
        token: values['github-token'],
        permissions: { ...grantAll('write'), ...Object.fromEntries(denied) },
      },
    };
  },
  settings: ({ github }: { github: GitHubMembers }) => ({
    inputs: [`github-token: ${github.token}`],
    text: renderEnvironment(github),
  }),
});

/** What a job on it would find in its environment. The action takes the token as an input alone. */
function renderEnvironment(github: GitHubMembers): string[] {
  const enterprise = github.environment('enterprise');
  const [pullRequest] = github.pullRequests;
  return [
    'The embedded GitHub, for deployments and comments. Environment:',
    '',
    ...Object.entries(github.environment()).map(([name, value]) => `${name}=${value}`),
    '',
    'An input without a runner: env "INPUT_GITHUB-TOKEN=..." "INPUT_PULL-REQUEST=..." command',
    `Pull request ${pullRequest?.number}: ${pullRequest?.head.sha}`,
    `As GitHub Enterprise Server: GITHUB_API_URL=${enterprise['GITHUB_API_URL']} GITHUB_SERVER_URL=${enterprise['GITHUB_SERVER_URL']}`,
  ];
}
