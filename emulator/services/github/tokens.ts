import { randomBytes } from 'node:crypto';
import type { Level, Permission, Permissions } from './permissions.ts';
import { grantAll } from './permissions.ts';
import type { GitHubUser, UserType } from './records.ts';
import type { Users } from './users.ts';

/** `job`: the workflow job's own; `integration`: of an app that is installed; `personal`: a fine-grained one of a person. */
export type TokenKind = 'job' | 'integration' | 'personal';

export interface GitHubToken {
  readonly token: string;
  readonly kind: TokenKind;
  readonly user: GitHubUser;
  readonly permissions: Permissions;
}

/** A token to add; what is not given is made up. */
export interface NewToken {
  token?: string;
  login: string;
  /** `Bot` for a login that ends in `[bot]`, else `User`. */
  type?: UserType;
  kind?: Exclude<TokenKind, 'job'>;
  /** Write for all unless given; what a given object leaves out is `none`, as in a workflow. */
  permissions?: Partial<Permissions>;
}

export interface JobTokenOptions {
  token: string | undefined;
  login: string;
  permissions: Partial<Permissions> | undefined;
}

/** The tokens that this GitHub knows, and what they may do. */
export class Tokens {
  readonly job: GitHubToken;
  readonly #users: Users;
  readonly #tokens = new Map<string, GitHubToken>();

  constructor(users: Users, { token, login, permissions }: JobTokenOptions) {
    this.#users = users;
    this.job = {
      token: token ?? createTokenText('ghs_'),
      kind: 'job',
      user: users.find(login, 'Bot'),
      permissions: createPermissions(permissions),
    };
    this.#tokens.set(this.job.token, this.job);
  }

  add({ token, login, type, kind, permissions }: NewToken): GitHubToken {
    const user = this.#users.find(login, type);
    const ofKind = kind ?? (user.type === 'Bot' ? 'integration' : 'personal');
    const added: GitHubToken = {
      token: token ?? createTokenText(ofKind === 'personal' ? 'github_pat_' : 'ghs_'),
      kind: ofKind,
      user,
      permissions: createPermissions(permissions),
    };
    this.#tokens.set(added.token, added);
    return added;
  }

  find(token: string): GitHubToken | undefined {
    return this.#tokens.get(token);
  }

  /** Sets what is left of a permission of one token (the job's own). Throws for a token that is not known. */
  setLevel(permission: Permission, level: Level, token: string = this.job.token): void {
    const found = this.find(token);
    if (found === undefined) throw new Error('There is no such GitHub token in the emulator.');
    found.permissions[permission] = level;
  }

  /** All of them, as they are sent. */
  get list(): readonly string[] {
    return [...this.#tokens.keys()];
  }
}

function createPermissions(given: Partial<Permissions> | undefined): Permissions {
  return given === undefined ? grantAll('write') : { ...grantAll('none'), ...given };
}

// The prefixes distinguish the kinds of GitHub's tokens; the rest means nothing.
function createTokenText(prefix: string): string {
  return `${prefix}${randomBytes(18).toString('hex')}`;
}
