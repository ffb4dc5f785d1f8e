import * as z from 'zod/mini';
import { flag, oneOfOrNull, text } from '../../schema.ts';
import { controlRoute, oneOrMore } from '../../service.ts';
import type { RedirectsMembers } from './members.ts';
import { JOB_HOLD_POINTS } from './records.ts';

interface Members {
  redirects: RedirectsMembers;
}

export const REDIRECTS_CONTROL = [
  controlRoute({
    method: 'POST',
    path: 'redirects',
    help: '{"fromPath", "to", "siteId"?, "copy"?}: one more redirect, or a list of them; "copy": under an id of its own, though the site has the path already',
    body: oneOrMore(
      z.object({
        fromPath: text,
        to: text,
        siteId: z.optional(z.coerce.number()),
        copy: z.optional(flag),
      }),
    ),
    run: ({ redirects }: Members, added) =>
      redirects.add(
        ...added.map(({ siteId, copy = false, ...redirect }) => ({
          ...redirect,
          copy,
          ...(siteId !== undefined && { siteId }),
        })),
      ),
  }),
  controlRoute({
    method: 'POST',
    path: 'hold-jobs',
    help: '{"at"?}: jobs of redirects stay there, new or working (null: no longer)',
    body: z.object({ at: z.optional(oneOfOrNull(JOB_HOLD_POINTS)) }),
    run: ({ redirects }: Members, { at = 'working' }) => redirects.holdJobs(at ?? undefined),
  }),
  controlRoute({
    method: 'POST',
    path: 'release-jobs',
    help: '{"job_id"?}: held jobs go on',
    body: z.object({ job_id: z.optional(text) }),
    run: ({ redirects }: Members, { job_id: jobId }) => redirects.releaseJobs(jobId),
  }),
];
