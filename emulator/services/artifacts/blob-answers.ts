import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { BodyAnswer } from '../../answers.ts';
import { drain } from '../../request-body.ts';
import type { Exchange } from '../../service.ts';

/** Codes and sentences of Azure's documentation, "Common REST API error codes" and "Blob service error codes". */
const ERRORS = {
  AuthenticationFailed: [
    403,
    'Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.',
  ],
  AuthorizationPermissionMismatch: [
    403,
    'This request is not authorized to perform this operation using this permission.',
  ],
  BlobNotFound: [404, 'The specified blob does not exist.'],
  InternalError: [500, 'The server encountered an internal error. Please retry the request.'],
  InvalidBlobOrBlock: [400, 'The specified blob or block content is invalid.'],
  InvalidBlockList: [400, 'The specified block list is invalid.'],
  InvalidHeaderValue: [400, 'The value for one of the HTTP headers is not in the correct format.'],
  InvalidQueryParameterValue: [400, 'Value for one of the query parameters specified in the request URI is invalid.'],
  InvalidRange: [416, 'The range specified is invalid for the current size of the resource.'],
  InvalidXmlDocument: [400, 'XML specified is not syntactically valid.'],
  Md5Mismatch: [
    400,
    'The MD5 value specified in the request did not match with the MD5 value calculated by the server.',
  ],
  MissingContentLengthHeader: [411, 'The Content-Length header was not specified.'],
  MissingRequiredHeader: [400, 'An HTTP header that is mandatory for this request is not specified.'],
  OperationTimedOut: [500, 'Operation could not be completed within the specified time.'],
  ServerBusy: [503, 'The server is busy.'],
  UnsupportedHttpVerb: [405, 'The resource does not support the specified HTTP verb.'],
} as const satisfies Record<string, readonly [number, string]>;

export type BlobErrorCode = keyof typeof ERRORS;

/** Headers that every answer of the store has. The client's own id comes back, so that logs can be matched. */
export function createBlobHeaders(request: IncomingMessage): Record<string, string> {
  const { 'x-ms-client-request-id': clientId, 'x-ms-version': version } = request.headers;
  return {
    server: 'Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0',
    'x-ms-request-id': randomUUID(),
    'x-ms-version': typeof version === 'string' ? version : '2025-11-05',
    ...(typeof clientId === 'string' && { 'x-ms-client-request-id': clientId }),
  };
}

/** A write that was done. Content-MD5 comes back only where it was sent, since version 2019-02-02 ("Put Block"). */
export function createBlobCreated(request: IncomingMessage, more: Record<string, string> = {}): BodyAnswer {
  const md5 = request.headers['content-md5'];
  return {
    kind: 'body',
    status: 201,
    headers: {
      ...createBlobHeaders(request),
      'x-ms-request-server-encrypted': 'true',
      ...(typeof md5 === 'string' && { 'content-md5': md5 }),
      ...more,
    },
    body: '',
  };
}

/** An error in Azure's form ("Status and error codes"): XML with a byte order mark; the code stands in a header, too. */
export function createBlobError(
  request: IncomingMessage,
  code: BlobErrorCode,
  { detail, headers = {} }: { detail?: string; headers?: Record<string, string> } = {},
): BodyAnswer {
  const [status, sentence] = ERRORS[code];
  return renderBlobError(request, { status, code, sentence, detail, headers });
}

/** An error that is sent once the body was read, so that the client gets to see it. */
export async function rejectBlobRequest(
  { request, chunks }: Pick<Exchange, 'request' | 'chunks'>,
  code: BlobErrorCode,
  detail?: string,
): Promise<BodyAnswer> {
  await drain(chunks);
  return createBlobError(request, code, detail === undefined ? {} : { detail });
}

/** An error of any status, for a fault. */
export function createBlobStatus(request: IncomingMessage, status: number): BodyAnswer {
  const codes = Object.keys(ERRORS) as BlobErrorCode[];
  const known = codes.find((code) => ERRORS[code][0] === status) ?? 'InternalError';
  const code = status === 500 ? 'OperationTimedOut' : known;
  return renderBlobError(request, { status, code, sentence: ERRORS[code][1], detail: undefined, headers: {} });
}

interface BlobError {
  status: number;
  code: string;
  sentence: string;
  detail: string | undefined;
  headers: Record<string, string>;
}

function renderBlobError(request: IncomingMessage, error: BlobError): BodyAnswer {
  const common = createBlobHeaders(request);
  const message = `${error.sentence}\nRequestId:${common['x-ms-request-id']}\nTime:${new Date().toISOString()}`;
  const detail =
    error.detail === undefined
      ? ''
      : `<AuthenticationErrorDetail>${escapeXml(error.detail)}</AuthenticationErrorDetail>`;
  return {
    kind: 'body',
    status: error.status,
    headers: { ...common, 'content-type': 'application/xml', 'x-ms-error-code': error.code, ...error.headers },
    // What answers a HEAD has no body, whatever is given here.
    body: `\ufeff<?xml version="1.0" encoding="utf-8"?><Error><Code>${error.code}</Code><Message>${escapeXml(message)}</Message>${detail}</Error>`,
  };
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
