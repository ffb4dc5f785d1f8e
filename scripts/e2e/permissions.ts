/** What a workflow's token may do on GitHub, which act does not care about. */
import { parse } from 'yaml';
import * as z from 'zod';
import type { Level, Permissions } from '../../emulator/services/github/permissions.ts';
import { grantAll, PERMISSIONS } from '../../emulator/services/github/permissions.ts';

const LEVELS = ['none', 'read', 'write'] as const satisfies readonly Level[];

const permissions = z.union([z.enum(['read-all', 'write-all']), z.record(z.string(), z.enum(LEVELS))]).nullish();
const workflowSchema = z.object({ permissions, jobs: z.record(z.string(), z.object({ permissions })) });

type Given = z.infer<typeof permissions>;

/**
 * What any of its jobs may do: a job's own `permissions`, else the workflow's. Without any it is what new repositories
 * have: `contents: read`.
 * @param text of the workflow
 */
export function findPermissions(text: string): Permissions {
  const workflow = workflowSchema.parse(parse(text));
  const jobs = Object.values(workflow.jobs).map((job) => levelsOf(job.permissions ?? workflow.permissions));
  const result = grantAll('none');
  for (const name of PERMISSIONS) {
    const levels = jobs.map((job) => LEVELS.indexOf(job[name]));
    result[name] = LEVELS[Math.max(0, ...levels)] ?? 'none';
  }
  return result;
}

function levelsOf(given: Given): Permissions {
  if (given === 'read-all') return grantAll('read');
  if (given === 'write-all') return grantAll('write');
  return { ...grantAll('none'), ...(given ?? { contents: 'read' }) };
}
