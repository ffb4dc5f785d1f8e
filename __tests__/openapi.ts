/** Checks requests and answers against an OpenAPI description, for the tests of any API that has one. */
import { type Document, OpenAPIBackend, type Operation, type ValidationResult } from 'openapi-backend';

export interface DescribedRequest {
  method: string;
  /** With the API's prefix, without the query. */
  path: string;
  query: Record<string, string>;
  /** By their names in lower case. */
  headers: Record<string, string>;
  /** The parsed JSON; undefined where there was none. */
  body: unknown;
}

type Formats = Readonly<Record<string, RegExp | ((text: string) => boolean)>>;

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

export function isAddress(text: string): boolean {
  return URL.canParse(text) && !/[\s{}<>"]/.test(text);
}

const FORMATS: Formats = {
  uri: isAddress,
  'date-time': (text) => DATE_TIME.test(text) && !Number.isNaN(Date.parse(text)),
};

/** @param formats beside `uri` and `date-time` */
export function loadOpenApi(definition: unknown, formats: Formats): Promise<OpenAPIBackend> {
  return new OpenAPIBackend({
    definition: definition as Document,
    // Calls are compiled when they are first met; that the cut is an OpenAPI document is a test of its own.
    quick: true,
    strict: true,
    ignoreTrailingSlashes: false,
    ajvOpts: { allErrors: true },
    customizeAjv: (ajv) => {
      for (const [name, format] of Object.entries({ ...FORMATS, ...formats })) ajv.addFormat(name, format);
      return ajv;
    },
  }).init();
}

export interface FoundCall {
  api: OpenAPIBackend;
  operation: Operation;
  /** The request by its path in the description. */
  relative: DescribedRequest;
}

/** @param prefix under which the API lies. @returns undefined for a call that is not described */
export async function findCall(
  load: () => Promise<OpenAPIBackend>,
  prefix: RegExp,
  request: DescribedRequest,
): Promise<FoundCall | undefined> {
  if (!prefix.test(request.path)) return undefined;
  const api = await load();
  const relative = { ...request, path: request.path.replace(prefix, '') };
  const operation = api.matchOperation(relative);
  return operation === undefined ? undefined : { api, operation, relative };
}

export type ValidationError = NonNullable<ValidationResult['errors']>[number];

/** What errors are about, in words: `body.name`. @param more fields below it */
export type Place = (...more: string[]) => string;

/**
 * @param whose description: "the vendor's"
 * @param root what the validator saw when it is not the parts of a request, which have names of their own
 * @param describeMore a sentence for what has none here; undefined for the validator's own words
 */
export function describeErrors(
  errors: readonly ValidationError[] | null | undefined,
  whose: string,
  root?: string,
  describeMore: (error: ValidationError, place: Place) => string | undefined = () => undefined,
): string[] {
  const describe = (error: ValidationError) => {
    const { instancePath, keyword, params, message } = error;
    const place: Place = (...more) => {
      const parts = [...(root === undefined ? [] : [root]), ...instancePath.split('/').slice(1), ...more];
      return parts.join('.').replace(/^requestBody\b/, 'body');
    };
    if (keyword === 'additionalProperties') {
      return `${place(String(params['additionalProperty']))} is not in ${whose} description`;
    }
    if (keyword === 'required') return `${place(String(params['missingProperty']))} is missing`;
    return describeMore(error, place) ?? `${place()} ${message}`;
  };
  return [...new Set((errors ?? []).map(describe))];
}
