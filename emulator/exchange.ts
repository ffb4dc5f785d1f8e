import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './answers.ts';
import { createErrorAnswer } from './answers.ts';
import type { Api } from './api.ts';
import type { RateLimit } from './bigcommerce/rate-limit.ts';
import { AppliedFaults as GeneralFaults } from './faults/applied.ts';
import type { AppliedFaults, Faults } from './faults.ts';
import { carriesAny } from './leaks.ts';
import type { MatchedEndpoint } from './match-endpoint.ts';
import type { Recorder } from './recorder.ts';
import { ConnectionGone, drain, readBytes, readChunks, readJsonBody } from './request-body.ts';
import type { Route } from './routes.ts';
import { matchRoute } from './routes.ts';
import { createFaultAnswer, resetSocket, sendAnswer } from './sending.ts';
import type { Endpoint, Exchange as ServiceExchange } from './service.ts';
import type { Artifacts } from './services/artifacts/artifacts.ts';
import type { ArtifactEndpoint } from './services/artifacts/endpoints.ts';
import type { GitHub } from './services/github/github.ts';
import type { Redirects } from './services/redirects/redirects.ts';
import type { Batches } from './services/sitecore/batches.ts';
import { findBatchViolations } from './services/sitecore/violations.ts';
import type { Storage } from './services/storage/storage.ts';
import type { RecordedRequest, Settings } from './types.ts';

export interface ExchangeParts {
  recorder: Recorder;
  faults: Faults;
  api: Api;
  storage: Storage;
  rateLimit: RateLimit;
  github: GitHub;
  artifacts: Artifacts;
  redirects: Redirects;
  batches: Batches;
  settings: Pick<Settings, 'accessToken' | 'tokens'>;
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
  const route = matchRoute(request.method ?? '', url);
  // Taken before the request is told of, so that a fault added by whoever waits for it hits the next one.
  const faults = parts.faults.take(route.call);
  const record = parts.recorder.arrive(route.call, request, response, url);
  record.faults = [
    faults.answer,
    faults.deployment,
    ...faults.job,
    ...faults.batch,
    faults.ending,
    ...faults.stream,
  ].flatMap((fault) => fault?.effect ?? []);
  if (route.call === 'upload' && request.headers['x-auth-token'] !== undefined) {
    parts.recorder.addViolation(record.index, 'X-Auth-Token was sent to storage');
  }
  const chunks = readChunks(request, record, faults.answer);
  const exchange: Exchange = { request, url, route, record, faults, chunks };
  if (route.artifact !== undefined) noteArtifactLeaks(exchange, route.artifact, parts);
  else if (route.batch !== undefined) noteBatchLeaks(record, parts);
  else noteLeaks(record, route, parts);
  if (faults.answer?.effect === 'reset-before') return resetSocket(request.socket);
  const writeHead = response.writeHead;
  response.writeHead = function recordStatus(this: ServerResponse, ...args: never[]) {
    record.status = Number(args[0]);
    return Reflect.apply(writeHead, this, args);
  } as typeof writeHead;
  const { socket } = request;
  try {
    const answer = await createAnswer(exchange, parts);
    if (faults.answer?.effect !== 'hang') await sendAnswer(answer, response, faults.answer);
  } catch (error) {
    if (!(error instanceof ConnectionGone)) throw error;
    socket.destroy();
  }
}

async function createAnswer(exchange: Exchange, parts: ExchangeParts): Promise<Answer> {
  const { request, url, route, record, faults, chunks } = exchange;
  if (route.artifact !== undefined) {
    return parts.artifacts.answer(toServiceExchange(route.artifact, exchange));
  }
  if (route.batch !== undefined) {
    return parts.batches.answer({ call: route.batch, ref: route.uuid, request, url, record, chunks, faults });
  }
  if (route.github !== undefined) {
    const answer = await parts.github.answer(toServiceExchange(route.github, exchange));
    noteLeaks(record, route, parts);
    return answer;
  }
  const faultAnswer = createFaultAnswer(faults.answer, route.call === 'upload' ? 'storage' : 'platform');
  if (route.call === 'upload') {
    if (faultAnswer === undefined && faults.answer?.effect !== 'hang') {
      return parts.storage.answerUpload(request, url, chunks);
    }
    await drain(chunks);
    return faultAnswer ?? createErrorAnswer(500);
  }
  const isForm = route.call === 'importRedirects';
  // A form is not kept in the record: it may be large, and the job has what there is to know of it.
  const bytes = isForm ? await readBytes(chunks, parts.redirects.maxFormBytes) : undefined;
  const reading = isForm ? 'ok' : await readJsonBody(chunks, record);
  noteLeaks(record, route, parts, bytes);
  if (faultAnswer !== undefined) return faultAnswer;
  // A request that gets no answer does no work either: what the client may not conclude, nobody can.
  if (faults.answer?.effect === 'hang') return createErrorAnswer(500);
  const headers = { ...parts.rateLimit.count(), 'x-request-id': randomUUID() };
  const form = { contentType: request.headers['content-type'] ?? '', bytes };
  const answer =
    reading === 'invalid'
      ? createErrorAnswer(400, 'The request body is not valid JSON.')
      : await parts.api.answer({ route, request, url, body: record.body, form, faults, headers });
  if (faults.answer?.effect === 'status-after-work') return createErrorAnswer(faults.answer.status);
  if (answer.kind === 'stream') return answer;
  // Of a job of redirects that is running: no rate limit was met.
  const isBusy = answer.status === 429;
  return { ...answer, headers: { ...(!isBusy && headers), ...answer.headers } };
}

function toServiceExchange<E extends Endpoint>(
  matched: MatchedEndpoint<E>,
  { request, url, record, chunks, faults }: Exchange,
): ServiceExchange<E> {
  const applied = new GeneralFaults(faults.answer === undefined ? [] : [faults.answer]);
  return { ...matched, request, url, record, chunks, faults: applied };
}

/** A credential that went where it does not belong, once for each request. */
function noteLeaks(record: RecordedRequest, { call, github }: Route, parts: ExchangeParts, bytes?: Buffer): void {
  const { recorder, settings, batches } = parts;
  const isGitHub = github !== undefined;
  const place = isGitHub ? 'GitHub' : call === 'upload' ? 'storage' : 'BigCommerce';
  const leaks: Readonly<Record<string, readonly string[]>> = {
    ...(isGitHub
      ? { 'The access token of the store was': [settings.accessToken, ...Object.keys(settings.tokens)] }
      : { 'A token of GitHub was': parts.github.tokens.list }),
    'The credentials of Sitecore CDP were': batches.credentials,
  };
  for (const [what, credentials] of Object.entries(leaks)) {
    if (!carriesAny(record, credentials, bytes)) continue;
    const message = `${what} sent to ${place}`;
    const isNoted = recorder.violations.some((one) => one.requestIndex === record.index && one.message === message);
    if (!isNoted) recorder.addViolation(record.index, message);
  }
}

function noteArtifactLeaks(
  exchange: Exchange,
  matched: MatchedEndpoint<ArtifactEndpoint>,
  { recorder, settings, github, artifacts }: ExchangeParts,
): void {
  const tokens = [settings.accessToken, ...Object.keys(settings.tokens), ...github.tokens.list];
  const foreign = [{ subject: 'A foreign token was', list: () => tokens }];
  for (const message of artifacts.violations(toServiceExchange(matched, exchange), foreign)) {
    recorder.addViolation(exchange.record.index, message);
  }
}

function noteBatchLeaks(record: RecordedRequest, { recorder, settings, github, batches }: ExchangeParts): void {
  const foreign = [settings.accessToken, ...Object.keys(settings.tokens), ...github.tokens.list];
  for (const message of findBatchViolations(record, { foreign, own: batches.credentials })) {
    recorder.addViolation(record.index, message);
  }
}
