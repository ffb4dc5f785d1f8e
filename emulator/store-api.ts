import { randomUUID } from 'node:crypto';
import type { Answer, BodyAnswer } from './answers.ts';
import { createErrorAnswer } from './answers.ts';
import { STATUS_AFTER_WORK } from './faults/answer-faults.ts';
import { readBytes, readJsonBody } from './request-body.ts';
import { createFaultAnswer } from './sending.ts';
import type { Endpoint, Exchange } from './service.ts';

const WINDOW_MS = 30_000;
const QUOTA = 150;

/** OAuth scopes of the API document, sections 1 and 2. */
export const SCOPES = [
  'store_infrastructure_deployments_read_only',
  'store_infrastructure_deployments_create_preview',
  'store_infrastructure_deployments_manage',
  'store_infrastructure_projects_read_only',
  'store_infrastructure_projects_manage',
  'store_infrastructure_logs_read_only',
  'store_v2_content',
  'store_v2_content_read_only',
  'store_channel_settings',
  'store_sites',
] as const;

export type Scope = (typeof SCOPES)[number];

/** An endpoint below `/stores/{store_hash}/v3`. */
export interface StoreEndpoint extends Endpoint {
  /** Any one of these scopes opens the call (API document, section 1, "OAuth scopes", and section 2); none: any token does. */
  readonly scopes: readonly Scope[];
  /** All of the scopes are needed, and not any one. */
  readonly needsAllScopes?: boolean;
}

/** A request whose body was read. */
export interface StoreRequest<E extends StoreEndpoint = StoreEndpoint> extends Exchange<E> {
  body: unknown;
  form: ReceivedForm;
  /** Headers that every answer of the API carries. */
  headers: Record<string, string>;
}

/** The body of a call that takes a form. */
export interface ReceivedForm {
  contentType: string;
  /** Undefined: it was too large. */
  bytes: Buffer | undefined;
}

export interface StoreCredentials {
  storeHash: string;
  accessToken: string;
  /** Further tokens, each with the scopes it has. `accessToken` has them all unless it is listed here. */
  tokens: Readonly<Record<string, readonly Scope[]>>;
}

interface StoreWork<E extends StoreEndpoint> {
  /** What a fault of the service gives in place of the work. */
  replaced?: BodyAnswer | undefined;
  /** The call takes a form of so many bytes, and not JSON. */
  maxFormBytes?: number | undefined;
  answer: (request: StoreRequest<E>) => Answer | Promise<Answer>;
}

/** What all calls of a store's API have in common: who may use them, the form of errors, and the rate limit. */
export class StoreApi {
  readonly #credentials: StoreCredentials;
  readonly #rateLimit = new RateLimit();

  constructor(credentials: StoreCredentials) {
    this.#credentials = credentials;
  }

  /** All tokens that are accepted. */
  get tokens(): string[] {
    const { accessToken, tokens } = this.#credentials;
    return [accessToken, ...Object.keys(tokens)];
  }

  async answer<E extends StoreEndpoint>(exchange: Exchange<E>, work: StoreWork<E>): Promise<Answer> {
    const { request, record, chunks, faults } = exchange;
    const { maxFormBytes } = work;
    // A form is not recorded: it may be large, and the job has what there is to know of it.
    const bytes = maxFormBytes === undefined ? undefined : await readBytes(chunks, maxFormBytes);
    exchange.unrecordedBody = bytes;
    const reading = maxFormBytes === undefined ? await readJsonBody(chunks, record) : 'ok';
    const faultAnswer = work.replaced ?? createFaultAnswer(faults.answer, createErrorAnswer);
    if (faultAnswer !== undefined) return faultAnswer;
    // A request that gets no answer does no work either: the client can draw no conclusion from it.
    if (faults.answer?.effect === 'hang') return createErrorAnswer(500);
    const headers = { ...this.#rateLimit.count(), 'x-request-id': randomUUID() };
    const form = { contentType: request.headers['content-type'] ?? '', bytes };
    const answer =
      reading === 'invalid'
        ? createErrorAnswer(400, 'The request body is not valid JSON.')
        : (this.#checkAccess(exchange) ?? (await work.answer({ ...exchange, body: record.body, form, headers })));
    const failure = faults.find(STATUS_AFTER_WORK);
    if (failure !== undefined) return createErrorAnswer(failure.status);
    if (answer.kind === 'stream') return answer;
    // Of a job of redirects that is running: no rate limit was met.
    const isBusy = answer.status === 429;
    return { ...answer, headers: { ...(!isBusy && headers), ...answer.headers } };
  }

  /** A wrong token is 401, another store 404, a missing scope 403 (API document, section 1, "Errors"). */
  #checkAccess({ endpoint, request, param }: Exchange<StoreEndpoint>): BodyAnswer | undefined {
    const storeHash = param('storeHash');
    if (storeHash === '') return createErrorAnswer(404, 'The route was not found.');
    const token = request.headers['x-auth-token'];
    const scopes = typeof token === 'string' ? this.#scopesOf(token) : undefined;
    if (scopes === undefined) return createErrorAnswer(401, 'Unauthorized');
    if (storeHash !== this.#credentials.storeHash) return createErrorAnswer(404, 'The store was not found.');
    if (!opens(scopes, endpoint)) {
      return createErrorAnswer(403, 'You don\u2019t have a required scope to access the endpoint');
    }
    return undefined;
  }

  #scopesOf(token: string): readonly Scope[] | undefined {
    const { accessToken, tokens } = this.#credentials;
    if (Object.hasOwn(tokens, token)) return tokens[token];
    return token === accessToken ? SCOPES : undefined;
  }
}

function opens(scopes: readonly Scope[], { scopes: wanted, needsAllScopes = false }: StoreEndpoint): boolean {
  if (needsAllScopes) return wanted.every((scope) => scopes.includes(scope));
  return wanted.length === 0 || wanted.some((scope) => scopes.includes(scope));
}

/** Headers that show a client what remains of its quota (API document, section 1, "Errors"). The quota is not enforced. */
class RateLimit {
  #windowEndsAtMs = 0;
  #left = QUOTA;

  count(): Record<string, string> {
    const now = Date.now();
    if (now >= this.#windowEndsAtMs) {
      this.#windowEndsAtMs = now + WINDOW_MS;
      this.#left = QUOTA;
    }
    this.#left = Math.max(this.#left - 1, 0);
    return {
      'x-rate-limit-time-window-ms': `${WINDOW_MS}`,
      'x-rate-limit-time-reset-ms': `${this.#windowEndsAtMs - now}`,
      'x-rate-limit-requests-quota': `${QUOTA}`,
      'x-rate-limit-requests-left': `${this.#left}`,
    };
  }
}
