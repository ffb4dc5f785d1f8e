import * as z from 'zod/mini';
import { milliseconds } from '../../faults/define.ts';
import { flag } from '../../schema.ts';
import { controlRoute } from '../../service.ts';
import type { StorefrontMembers } from './members.ts';
import { allowedHost } from './options.ts';

export const STOREFRONT_CONTROL = [
  controlRoute({
    method: 'POST',
    path: 'serve',
    help: '{"allow"?, "delay_ms"?, "old_for_ms"?, "broken"?}: how storefronts are served from now on',
    body: z.object({
      allow: z.optional(z.array(allowedHost)),
      delay_ms: z.optional(milliseconds),
      old_for_ms: z.optional(milliseconds),
      broken: z.optional(flag),
    }),
    run: ({ storefronts }: { storefronts: StorefrontMembers }, body) =>
      storefronts.configure({
        ...(body.allow !== undefined && { allow: body.allow }),
        ...(body.delay_ms !== undefined && { delayMs: body.delay_ms }),
        ...(body.old_for_ms !== undefined && { oldForMs: body.old_for_ms }),
        ...(body.broken !== undefined && { broken: body.broken }),
      }),
  }),
];
