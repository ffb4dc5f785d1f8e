import { createNodeId } from './answers.ts';
import type { Urls } from './urls.ts';
import type { Users } from './users.ts';
import { renderUser } from './users.ts';

/** A repository on the embedded GitHub: the one that it has, or the fork that a pull request comes from. */
export interface GitHubRepository {
  id: number;
  owner: string;
  name: string;
  /** `owner/name`. */
  fullName: string;
  isPrivate: boolean;
  isFork: boolean;
  defaultBranch: string;
}

const FULL_NAME = /^[^/\s]+\/[^/\s]+$/;

/** Throws for a name that is not `owner/name`. */
export function createRepository(fullName: string, rest: Omit<GitHubRepository, 'owner' | 'name' | 'fullName'>) {
  if (!FULL_NAME.test(fullName)) throw new Error(`A repository is named 'owner/name'; this one is '${fullName}'.`);
  const [owner = '', name = ''] = fullName.split('/');
  const repository: GitHubRepository = { owner, name, fullName, ...rest };
  return repository;
}

/** The repository that a head is in: this one, or a fork of it. */
export function headRepositoryOf(
  fullName: string | undefined,
  repository: GitHubRepository,
  forkId: number = repository.id + 1,
): GitHubRepository {
  if (fullName === undefined || fullName === '' || fullName === repository.fullName) return repository;
  const { isPrivate, defaultBranch } = repository;
  return createRepository(fullName, { id: forkId, isPrivate, isFork: true, defaultBranch });
}

/** Parts of a repository's API, each with the rest of its URL. */
const LINKS = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
} as const;

const NOTHING_COUNTED = {
  forks: 0,
  forks_count: 0,
  open_issues: 0,
  open_issues_count: 0,
  size: 0,
  stargazers_count: 0,
  watchers: 0,
  watchers_count: 0,
} as const;

/** GitHub's OpenAPI description, `minimal-repository`, as it is in a workflow run: without the default branch. */
export function renderMinimalRepository(repository: GitHubRepository, users: Users, urls: Urls) {
  const { fullName, owner, name, isPrivate } = repository;
  const url = `${urls.api}/repos/${fullName}`;
  return {
    id: repository.id,
    node_id: createNodeId('R', repository.id),
    name,
    full_name: fullName,
    owner: renderUser(users.find(owner, 'Organization'), urls),
    private: isPrivate,
    html_url: `${urls.server}/${fullName}`,
    description: null,
    fork: repository.isFork,
    url,
    ...Object.fromEntries(Object.entries(LINKS).map(([key, rest]) => [key, `${url}${rest}`])),
  };
}

/** GitHub's OpenAPI description, `repository`. */
export function renderRepository(repository: GitHubRepository, users: Users, urls: Urls) {
  const { fullName, isPrivate } = repository;
  const page = `${urls.server}/${fullName}`;
  const host = new URL(urls.server).host;
  return {
    ...renderMinimalRepository(repository, users, urls),
    visibility: isPrivate ? 'private' : 'public',
    clone_url: `${page}.git`,
    git_url: `git://${host}/${fullName}.git`,
    ssh_url: `git@${host}:${fullName}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: 'TypeScript',
    license: null,
    ...NOTHING_COUNTED,
    default_branch: repository.defaultBranch,
    topics: [],
    has_downloads: true,
    has_issues: true,
    has_pages: false,
    has_projects: true,
    has_wiki: true,
    archived: false,
    disabled: false,
    is_template: false,
    allow_forking: true,
    created_at: '2024-02-01T09:00:00Z',
    updated_at: '2025-05-01T09:00:00Z',
    pushed_at: '2025-05-01T09:00:00Z',
  };
}
