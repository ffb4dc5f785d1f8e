import type { BodyAnswer } from '../../answers.ts';
import { createGitHubAnswer, createGitHubError, createNotFound } from './answers.ts';
import { renderTime, renderUser } from './render-user.ts';
import type { GitHubRequest } from './request.ts';
import type { GitHubStore } from './store.ts';
import type { Role } from './users.ts';

/** What GitHub tells as the permission of a role (its documentation, "Get repository permissions for a user"). */
const PERMISSION_OF_ROLES: Readonly<Record<Role, string>> = {
  none: 'none',
  read: 'read',
  triage: 'read',
  write: 'write',
  maintain: 'write',
  admin: 'admin',
};

/** `GET /repos/{owner}/{repo}/collaborators/{username}/permission`. */
export function answerGetPermission({ word, docs, urls }: GitHubRequest, store: GitHubStore): BodyAnswer {
  const user = store.users.look(word);
  if (user === undefined) return createNotFound(docs);
  const given = store.users.roleOf(user.login);
  // Everybody may read what is public.
  const role = given === 'none' && !store.repository.isPrivate ? 'read' : given;
  const permission = PERMISSION_OF_ROLES[role];
  const permissions = {
    pull: role !== 'none',
    triage: role !== 'none' && role !== 'read',
    push: permission === 'write' || permission === 'admin',
    maintain: role === 'maintain' || role === 'admin',
    admin: role === 'admin',
  };
  const rendered = { ...renderUser(user, urls), permissions, role_name: role };
  return createGitHubAnswer(200, { permission, user: rendered, role_name: role });
}

/** `GET /user`: a person's token alone may ask who it is. */
export function answerGetUser({ token, docs, urls }: GitHubRequest): BodyAnswer {
  if (token === undefined) return createGitHubError(401, 'Requires authentication', docs);
  if (token.kind !== 'personal') return createGitHubError(403, 'Resource not accessible by integration', docs);
  const since = renderTime(Date.UTC(2020, 0, 1));
  return createGitHubAnswer(200, {
    ...renderUser(token.user, urls),
    name: null,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 1,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: since,
    updated_at: since,
  });
}
