import type { ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';

/** A complete answer, not yet sent. */
export interface BodyAnswer {
  kind: 'body';
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array;
}

/** An answer that goes on: `open` takes the response over. */
export interface StreamAnswer {
  kind: 'stream';
  open: (response: ServerResponse) => void;
}

export type Answer = BodyAnswer | StreamAnswer;

const STATUS_CODES_PAGE = 'https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes';

export function createJsonAnswer(status: number, body: unknown, headers: Record<string, string> = {}): BodyAnswer {
  return {
    kind: 'body',
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

/** A successful answer: `{data, meta}` (API document, section 1, table of calls). */
export function createDataAnswer(data: unknown, meta: unknown = {}): BodyAnswer {
  return createJsonAnswer(200, { data, meta });
}

export function createEmptyAnswer(status: number): BodyAnswer {
  return { kind: 'body', status, headers: {}, body: '' };
}

/** An error in BigCommerce's shape (API document, section 1, "Errors"). */
export function createErrorAnswer(status: number, title?: string, errors: Record<string, string> = {}): BodyAnswer {
  return createJsonAnswer(status, {
    status,
    title: title ?? STATUS_CODES[status] ?? 'Error',
    type: STATUS_CODES_PAGE,
    errors,
  });
}

/** An error in storage's shape: XML with a code (API document, section 1, "The upload URL"). */
export function createXmlErrorAnswer(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): BodyAnswer {
  const body = `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error>`;
  return { kind: 'body', status, headers: { 'content-type': 'application/xml; charset=UTF-8', ...headers }, body };
}

/** Text as it is written between the tags of XML. */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
