import * as z from 'zod/mini';
import { oneOf } from '../../schema.ts';
import { controlRoute } from '../../service.ts';
import type { GitHubMembers } from './members.ts';
import { PERMISSIONS } from './permissions.ts';

export const GITHUB_CONTROL = [
  controlRoute({
    method: 'POST',
    path: 'permissions',
    help: '{"permission", "level"}: none, read or write, for the job\'s token on GitHub',
    body: z.object({ permission: oneOf(PERMISSIONS), level: oneOf(['none', 'read', 'write']) }),
    run: ({ github }: { github: GitHubMembers }, { permission, level }) => {
      if (level === 'write') github.allow(permission);
      else github.deny(permission, level);
    },
  }),
];
