import { createNodeId } from './answers.ts';
import type { AuthorAssociation, GitHubUser, UserType } from './records.ts';
import type { Urls } from './urls.ts';

export const ROLES = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;

/** What a person may do in the repository. */
export type Role = (typeof ROLES)[number];

const ACTIONS_BOT = 'github-actions[bot]';
/** The account of GitHub Actions has this id on the real GitHub. */
const ACTIONS_BOT_ID = 41_898_282;

/** The accounts that have appeared here, and their roles in the repository. */
export class Users {
  readonly #users = new Map<string, GitHubUser>();
  readonly #roles = new Map<string, Role>();
  #lastId = 83_000_000;

  /** Logins are case-insensitive. An unknown one becomes an account. */
  find(login: string, type?: UserType): GitHubUser {
    const known = this.look(login);
    if (known !== undefined) return known;
    this.#lastId += 977;
    const user: GitHubUser = {
      login,
      id: login === ACTIONS_BOT ? ACTIONS_BOT_ID : this.#lastId,
      type: type ?? (login.endsWith('[bot]') ? 'Bot' : 'User'),
    };
    this.#users.set(login.toLowerCase(), user);
    return user;
  }

  /** Only an account that is known. */
  look(login: string): GitHubUser | undefined {
    return this.#users.get(login.toLowerCase());
  }

  setRole(login: string, role: Role): void {
    this.find(login);
    this.#roles.set(login.toLowerCase(), role);
  }

  roleOf(login: string): Role {
    return this.#roles.get(login.toLowerCase()) ?? 'none';
  }

  associationOf(user: GitHubUser): AuthorAssociation {
    const role = this.roleOf(user.login);
    if (role === 'admin') return 'OWNER';
    return role === 'none' || role === 'read' ? 'NONE' : 'COLLABORATOR';
  }
}

/** The GitHub Actions app: the same on every GitHub. */
const ACTIONS_APP = { id: 15_368, slug: 'github-actions', name: 'GitHub Actions', owner: 'github' } as const;

/** GitHub's OpenAPI description, `simple-user`. */
export function renderUser(user: GitHubUser, urls: Urls) {
  const url = `${urls.api}/users/${encodeURIComponent(user.login)}`;
  const page = user.type === 'Bot' ? `apps/${user.login.replace(/\[bot\]$/, '')}` : user.login;
  return {
    login: user.login,
    id: user.id,
    node_id: createNodeId(user.type === 'Bot' ? 'BOT' : 'U', user.id),
    avatar_url: `${urls.server}/avatars/u/${user.id}?v=4`,
    gravatar_id: '',
    url,
    html_url: encodeURI(`${urls.server}/${page}`),
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: user.type,
    user_view_type: 'public',
    site_admin: false,
  };
}

/** GitHub's OpenAPI description, `integration`; null for what a person did. */
export function renderApp(creator: GitHubUser, urls: Urls) {
  if (creator.login !== 'github-actions[bot]') return null;
  const createdAt = '2018-07-30T09:30:17Z';
  return {
    id: ACTIONS_APP.id,
    client_id: 'Iv1.emulated0000000',
    slug: ACTIONS_APP.slug,
    node_id: createNodeId('A', ACTIONS_APP.id),
    owner: renderUser({ login: ACTIONS_APP.owner, id: 9919, type: 'Organization' }, urls),
    name: ACTIONS_APP.name,
    description: 'Automate your workflow from idea to production',
    external_url: 'https://help.github.com/en/actions',
    html_url: `${urls.server}/apps/${ACTIONS_APP.slug}`,
    created_at: createdAt,
    updated_at: createdAt,
    permissions: { actions: 'write', checks: 'write', deployments: 'write', issues: 'write', metadata: 'read' },
    events: ['check_run', 'deployment', 'issue_comment', 'pull_request', 'push'],
  };
}
