import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './answers.ts';
import { createErrorAnswer } from './answers.ts';
import type { Api } from './api.ts';
import type { AppliedFaults, Faults } from './faults.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Recorder } from './recorder.ts';
import { ConnectionGone, drain, readChunks, readJsonBody } from './request-body.ts';
import type { Route } from './routes.ts';
import { matchRoute } from './routes.ts';
import { createFaultAnswer, resetSocket, sendAnswer } from './sending.ts';
import type { Storage } from './storage.ts';
import type { RecordedRequest } from './types.ts';

export interface ExchangeParts {
  recorder: Recorder;
  faults: Faults;
  api: Api;
  storage: Storage;
  rateLimit: RateLimit;
}

interface Exchange {
  request: IncomingMessage;
  url: URL;
  route: Route;
  record: RecordedRequest;
  faults: AppliedFaults;
  chunks: AsyncGenerator<Buffer, void, undefined>;
}

/** One request to the platform or its store, from arrival to answer, with the faults that hit it. */
export async function handleExchange(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  parts: ExchangeParts,
): Promise<void> {
  const route = matchRoute(request.method ?? '', url.pathname);
  // Taken before the request is told of, so that a fault added by whoever waits for it hits the next one.
  const faults = parts.faults.take(route.call);
  const record = parts.recorder.arrive(route.call, request, response, url);
  record.faults = [faults.answer, faults.deployment, faults.ending, ...faults.stream].flatMap(
    (fault) => fault?.effect ?? [],
  );
  if (route.call === 'upload' && request.headers['x-auth-token'] !== undefined) {
    parts.recorder.addViolation(record.index, 'X-Auth-Token was sent to storage');
  }
  if (faults.answer?.effect === 'reset-before') return resetSocket(request.socket);
  const writeHead = response.writeHead;
  response.writeHead = function recordStatus(this: ServerResponse, ...args: never[]) {
    record.status = Number(args[0]);
    return Reflect.apply(writeHead, this, args);
  } as typeof writeHead;
  const { socket } = request;
  const chunks = readChunks(request, record, faults.answer);
  try {
    const answer = await createAnswer({ request, url, route, record, faults, chunks }, parts);
    if (faults.answer?.effect !== 'hang') await sendAnswer(answer, response, faults.answer);
  } catch (error) {
    if (!(error instanceof ConnectionGone)) throw error;
    socket.destroy();
  }
}

async function createAnswer(exchange: Exchange, parts: ExchangeParts): Promise<Answer> {
  const { request, url, route, record, faults, chunks } = exchange;
  const faultAnswer = createFaultAnswer(faults.answer, route.call === 'upload');
  if (route.call === 'upload') {
    if (faultAnswer === undefined && faults.answer?.effect !== 'hang') {
      return parts.storage.answerUpload(request, url, chunks);
    }
    await drain(chunks);
    return faultAnswer ?? createErrorAnswer(500);
  }
  const reading = await readJsonBody(chunks, record);
  if (faultAnswer !== undefined) return faultAnswer;
  // A request that gets no answer does no work either: what the client may not conclude, nobody can.
  if (faults.answer?.effect === 'hang') return createErrorAnswer(500);
  const headers = { ...parts.rateLimit.count(), 'x-request-id': randomUUID() };
  const answer =
    reading === 'invalid'
      ? createErrorAnswer(400, 'The request body is not valid JSON.')
      : await parts.api.answer({ route, request, url, body: record.body, faults, headers });
  return answer.kind === 'body' ? { ...answer, headers: { ...headers, ...answer.headers } } : answer;
}
