import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EndpointTable } from './endpoints.ts';
import type { FaultQueue } from './faults/fault-queue.ts';
import type { Recorder } from './recorder.ts';
import { ConnectionGone, readChunks } from './request-body.ts';
import { resetSocket, sendAnswer } from './sending.ts';
import type { Exchange, RunningService, Service } from './service.ts';

export interface ExchangeParts<Owner extends Service> {
  table: EndpointTable<Owner>;
  running: ReadonlyMap<Owner, RunningService>;
  recorder: Recorder;
  faults: FaultQueue;
}

/** One request to a service, from arrival to answer, with the faults that hit it. */
export async function handleExchange<Owner extends Service>(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  { table, running, recorder, faults: queue }: ExchangeParts<Owner>,
): Promise<void> {
  const { service, endpoint, params } = table.find(request.method ?? '', url);
  const target = running.get(service);
  if (target === undefined) throw new Error(`The service ${service.name} is not running.`);
  // Taken before the request is announced, so that a fault added by code that waits for it hits the next one.
  const faults = queue.take(endpoint.call);
  const record = recorder.arrive(endpoint.call, request, response, url);
  record.faults = faults.effects;
  const { answer: fault } = faults;
  const chunks = readChunks(request, record, fault);
  const exchange: Exchange = {
    endpoint,
    param: (name) => params[name] ?? '',
    request,
    url,
    record,
    chunks,
    faults,
  };
  const foreign = [...running].flatMap(([{ owner }, { credentials = [] }]) =>
    owner === service.owner ? [] : credentials,
  );
  const noteViolations = () => {
    for (const message of target.violations?.(exchange, foreign) ?? []) recorder.addViolation(record.index, message);
  };
  noteViolations();
  if (fault?.effect === 'reset-before') return resetSocket(request.socket);
  const { socket } = request;
  recorder.watchStatus(record, response);
  try {
    const answer = await target.answer(exchange);
    noteViolations();
    if (fault?.effect !== 'hang') await sendAnswer(answer, response, fault);
  } catch (error) {
    if (!(error instanceof ConnectionGone)) throw error;
    socket.destroy();
  }
}
