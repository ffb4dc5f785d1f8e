import type { Answer } from '../../answers.ts';
import { createErrorAnswer } from '../../answers.ts';
import { findLeaks } from '../../leaks.ts';
import { numberText } from '../../schema.ts';
import type { Exchange, OptionsOf, ServiceContext } from '../../service.ts';
import { defineService, serviceCli, withDefaults } from '../../service.ts';
import type { Scope, StoreEndpoint, StoreRequest } from '../../store-api.ts';
import { EventStream } from '../../streams/event-stream.ts';
import { isUuid } from '../../uuid.ts';
import { DEPLOYMENT_STREAM } from '../hosting/events.ts';
import { hosting } from '../hosting/index.ts';
import { WORKER_LOG_CONTROL } from './control.ts';
import { PAGING_FORM, REPLAY, WORKER_LOG_FAULTS } from './faults.ts';
import type { WorkerLogMembers } from './members.ts';
import { answerQuery } from './query.ts';
import type { WorkerLog } from './records.ts';
import { WorkerLogs } from './worker-logs.ts';

const DEFAULTS = {
  /** A comment is sent this often on an open tail. */
  logKeepAliveMs: 15_000,
  /** A tail is ended after so long. */
  logCutMs: 60_000,
  /** A worker log event is made up this often on an open tail, unless workers run; 0: never. */
  workerLogEveryMs: 0,
  /** So many entries of a project are kept for queries. */
  maxLogEntries: 10_000,
};

type Settings = typeof DEFAULTS;

export type WorkerLogOptions = OptionsOf<Settings>;

const PATH = '/stores/:storeHash/v3/infrastructure/logs/:uuid';
const READS: readonly Scope[] = ['store_infrastructure_logs_read_only'];

/** Logs of the deployed workers (API document, section 1, "Worker log event"). */
export const workerLogs = defineService({
  name: 'worker-logs',
  owner: 'BigCommerce',
  endpoints: [
    { call: 'logs', method: 'GET', path: `${PATH}/tail`, scopes: READS },
    { call: 'queryLogs', method: 'GET', path: PATH, scopes: READS },
  ],
  faults: WORKER_LOG_FAULTS,
  cli: serviceCli({
    options: {
      'log-cut-ms': {
        placeholder: 'MS',
        help: 'log tails are ended after so long (60000, as on the real platform)',
        schema: numberText({}),
      },
    },
    read: (values): WorkerLogOptions => ({ workerLogEveryMs: 2000, logCutMs: values['log-cut-ms'] }),
  }),
  control: WORKER_LOG_CONTROL,
  start: (context: ServiceContext, options: WorkerLogOptions) => {
    const settings = withDefaults(DEFAULTS, options);
    const { api, projects } = hosting.of(context);
    const logs = new WorkerLogs(settings.maxLogEntries);
    const members: WorkerLogMembers = {
      addWorkerLog: (projectUuid, log) => logs.add(projectUuid, log),
      floodWorkerLogs: (projectUuid, times, log) => logs.flood(projectUuid, times, log),
    };
    return {
      /** For a service that runs workers. */
      logs,
      members,
      answer: (exchange: Exchange<StoreEndpoint>) =>
        api.answer(exchange, {
          answer: (request) => {
            const uuid = request.param('uuid');
            if (!isUuid(uuid)) return createMalformedAnswer(exchange.endpoint.call);
            const project = projects.find(uuid);
            if (project === undefined) return createErrorAnswer(404, 'The project was not found.');
            if (exchange.endpoint.call === 'logs')
              return createTailAnswer(project.uuid, request, { context, logs, settings });
            const form = request.faults.find(PAGING_FORM)?.form;
            return answerQuery(logs.entriesOf(project.uuid), request.url.searchParams, form);
          },
        }),
      violations: (exchange, foreign) => findLeaks(exchange, foreign, 'BigCommerce'),
    };
  },
});

/** Only a query names the field (API document, section 1, table of calls). */
function createMalformedAnswer(call: string): Answer {
  const title = ':projectUuid should be valid UUID.';
  return createErrorAnswer(400, title, call === 'queryLogs' ? { project_uuid: 'must be a valid UUID' } : {});
}

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
      const send = (log: WorkerLog) => stream.send({ ...log }, log.uuid);
      for (const log of logs.lastEventsOf(projectUuid, faults.find(REPLAY)?.events ?? 0)) send(log);
      const unsubscribe = logs.subscribe(projectUuid, send);
      const isMadeUp = workerLogEveryMs > 0 && !logs.hasWorkers;
      const timer = isMadeUp ? setInterval(() => logs.add(projectUuid), workerLogEveryMs) : undefined;
      close = () => {
        unsubscribe();
        clearInterval(timer);
      };
    },
  };
}
