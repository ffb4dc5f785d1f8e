import * as z from 'zod/mini';
import { oneOfOrNull, text } from '../../schema.ts';
import { controlRoute } from '../../service.ts';
import type { HostingMembers } from './members.ts';
import { HOLD_POINTS } from './records.ts';

export const HOSTING_CONTROL = [
  controlRoute({
    method: 'POST',
    path: 'projects',
    help: '{"name"}: one more project',
    body: z.object({ name: text }),
    run: (members: HostingMembers, { name }) => members.addProject(name),
  }),
  controlRoute({
    method: 'POST',
    path: 'hold',
    help: '{"at"?}: deployments stay in this step (null: no longer)',
    body: z.object({ at: z.optional(oneOfOrNull(HOLD_POINTS)) }),
    run: (members: HostingMembers, { at = 'deploying' }) => members.holdDeployments(at ?? undefined),
  }),
  controlRoute({
    method: 'POST',
    path: 'release',
    help: '{"deployment_uuid"?}: held deployments go on',
    body: z.object({ deployment_uuid: z.optional(text) }),
    run: (members: HostingMembers, { deployment_uuid: uuid }) => members.releaseDeployment(uuid),
  }),
];
