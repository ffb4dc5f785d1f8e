import { readFileSync } from 'node:fs';

/** The part of OpenAPI 3.0's JSON schemas that is used here. */
export interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  default?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  dependencies?: Record<string, string[]>;
  allOf?: Schema[];
  if?: Schema;
  then?: Schema;
  enum?: unknown[];
  nullable?: boolean;
  maximum?: number;
  maxLength?: number;
}

interface Operation {
  operationId: string;
  parameters?: { $ref?: string; name?: string; schema?: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, unknown>;
}

export interface Description {
  info: { 'x-api-versions': string[] };
  paths: Record<string, Record<string, Operation>>;
  components: {
    parameters: Record<string, { schema: Schema }>;
    schemas: Record<string, Schema>;
  };
}

/** A comment that is longer is refused, which no page of the description says. */
export const MAX_COMMENT_LENGTH = 65_536;
/** "The maximum description length is 140 characters." */
export const MAX_STATUS_DESCRIPTION_LENGTH = 140;
/** "The number of results per page (max 100)." */
export const MAX_PER_PAGE = 100;

const COMMENT: Schema = { properties: { body: { maxLength: MAX_COMMENT_LENGTH } } };

/** "Required if you provide `completed_at` or a `status` of `completed`". */
const CHECK_RUN: Schema = {
  dependencies: { completed_at: ['conclusion'] },
  if: { properties: { status: { enum: ['completed'] } }, required: ['status'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schema; nobody awaits a schema.
  then: { required: ['conclusion'] },
};

/** What GitHub's documentation asks of request bodies in words alone, by `operationId`. */
const BODY_RULES: Readonly<Record<string, Schema>> = {
  'checks/create': CHECK_RUN,
  'checks/update': CHECK_RUN,
  'issues/create-comment': COMMENT,
  'issues/update-comment': COMMENT,
  'repos/create-deployment-status': { properties: { description: { maxLength: MAX_STATUS_DESCRIPTION_LENGTH } } },
};

/** The committed cut, unchanged. */
export function readDescription(): Description {
  return JSON.parse(readFileSync(new URL('openapi.json', import.meta.url), 'utf8')) as Description;
}

/**
 * The cut made as strict as the tests want it: objects have no fields but those that the description knows, and the
 * limits that it only gives in words are part of the schemas.
 */
export function readStrictDescription(): Description {
  const description = readDescription();
  sharpen(description);
  const perPage = description.components.parameters['per-page'];
  if (perPage === undefined) throw new Error('the cut knows no per_page');
  perPage.schema.maximum = MAX_PER_PAGE;
  for (const name of ['validation-error', 'validation-error-simple']) {
    const properties = description.components.schemas[name]?.properties;
    // Every error repeats its status, but only of `basic-error` is it described.
    if (properties !== undefined) properties['status'] = { type: 'string' };
  }
  for (const operation of Object.values(description.paths).flatMap((item) => Object.values(item))) {
    addWords(operation);
    // Refusals that any call can meet, such as of its token, are not listed with each.
    operation.responses['4XX'] = {
      description: '',
      content: { 'application/json': { schema: { $ref: '#/components/schemas/basic-error' } } },
    };
  }
  return description;
}

function addWords(operation: Operation): void {
  const body = operation.requestBody?.content['application/json']?.schema;
  const rule = BODY_RULES[operation.operationId];
  if (body !== undefined && rule !== undefined) body.allOf = [rule];
  // "The `:archive_format` must be `zip`."
  const archiveFormat = operation.parameters?.find(({ name }) => name === 'archive_format');
  if (archiveFormat?.schema !== undefined) archiveFormat.schema.enum = ['zip'];
}

/** The format of an address that may be empty. */
export const ADDRESS_OR_NOTHING = 'uri-or-nothing';

/** Goes through all schemas; what else lies on the way has no `type: object` and no `nullable`. */
function sharpen(value: unknown): void {
  if (value === null || typeof value !== 'object') return;
  for (const item of Object.values(value)) sharpen(item);
  const schema: Schema = value;
  if (schema.format === 'uri' && schema.default === '') schema.format = ADDRESS_OR_NOTHING;
  if (schema.type === 'object' && schema.properties !== undefined) schema.additionalProperties ??= false;
  // In OpenAPI 3.0 `nullable` allows null beside the listed values; in JSON schema the list alone decides.
  if (schema.nullable === true && Array.isArray(schema.enum)) schema.enum = [...new Set([...schema.enum, null])];
}
