import type { BodyAnswer } from '../../answers.ts';
import { createGitHubAnswer, createNotFound } from './answers.ts';
import type { GitHubEndpoint, GitHubRequest } from './endpoint.ts';
import { REPOSITORY } from './endpoint.ts';
import type { GitHubStore } from './store.ts';
import type { Role } from './users.ts';
import { renderUser } from './users.ts';

export const COLLABORATOR_ENDPOINTS = [
  {
    call: 'github.getPermission',
    method: 'GET',
    path: `${REPOSITORY}/collaborators/:name/permission`,
    needs: [],
    docs: '/collaborators/collaborators#get-repository-permissions-for-a-user',
    answer: getPermission,
  },
] as const satisfies readonly GitHubEndpoint[];

/** The permission that GitHub shows for a role (its documentation, "Get repository permissions for a user"). */
const PERMISSION_OF_ROLES: Readonly<Record<Role, string>> = {
  none: 'none',
  read: 'read',
  triage: 'read',
  write: 'write',
  maintain: 'write',
  admin: 'admin',
};

function getPermission({ name: login, docs, urls }: GitHubRequest, store: GitHubStore): BodyAnswer {
  const user = store.users.look(login);
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
