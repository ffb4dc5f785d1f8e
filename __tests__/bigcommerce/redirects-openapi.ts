/**
 * Holds requests about redirects, and answers that are said to be the platform's, against the vendor's own OpenAPI
 * description. The cut beside this file has its paths and schemas, without words and examples.
 */
import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { OpenAPIBackend, Operation } from 'openapi-backend';
import type { Emulator } from '../../emulator/emulator.ts';
import { isRedirectCall } from '../../emulator/redirects/calls.ts';
import { type DescribedRequest, describeErrors, findCall, loadOpenApi } from '../openapi.ts';

/** `path` is with `/stores/{hash}/v3`; of a form there is no body. */
export type RedirectRequest = DescribedRequest;

interface Parameter {
  $ref?: string;
  in?: string;
  name?: string;
  explode?: boolean;
  schema?: { type?: string; default?: string };
}

interface PathItem {
  /** Of all of its calls. */
  parameters?: Parameter[];
  get?: DescribedCall;
  put?: DescribedCall;
  post?: DescribedCall;
  delete?: DescribedCall;
}

interface DescribedCall {
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: object };
  responses: Record<string, unknown>;
  /** What `Accept` is to be; put here by `readStrictDescription`. */
  'x-accept'?: string | undefined;
}

interface Description {
  paths: Record<string, PathItem>;
  components: { parameters: Record<string, Parameter>; schemas: Record<string, unknown> };
}

const PREFIX = /^\/stores\/[^/]+\/v3(?=\/)/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const WHOSE = "the vendor's";
const FORM = 'multipart/form-data';
/** These only carry fields for others to add to. */
const OPEN_SCHEMAS: readonly string[] = ['BaseError', 'DetailedErrors', 'ErrorResponse'];

/** No request about redirects of this run breaks the description; there was one at least. */
export async function expectRedirectRequestsAsDocumented(emulator: Pick<Emulator, 'requests'>): Promise<void> {
  const requests = emulator.requests.filter(({ call, path }) => isRedirectCall(call) || path.includes('/redirects'));
  const found = await Promise.all(
    requests.map(async (request) => {
      const problems = await redirectRequestProblems(request);
      // A fault may have struck before the body was read.
      const isUnread = request.body === undefined && request.status === undefined;
      const found = isUnread ? problems.filter((problem) => !problem.startsWith('body')) : problems;
      return found.map((problem) => `${request.method} ${request.path}: ${problem}`);
    }),
  );
  expect([...new Set(found.flat())]).toEqual([]);
  expect(requests).not.toEqual([]);
}

/** What is wrong with a recorded request, according to the vendor's description; empty when it is fine. */
export async function redirectRequestProblems(request: RedirectRequest): Promise<string[]> {
  const headers = request.headers['x-auth-token']?.trim() ? [] : ['x-auth-token is missing'];
  const found = await findCall(loadApi, PREFIX, request);
  if (found === undefined) return [...headers, noSuchCall(request)];
  const { api, operation, relative } = found;
  const types = Object.keys(contentOf(operation.requestBody));
  headers.push(...acceptProblems(request.headers['accept'], operation));
  headers.push(...bodyProblems(request, types));
  return [...headers, ...describeErrors(api.validateRequest(relative, operation).errors, WHOSE)];
}

/** The same for an answer. A stream's text is passed as it is. */
export async function redirectAnswerProblems(
  request: RedirectRequest,
  status: number,
  type: string | null,
  body: unknown,
): Promise<string[]> {
  const found = await findCall(loadApi, PREFIX, request);
  if (found === undefined) return [noSuchCall(request)];
  const { api, operation } = found;
  const declared = operation.responses?.[status];
  if (status >= 400) {
    // Rejections that any call can meet, such as of its token, are not listed with each; all have one shape.
    return describeErrors(api.validateResponse(body, operation, 400).errors, WHOSE, 'answer');
  }
  if (declared === undefined) return [`${operation.operationId} is not described to answer ${status}`];
  const [expected] = Object.keys(contentOf(declared));
  if (expected === undefined) return body === '' ? [] : [`${operation.operationId} answers ${status} without a body`];
  if (type?.replace(/;.*/, '') !== expected) return [`the answer is ${type}, not ${expected}`];
  return expected === 'application/json'
    ? describeErrors(api.validateResponse(body, operation, status).errors, WHOSE, 'answer')
    : [];
}

/** What the description says of an event's data: its examples alone have fields, and those are the ones of a job. */
export async function jobEventProblems(kind: 'import' | 'export', data: unknown): Promise<string[]> {
  const event: Record<string, unknown> = { ...(data as object) };
  const names = ['job_id', 'status', 'completed_items', 'total_items'];
  const all = kind === 'import' ? [...names, 'failed_items', 'errors'] : names;
  const { job_id: id, ...rest } = event;
  const problems = await redirectAnswerProblems(
    { method: 'GET', path: '/stores/s/v3/storefront/redirects/imex/jobs', query: {}, headers: {}, body: undefined },
    200,
    'application/json',
    { data: [{ id, ...rest }] },
  );
  return [
    ...problems,
    ...names.filter((name) => event[name] === undefined).map((name) => `${name} is missing`),
    ...Object.keys(event)
      .filter((name) => !all.includes(name))
      .map((name) => `${name} is not in an event of an ${kind}`),
  ];
}

export function readRedirectsDescription(): Description {
  return JSON.parse(readFileSync(new URL('redirects-openapi.json', import.meta.url), 'utf8')) as Description;
}

/** Objects have no fields but those that the description knows; headers are looked at here, and not by the validator. */
function readStrictDescription(): Description {
  const description = readRedirectsDescription();
  const { schemas, parameters } = description.components;
  for (const [name, schema] of Object.entries(schemas)) if (!OPEN_SCHEMAS.includes(name)) close(schema);
  close(description.paths);
  const error = { content: { 'application/json': { schema: { $ref: '#/components/schemas/ErrorResponse' } } } };
  for (const { parameters: shared = [], get, put, post, delete: remove } of Object.values(description.paths)) {
    for (const call of [get, put, post, remove].filter((one) => one !== undefined)) {
      const all = [...shared, ...(call.parameters ?? [])].map((one) => resolve(one, parameters));
      call.parameters = all.filter((one) => one.in !== 'header');
      // The validator would split what is no list, too.
      for (const one of call.parameters) if (one.schema?.type !== 'array') delete one.explode;
      call['x-accept'] = all.find((one) => one.name === 'Accept')?.schema?.default;
      call.responses[400] = { description: '', ...error };
      // Of a form there is no body in the record; that it can be read is for the platform to say.
      if (call.requestBody !== undefined && FORM in call.requestBody.content) call.requestBody.required = false;
    }
  }
  for (const item of Object.values(description.paths)) delete item.parameters;
  return description;
}

function resolve(parameter: Parameter, parameters: Readonly<Record<string, Parameter>>): Parameter {
  return parameters[parameter.$ref?.split('/').at(-1) ?? ''] ?? parameter;
}

function close(value: unknown): void {
  if (value === null || typeof value !== 'object') return;
  for (const item of Object.values(value)) close(item);
  const schema: { type?: unknown; properties?: unknown; additionalProperties?: boolean } = value;
  if (schema.type === 'object' && schema.properties !== undefined) schema.additionalProperties ??= false;
}

let loading: Promise<OpenAPIBackend> | undefined;

function loadApi(): Promise<OpenAPIBackend> {
  loading ??= loadOpenApi(readStrictDescription(), { uuid: UUID });
  return loading;
}

function noSuchCall({ method, path }: RedirectRequest): string {
  return `no such call in ${WHOSE} description: ${method} ${path}`;
}

function contentOf(holder: unknown): object {
  return typeof holder === 'object' && holder !== null && 'content' in holder ? (holder.content ?? {}) : {};
}

/** The download says nothing of `Accept`; its description asks for a content type of a request without content. */
function acceptProblems(accept: string | undefined, operation: Operation): string[] {
  const expected = (operation as Pick<DescribedCall, 'x-accept'>)['x-accept'] ?? 'text/csv';
  const types = (accept ?? '').split(',').map((type) => type.replace(/;.*/, '').trim());
  return types.includes(expected) ? [] : [`accept is not ${expected}`];
}

function bodyProblems({ headers, body }: RedirectRequest, types: readonly string[]): string[] {
  const type = headers['content-type'] ?? '';
  if (types.length === 0) return body === undefined ? [] : ['the call takes no body'];
  const isRight = types.includes(type.replace(/;.*/, '').trim());
  const problems = isRight ? [] : [`content-type is not ${types.join(', ')}`];
  if (types.includes(FORM) && !/;\s*boundary=\S/.test(type)) problems.push('content-type has no boundary');
  return problems;
}
