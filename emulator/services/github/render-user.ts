import type { GitHubUser } from './records.ts';
import type { Urls } from './urls.ts';

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

/** An id of GitHub's GraphQL API: a prefix for the sort of thing, and what only GitHub can read. */
export function createNodeId(prefix: string, id: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(id));
  return `${prefix}_kwDOAB${bytes.toString('base64url')}`;
}

/** GitHub tells times in whole seconds. */
export function renderTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}
