import type { AuthorAssociation, GitHubUser, UserType } from './records.ts';

export const ROLES = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;

/** What a person may do in the repository. */
export type Role = (typeof ROLES)[number];

const ACTIONS_BOT = 'github-actions[bot]';
/** The account of GitHub Actions has this id on the real GitHub. */
const ACTIONS_BOT_ID = 41_898_282;

/** The accounts that anybody here was heard of, and their roles in the repository. */
export class Users {
  readonly #users = new Map<string, GitHubUser>();
  readonly #roles = new Map<string, Role>();
  #lastId = 83_000_000;

  /** Logins are the same in any case of letters. A new one becomes an account. */
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

  /** An account that is known, and no new one. */
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
