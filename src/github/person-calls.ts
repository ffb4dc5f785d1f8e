import type { GitHubClientOptions, Octokit, Parts } from './calls.ts';
import * as schemas from './schemas.ts';

/** Installation tokens, a job's own among them (GitHub's documentation, "About authentication to GitHub"). */
const INSTALLATION_TOKEN = /^ghs_/;

async function readUser(run: Parts['run']): Promise<string> {
  const call = { what: 'Asking GitHub who owns the token', permission: undefined, repeatable: true };
  return await run(call, async (octokit) => schemas.user.parse((await octokit.rest.users.getAuthenticated()).data));
}

export function personCalls({ run, here }: Parts, { token }: GitHubClientOptions) {
  return {
    readViewerLogin: async () => {
      const call = { what: 'Asking GitHub who the token writes as', permission: undefined, repeatable: true };
      const isInstallation = INSTALLATION_TOKEN.test(token);
      try {
        const ask = async (octokit: Octokit) =>
          schemas.viewer.parse(await octokit.graphql('query { viewer { login } }'));
        const login = await run(call, ask);
        // GraphQL sometimes omits the ending of an app's login, REST does not.
        return isInstallation && !login.endsWith('[bot]') ? `${login}[bot]` : login;
      } catch (error) {
        // REST answers this for people, not for apps.
        return isInstallation ? undefined : await readUser(run).catch(() => Promise.reject(error));
      }
    },
    readPermission: async (login: string) => {
      const call = { what: `Asking what ${login} may do here`, permission: undefined, repeatable: true };
      return await run(call, async (octokit) => {
        const request = { ...here, username: login };
        return schemas.permission.parse((await octokit.rest.repos.getCollaboratorPermissionLevel(request)).data);
      });
    },
  };
}
