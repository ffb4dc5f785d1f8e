import * as z from 'zod/mini';
import { described, oneOf, text } from '../../schema.ts';
import { controlRoute } from '../../service.ts';
import type { WorkerLogMembers } from './members.ts';
import { LOG_LEVELS } from './records.ts';

const request = z.object({ method: text, url: text, status_code: described(z.int(), 'a whole number') });
const log = z.object({ timestamp: text, level: oneOf(LOG_LEVELS), messages: z.array(z.unknown()) });
const exception = z.object({ timestamp: text, name: text, message: text });

export const WORKER_LOG_CONTROL = [
  controlRoute({
    method: 'POST',
    path: 'worker-logs',
    help: '{"project_uuid", "request"?, "logs"?, "exceptions"?, "timestamp"?}: a worker log event',
    body: z.object({
      project_uuid: text,
      request: z.optional(z.nullable(request)),
      logs: z.optional(z.array(log)),
      exceptions: z.optional(z.array(exception)),
      timestamp: z.optional(text),
    }),
    run: (members: WorkerLogMembers, { project_uuid: uuid, ...event }) => {
      const given = Object.entries(event).filter(([, value]) => value !== undefined);
      members.addWorkerLog(uuid, Object.fromEntries(given));
    },
  }),
];
