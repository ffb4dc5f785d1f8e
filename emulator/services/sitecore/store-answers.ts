import { randomBytes } from 'node:crypto';
import type { BodyAnswer } from '../../answers.ts';
import { escapeXml } from '../../answers.ts';
import type { SignatureFault } from './v4-signature.ts';

/** Headers that every answer of S3 has. */
function createHeaders(): Record<string, string> {
  return {
    server: 'AmazonS3',
    'x-amz-request-id': randomBytes(8).toString('hex').toUpperCase(),
    'x-amz-id-2': randomBytes(48).toString('base64'),
  };
}

/** What was done; empty unless there is a body. */
export function createStoreAnswer(headers: Record<string, string>, body: string | Uint8Array = ''): BodyAnswer {
  return { kind: 'body', status: 200, headers: { ...createHeaders(), ...headers }, body };
}

/** An error in S3's form ("Error responses"). */
export function createStoreError({ status, code, message, details = {} }: SignatureFault): BodyAnswer {
  const headers = createHeaders();
  const fields = {
    Code: code,
    Message: message,
    ...details,
    RequestId: headers['x-amz-request-id'] ?? '',
    HostId: headers['x-amz-id-2'] ?? '',
  };
  const xml = Object.entries(fields).map(([name, text]) => `<${name}>${escapeXml(text)}</${name}>`);
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${xml.join('')}</Error>`;
  return { kind: 'body', status, headers: { ...headers, 'content-type': 'application/xml' }, body };
}

/** An error of any status, as the faults on request want it. */
export function createStoreStatus(status: number): BodyAnswer {
  const code = { 403: 'AccessDenied', 404: 'NoSuchKey', 503: 'SlowDown' }[status] ?? 'InternalError';
  return createStoreError({ status, code, message: 'A fault that was asked for.' });
}
