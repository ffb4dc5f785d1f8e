import type { ActionError } from '../errors.ts';
import type { HttpCall } from '../net/call.ts';
import { HttpError, isUncertain, NetworkError } from '../net/errors.ts';
import type { HttpClient } from '../net/http.ts';
import { namedWaitOf } from '../net/rate-limit.ts';
import { RETRY_BUDGET_MS, type RetryNotice, repeatAlways, repeatWhenNotCarriedOut, retry } from '../net/retry.ts';
import { followDeploymentEvents } from './deployment-events.ts';
import type { CreateAnswer, DeploymentRequest, HostingClient, Project } from './hosting.ts';
import { explainCreateRefusal, explainRefusal, type Scope } from './refusals.ts';
import { parseCreatedDeployment, parseCreatedProject, parseProjectPage, parseUploadSignature } from './schemas.ts';
import { uploadBundle } from './upload.ts';

const ATTEMPT_TIMEOUT_MS = 15_000;
const SHORTEST_ATTEMPT_MS = 3000;
/** Creating starts work on the platform; a slow answer is better than not knowing. */
const CREATE_TIMEOUT_MS = 30_000;
const PROJECTS_A_PAGE = 50;

export interface HostingClientOptions {
  http: HttpClient;
  /** `https://api.bigcommerce.com` */
  apiOrigin: string;
  storeHash: string;
  accessToken: string;
  signal: AbortSignal;
  maskSecret: (value: string) => void;
  onRetry: (what: string, notice: RetryNotice) => void;
}

interface Endpoint<T> {
  what: string;
  method: 'GET' | 'POST';
  path: string;
  query?: Readonly<Record<string, string | undefined>>;
  body?: unknown;
  scope: Scope;
  /** Goes before the general explanation of a refusal. */
  explain?: HttpCall['explain'];
  parse: (value: unknown) => T;
  mayRepeat: (error: HttpError | NetworkError) => boolean;
  /** Of an attempt that must have its full time; the budget of retries is cut to what that leaves. */
  timeoutMs?: number;
  onStage?: (stage: 'sending' | 'waiting') => void;
}

export function createHostingClient(options: HostingClientOptions): HostingClient {
  return {
    upload: (file, progress) => uploadBundle(file, progress, { ...options, sign: () => signUpload(options) }),
    createDeployment: (request, onStage) => createDeployment(options, request, onStage),
    followDeployment: (deploymentUuid, follow) => {
      const open = (lastEventId: string | undefined, signal: AbortSignal) =>
        openEvents(options, deploymentUuid, lastEventId, signal);
      return followDeploymentEvents(deploymentUuid, open, follow);
    },
    findProjects: (name) => findProjects(options, name),
    createProject: (name) => createProject(options, name),
  };
}

/** `POST /infrastructure/deployments/uploads`: the URL lives for 59 s, so ask only when the zip is ready. */
function signUpload(options: HostingClientOptions) {
  return callEndpoint(options, {
    what: 'Asking for an upload signature',
    method: 'POST',
    path: 'deployments/uploads',
    body: {},
    scope: 'deployments-manage',
    parse: parseUploadSignature,
    mayRepeat: repeatAlways,
  });
}

/** `POST /infrastructure/deployments` */
async function createDeployment(
  options: HostingClientOptions,
  request: DeploymentRequest,
  onStage: (stage: 'sending' | 'waiting') => void,
): Promise<CreateAnswer> {
  try {
    const deploymentUuid = await callEndpoint(options, {
      what: 'Creating the deployment',
      method: 'POST',
      path: 'deployments',
      body: deploymentBody(request),
      scope: 'deployments-manage',
      explain: explainCreateRefusal,
      onStage,
      parse: parseCreatedDeployment,
      mayRepeat: repeatWhenNotCarriedOut,
      timeoutMs: CREATE_TIMEOUT_MS,
    });
    return { kind: 'created', deploymentUuid };
  } catch (error) {
    const namedWaitMs = namedWaitOf(error);
    if (error instanceof HttpError && error.status === 409) return { kind: 'conflict', namedWaitMs };
    if (isUploadGone(error)) return { kind: 'upload-gone', error };
    if (isUncertain(error)) return { kind: 'uncertain', error, namedWaitMs };
    throw error;
  }
}

/** A refusal that names the upload: the platform does not have it (any more). */
function isUploadGone(error: unknown): error is HttpError {
  if (!(error instanceof HttpError) || ![400, 404, 410, 422].includes(error.status)) return false;
  return 'upload_uuid' in error.fields || (error.status !== 422 && /\bupload\b/i.test(error.serverWords ?? ''));
}

/** `GET /infrastructure/projects?name:like=`, all pages; the filter matches parts of names, so each is compared. */
async function findProjects(options: HostingClientOptions, name: string): Promise<Project[]> {
  const found: Project[] = [];
  const cursors = new Set<string>();
  for (let after: string | undefined; ; ) {
    const page = await callEndpoint(options, {
      what: 'Looking up the project',
      method: 'GET',
      path: 'projects',
      query: { 'name:like': name, limit: String(PROJECTS_A_PAGE), after },
      scope: 'projects-read',
      parse: parseProjectPage,
      mayRepeat: repeatAlways,
    });
    for (const project of page.projects) {
      // A list that changes meanwhile may show a project on two pages.
      if (project.name === name && !found.some(({ uuid }) => uuid === project.uuid)) found.push(project);
    }
    // A cursor that comes twice would go round for ever.
    if (page.after === undefined || cursors.has(page.after)) return found;
    cursors.add(page.after);
    after = page.after;
  }
}

/** `POST /infrastructure/projects`: a 5xx is not repeated, since a taken name is answered with 502. */
async function createProject(
  options: HostingClientOptions,
  name: string,
): Promise<Project | { uncertain: ActionError }> {
  try {
    return await callEndpoint(options, {
      what: `Creating the project "${name}"`,
      method: 'POST',
      path: 'projects',
      body: { name },
      scope: 'projects-manage',
      parse: parseCreatedProject,
      mayRepeat: repeatWhenNotCarriedOut,
      timeoutMs: CREATE_TIMEOUT_MS,
    });
  } catch (error) {
    if (isUncertain(error)) return { uncertain: error };
    throw error;
  }
}

function deploymentBody({ projectUuid, uploadUuid, variables }: DeploymentRequest): unknown {
  return {
    project_uuid: projectUuid,
    upload_uuid: uploadUuid,
    // Left out when there are none: what an empty list does to a project's variables is not documented.
    ...(variables.length === 0
      ? {}
      : { environment_variables: variables.map(({ type, key, value }) => ({ type, key, value })) }),
  };
}

function urlOf(
  { apiOrigin, storeHash }: HostingClientOptions,
  path: string,
  query: Endpoint<unknown>['query'] = {},
): URL {
  const url = new URL(`${apiOrigin}/stores/${encodeURIComponent(storeHash)}/v3/infrastructure/${path}`);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
  return url;
}

async function callEndpoint<T>(options: HostingClientOptions, endpoint: Endpoint<T>): Promise<T> {
  const { what, method, scope } = endpoint;
  const url = urlOf(options, endpoint.path, endpoint.query);
  const body = endpoint.body === undefined ? {} : { body: JSON.stringify(endpoint.body) };
  const headers = {
    accept: 'application/json',
    'x-auth-token': options.accessToken,
    ...(endpoint.body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const attempt = async (_: number, remainingMs: number): Promise<T> => {
    endpoint.onStage?.('sending');
    const timeoutMs = endpoint.timeoutMs ?? Math.max(SHORTEST_ATTEMPT_MS, Math.min(ATTEMPT_TIMEOUT_MS, remainingMs));
    const explain: HttpCall['explain'] = (status, fields) =>
      endpoint.explain?.(status, fields) ?? explainRefusal(status, scope);
    const sent: HttpCall = { what, method, url, headers, ...body, timeoutMs, signal: options.signal, explain };
    return parseAnswer(await options.http.send(sent), sent, endpoint.parse);
  };
  const onRetry = (notice: RetryNotice) => {
    endpoint.onStage?.('waiting');
    options.onRetry(what, notice);
  };
  const budgetMs = RETRY_BUDGET_MS - (endpoint.timeoutMs ?? 0);
  return await retry(attempt, { signal: options.signal, mayRepeat: endpoint.mayRepeat, onRetry, budgetMs });
}

/** A 2xx whose body is not what the API describes says nothing about what was done: a lost answer. */
function parseAnswer<T>(answer: { status: number; text: string }, call: HttpCall, parse: (value: unknown) => T): T {
  let json: unknown;
  try {
    json = JSON.parse(answer.text);
  } catch {
    // The parser's own message quotes the text, which may hold anything.
    throw unreadableAnswer(call, answer.status, new Error('the body is not JSON'));
  }
  try {
    return parse(json);
  } catch (cause) {
    throw unreadableAnswer(call, answer.status, cause);
  }
}

function unreadableAnswer({ what, method, url }: HttpCall, status: number, cause: unknown): NetworkError {
  return new NetworkError(what, {
    method,
    url,
    outcome: `answered ${status} with a body that is not what the API describes`,
    delivery: 'lost-answer',
    fix: 'Check `api-host`: a proxy or another service may have answered in the place of BigCommerce.',
    cause,
  });
}

async function openEvents(
  options: HostingClientOptions,
  deploymentUuid: string,
  lastEventId: string | undefined,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const stream = await options.http.open({
    what: 'Following the deployment',
    method: 'GET',
    url: urlOf(options, `deployments/${encodeURIComponent(deploymentUuid)}/events`),
    headers: {
      accept: 'text/event-stream',
      'cache-control': 'no-store',
      'x-auth-token': options.accessToken,
      ...lastEventIdHeader(lastEventId),
    },
    timeoutMs: ATTEMPT_TIMEOUT_MS,
    signal,
    explain: (status) => explainRefusal(status, 'deployments-read'),
  });
  return stream.body;
}

/** As UTF-8 bytes (WHATWG HTML, section 9.2.3), which a header carries as Latin-1; not when it holds control characters. */
function lastEventIdHeader(id = ''): Record<string, string> {
  const header = Buffer.from(id, 'utf8').toString('latin1');
  return header === '' || /[^\t\x20-\x7e\x80-\xff]/.test(header) ? {} : { 'last-event-id': header };
}
