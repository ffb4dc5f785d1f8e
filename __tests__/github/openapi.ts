/** Checks requests to GitHub, and answers in its name, against GitHub's own OpenAPI description. */
import type { OpenAPIBackend, ValidationResult } from 'openapi-backend';
import {
  type DescribedRequest,
  describeErrors as describeAll,
  findCall,
  isAddress,
  loadOpenApi,
  type Place,
  type ValidationError,
} from '../openapi.ts';
import { ADDRESS_OR_NOTHING, readDescription, readStrictDescription } from './openapi-document.ts';

export type GitHubRequest = DescribedRequest;

/** Where the REST API lies: in the embedded GitHub, and on an enterprise server. */
const REST_PREFIX = /^\/(?:github|api\/v3)(?=\/)/;
const GRAPHQL_PATHS: readonly string[] = ['/github/graphql', '/api/graphql'];
/** The first is the one that the description is of, which names those alone that came after. */
const KNOWN_VERSIONS: readonly string[] = ['2022-11-28', ...readDescription().info['x-api-versions']];
const MEDIA_TYPE = /^application\/(?:json|vnd\.github(?:\.[a-z0-9-]+)*(?:\+json)?)$/;
const VIEWER_QUERY = /^(?:query\b\s*\w*\s*)?\{\s*viewer\s*\{\s*login\s*\}\s*\}$/;

/** What is wrong with a recorded request to GitHub, according to GitHub's own description; empty when it is fine. */
export async function requestProblems(request: GitHubRequest): Promise<string[]> {
  const headers = headerProblems(request);
  if (isGraphql(request)) return [...headers, ...graphqlRequestProblems(request)];
  const found = await findCall(loadApi, REST_PREFIX, request);
  if (found === undefined) return [...headers, noSuchCall(request)];
  const { api, operation, relative } = found;
  return [
    ...headers,
    ...bodyKindProblems(request, operation.requestBody !== undefined),
    ...describeErrors(api.validateRequest({ ...relative, body: relative.body ?? undefined }, operation)),
  ];
}

/** The same for an answer. */
export async function responseProblems(request: GitHubRequest, status: number, body: unknown): Promise<string[]> {
  const api = await loadApi();
  if (isGraphql(request)) return graphqlAnswerProblems(status, body);
  const found = await findCall(loadApi, REST_PREFIX, request);
  if (found === undefined) return [noSuchCall(request)];
  const { operation } = found;
  const declared = operation.responses?.[status];
  // What a server says that is broken or overloaded may be anything.
  if (declared === undefined && status >= 500) return [];
  if (declared === undefined && status < 400) return [`${operation.operationId} is not described to answer ${status}`];
  if (declared !== undefined && !('content' in declared)) {
    // Some refusals are described without a body; they have a message, as all have.
    if (status >= 400) return messageProblems(body);
    return isNothing(body) ? [] : [`${operation.operationId} answers ${status} without a body`];
  }
  return describeErrors(api.validateResponse(body ?? null, operation, status), 'answer');
}

let loading: Promise<OpenAPIBackend> | undefined;

function loadApi(): Promise<OpenAPIBackend> {
  loading ??= loadOpenApi(readStrictDescription(), {
    email: /^[^@\s]+@[^@\s]+$/,
    [ADDRESS_OR_NOTHING]: (text) => text === '' || isAddress(text),
  });
  return loading;
}

function noSuchCall({ method, path }: GitHubRequest): string {
  return `no such call in GitHub's description: ${method} ${path}`;
}

function isGraphql({ path }: GitHubRequest): boolean {
  return GRAPHQL_PATHS.includes(path);
}

/** Values of headers are not repeated: one of them is a secret. */
function headerProblems({ headers }: GitHubRequest): string[] {
  const problems: string[] = [];
  const authorization = headers['authorization'];
  if (authorization === undefined) problems.push('authorization is missing');
  else if (!/^(?:token|bearer) \S+$/i.test(authorization)) problems.push('authorization holds no token');
  if (!headers['user-agent']?.trim()) problems.push('user-agent is missing');
  const accepted = headers['accept']?.split(',').map((type) => type.replace(/;.*/, '').trim());
  if (accepted?.every((type) => MEDIA_TYPE.test(type)) !== true) problems.push('accept is no media type of GitHub');
  const version = headers['x-github-api-version'];
  if (version !== undefined && !KNOWN_VERSIONS.includes(version)) {
    problems.push(`x-github-api-version is none of ${KNOWN_VERSIONS.join(', ')}`);
  }
  return problems;
}

function bodyKindProblems({ body, headers }: GitHubRequest, takesBody: boolean): string[] {
  if (!takesBody) return isNothing(body) ? [] : ['the call takes no body'];
  const type = headers['content-type']?.replace(/;.*/, '').trim();
  return [
    ...(body !== undefined && type !== 'application/json' ? ['content-type is not application/json'] : []),
    // The validator parses a string as JSON, and would accept one with an object in it.
    ...(body !== undefined && !isRecord(body) ? ['body must be an object'] : []),
  ];
}

function graphqlRequestProblems(request: GitHubRequest): string[] {
  const { method, query, body } = request;
  const problems = bodyKindProblems(request, true);
  if (method !== 'POST') problems.push(`GraphQL takes POST, not ${method}`);
  for (const name of Object.keys(query)) problems.push(`query.${name} is not in GitHub's description`);
  if (!isRecord(body)) return [...problems, ...(body === undefined ? ['body is missing'] : [])];
  for (const name of Object.keys(body)) {
    if (name !== 'query' && name !== 'variables') problems.push(`body.${name} is not in GitHub's description`);
  }
  if (body['variables'] !== undefined && !isRecord(body['variables'])) problems.push('body.variables must be object');
  if (typeof body['query'] !== 'string') problems.push('body.query must be string');
  else if (!VIEWER_QUERY.test(body['query'].trim())) problems.push('body.query asks for more than viewer { login }');
  return problems;
}

function graphqlAnswerProblems(status: number, body: unknown): string[] {
  if (status >= 500) return [];
  if (status >= 400) return messageProblems(body);
  if (!isRecord(body)) return ['answer must be object'];
  if (status !== 200) return [`GraphQL is not described to answer ${status}`];
  if (Array.isArray(body['errors'])) {
    const isNamed = body['errors'].every((error) => isRecord(error) && typeof error['message'] === 'string');
    return isNamed ? [] : ['answer.errors must each have a message'];
  }
  const viewer = isRecord(body['data']) ? body['data']['viewer'] : undefined;
  return isRecord(viewer) && typeof viewer['login'] === 'string' ? [] : ['answer.data.viewer.login is missing'];
}

function messageProblems(body: unknown): string[] {
  if (!isRecord(body)) return ['answer must be object'];
  return typeof body['message'] === 'string' ? [] : ['answer.message is missing'];
}

/** `root` is what the validator saw when it is not the parts of a request, which have names of their own. */
function describeErrors({ errors }: ValidationResult, root?: string): string[] {
  // An `if` only says that something in its `then` is wrong.
  const relevant = (errors ?? []).filter(({ keyword }) => keyword !== 'if');
  return describeAll(relevant, "GitHub's", root, describeMore);
}

function describeMore({ keyword, params }: ValidationError, place: Place): string | undefined {
  if (keyword === 'dependencies') return `${place(String(params['deps']))} is missing`;
  if (keyword === 'enum') return `${place()} must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`;
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function isNothing(body: unknown): boolean {
  return body === undefined || body === null || body === '';
}
