import * as z from 'zod/mini';
import { wholeNumber } from '../../faults/define.ts';
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
    help: '{"project_uuid", "request"?, "logs"?, "exceptions"?, "timestamp"?, "times"?}: a worker log event, so many times (1), as fast as it goes',
    body: z.object({
      project_uuid: text,
      request: z.optional(z.nullable(request)),
      logs: z.optional(z.array(log)),
      exceptions: z.optional(z.array(exception)),
      timestamp: z.optional(text),
      times: z.optional(wholeNumber),
    }),
    run: (members: WorkerLogMembers, { project_uuid: uuid, times = 1, ...event }) => {
      const given = Object.entries(event).filter(([, value]) => value !== undefined);
      const log = Object.fromEntries(given);
      if (times === 1) members.addWorkerLog(uuid, log);
      else void members.floodWorkerLogs(uuid, times, log);
    },
  }),
];
