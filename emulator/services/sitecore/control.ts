import * as z from 'zod/mini';
import { oneOfOrNull, text } from '../../schema.ts';
import { controlRoute } from '../../service.ts';
import type { SitecoreMembers } from './members.ts';
import { BATCH_HOLD_POINTS } from './records.ts';

interface Members {
  sitecore: SitecoreMembers;
}

export const SITECORE_CONTROL = [
  controlRoute({
    method: 'POST',
    path: 'hold-batches',
    help: '{"at"?}: batches stay there: uploading, file_uploaded or processing (null: no longer)',
    body: z.object({ at: z.optional(oneOfOrNull(BATCH_HOLD_POINTS)) }),
    run: ({ sitecore }: Members, { at = 'processing' }) => sitecore.holdBatches(at ?? undefined),
  }),
  controlRoute({
    method: 'POST',
    path: 'release-batches',
    help: '{"ref"?}: held batches go on',
    body: z.object({ ref: z.optional(text) }),
    run: ({ sitecore }: Members, { ref }) => sitecore.releaseBatches(ref),
  }),
];
