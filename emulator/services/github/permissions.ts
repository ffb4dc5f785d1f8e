/** What a token may do. The names are those of a workflow's `permissions:`. */
export const PERMISSIONS = ['actions', 'checks', 'contents', 'deployments', 'issues', 'pull-requests'] as const;

export type Permission = (typeof PERMISSIONS)[number];

export type Level = 'none' | 'read' | 'write';

export type Permissions = Record<Permission, Level>;

/** What a call needs: any one of these. An empty list: nothing but a token that sees the repository. */
export type Needs = readonly { permission: Permission; level: 'read' | 'write' }[];

const RANKS: Readonly<Record<Level, number>> = { none: 0, read: 1, write: 2 };

/** All permissions at one level. */
export function grantAll(level: Level): Permissions {
  return {
    actions: level,
    checks: level,
    contents: level,
    deployments: level,
    issues: level,
    'pull-requests': level,
  };
}

export function isEnough(permissions: Permissions, needs: Needs): boolean {
  return needs.length === 0 || needs.some(({ permission, level }) => RANKS[permissions[permission]] >= RANKS[level]);
}

/**
 * Value of `x-accepted-github-permissions`: sets of permissions, any one of which is enough, are parted by a semicolon
 * (GitHub's documentation, "Troubleshooting the REST API"). `metadata`, which every token has, is what the others need.
 */
export function renderNeeds(needs: Needs): string {
  if (needs.length === 0) return 'metadata=read';
  return needs.map(({ permission, level }) => `${permission.replaceAll('-', '_')}=${level}`).join('; ');
}
