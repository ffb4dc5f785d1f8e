import type { Answer } from '../../answers.ts';
import { createErrorAnswer } from '../../answers.ts';
import { ANSWER_FAULTS, STATUS_AFTER_WORK } from '../../faults/answer-faults.ts';
import { findLeaks } from '../../leaks.ts';
import type { Exchange, OptionsOf, ServiceContext } from '../../service.ts';
import { defineService, serviceCli, withDefaults } from '../../service.ts';
import type { StoreEndpoint, StoreRequest } from '../../store-api.ts';
import { EventStream } from '../../streams/event-stream.ts';
import { STREAM_FAULTS } from '../../streams/stream-faults.ts';
import { isUuid } from '../../uuid.ts';
import { DEPLOYMENT_STREAM } from '../hosting/events.ts';
import { hosting } from '../hosting/index.ts';
import type { WorkerLog } from './worker-logs.ts';
import { WorkerLogs } from './worker-logs.ts';

const DEFAULTS = {
  /** A comment is sent this often on an open tail. */
  logKeepAliveMs: 15_000,
  /** A tail is ended after so long. */
  logCutMs: 60_000,
  /** A worker log event is made up this often on an open tail; 0: never. */
  workerLogEveryMs: 0,
};

type Settings = typeof DEFAULTS;

export type WorkerLogOptions = OptionsOf<Settings>;

export interface WorkerLogMembers {
  /** Sends an event to every open tail of the project; what is not given is made up. */
  addWorkerLog(projectUuid: string, log?: Partial<WorkerLog>): void;
}

/** Logs of the deployed workers (API document, section 1, "Worker log event"). */
export const workerLogs = defineService({
  name: 'worker-logs',
  owner: 'BigCommerce',
  endpoints: [
    {
      call: 'logs',
      method: 'GET',
      path: '/stores/:storeHash/v3/infrastructure/logs/:uuid/tail',
      scopes: ['store_infrastructure_logs_read_only'],
    },
  ],
  faults: [...ANSWER_FAULTS, STATUS_AFTER_WORK, ...STREAM_FAULTS],
  cli: serviceCli({ options: {}, read: (): WorkerLogOptions => ({ workerLogEveryMs: 2000 }) }),
  start: (context: ServiceContext, options: WorkerLogOptions) => {
    const settings = withDefaults(DEFAULTS, options);
    const { api, projects } = hosting.of(context);
    const logs = new WorkerLogs();
    const members: WorkerLogMembers = { addWorkerLog: (projectUuid, log) => logs.add(projectUuid, log) };
    return {
      /** For a service that runs workers. */
      logs,
      members,
      answer: (exchange: Exchange<StoreEndpoint>) =>
        api.answer(exchange, {
          answer: (request) => {
            const uuid = request.param('uuid');
            if (!isUuid(uuid)) return createErrorAnswer(400, ':projectUuid should be valid UUID.');
            const project = projects.find(uuid);
            if (project === undefined) return createErrorAnswer(404, 'The project was not found.');
            return createTailAnswer(project.uuid, request, { context, logs, settings });
          },
        }),
      violations: (exchange, foreign) => findLeaks(exchange, foreign, 'BigCommerce'),
    };
  },
});

interface TailParts {
  context: ServiceContext;
  logs: WorkerLogs;
  settings: Settings;
}

function createTailAnswer(
  projectUuid: string,
  { faults, headers }: StoreRequest,
  { context, logs, settings }: TailParts,
): Answer {
  const { logCutMs: cutMs, logKeepAliveMs: keepAliveMs, workerLogEveryMs } = settings;
  return {
    kind: 'stream',
    open: (response) => {
      let close = () => {};
      const onClose = () => close();
      const { sseForm: form } = context;
      const common = { form, kind: DEPLOYMENT_STREAM, faults, headers };
      const stream = new EventStream(response, { ...common, cutMs, keepAliveMs, onClose });
      const unsubscribe = logs.subscribe(projectUuid, (log) => stream.send({ ...log }, log.uuid));
      const timer = workerLogEveryMs > 0 ? setInterval(() => logs.add(projectUuid), workerLogEveryMs) : undefined;
      close = () => {
        unsubscribe();
        clearInterval(timer);
      };
    },
  };
}
