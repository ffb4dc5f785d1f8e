/** What a token may do. The names are those of a workflow's `permissions:`. */
export const PERMISSIONS = ['actions', 'checks', 'contents', 'deployments', 'issues', 'pull-requests'] as const;

export type Permission = (typeof PERMISSIONS)[number];

export type Level = 'none' | 'read' | 'write';

export type Permissions = Record<Permission, Level>;

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

/** Whether any of the permissions that an endpoint needs is there. It may need none. */
export function isEnough(permissions: Permissions, needs: readonly Permission[], level: Level): boolean {
  return needs.length === 0 || needs.some((permission) => RANKS[permissions[permission]] >= RANKS[level]);
}

/**
 * Value of `x-accepted-github-permissions`: sets of permissions, any one of which is enough, are separated by semicolons
 * (GitHub's documentation, "Troubleshooting the REST API"). `metadata`, which every token has, is what the others need.
 */
export function renderNeeds(needs: readonly Permission[], level: Level): string {
  if (needs.length === 0) return 'metadata=read';
  return needs.map((permission) => `${permission.replaceAll('-', '_')}=${level}`).join('; ');
}
