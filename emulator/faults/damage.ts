import { gzipSync } from 'node:zlib';
import type { Answer, BodyAnswer } from '../answers.ts';
import type { Damage } from './answer-faults.ts';

const HUGE_BYTES = 16 * 1_048_576;
const PAGE = '<!DOCTYPE html>\n<html><head><title>Sign in to the network</title></head><body>No entry.</body></html>\n';
/** What an event stream is damaged to: it has no body of its own yet. */
const EVENT = 'data: {"started":true}\n\n';

/** The answer with another body. A stream becomes an answer that ends. */
export function damageAnswer(answer: Answer, how: Damage, hugeBytes = HUGE_BYTES): BodyAnswer {
  const whole: BodyAnswer =
    answer.kind === 'body'
      ? answer
      : { kind: 'body', status: 200, headers: { 'content-type': 'text/event-stream' }, body: EVENT };
  const { body, headers } = damageBody(Buffer.from(whole.body), how, hugeBytes);
  // A 204 has no body.
  const status = whole.status === 204 && body.length > 0 ? 200 : whole.status;
  return { ...whole, status, headers: { ...whole.headers, ...headers }, body };
}

function damageBody(body: Buffer, how: Damage, hugeBytes: number) {
  const of = (damaged: string | Buffer, headers: Record<string, string> = {}) => ({
    body: Buffer.from(damaged),
    headers,
  });
  switch (how) {
    case 'html':
      return of(PAGE, { 'content-type': 'text/html; charset=utf-8' });
    case 'gzip':
      return of(gzipSync(body));
    case 'gzip-encoded':
      return of(gzipSync(body), { 'content-encoding': 'gzip' });
    case 'truncated':
      return of(body.subarray(0, Math.floor(body.length / 2)));
    case 'wrong-types':
      return of(withOtherTypes(body));
    case 'null':
      return of('null');
    case 'array':
      return of('[]');
    case 'empty':
      return of('');
    case 'huge':
      return of(Buffer.concat([Buffer.from('{"data":"'), Buffer.alloc(hugeBytes, 'a'), Buffer.from('"}')]));
  }
}

/** Unchanged where it is no JSON. */
function withOtherTypes(body: Buffer): Buffer {
  try {
    return Buffer.from(JSON.stringify(otherType(JSON.parse(body.toString()))));
  } catch {
    return body;
  }
}

/** Objects and lists stay, so that it is the values that are wrong. */
function otherType(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(otherType);
  if (typeof value === 'string') return value.length;
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, otherType(one)]));
  }
  return value === null ? 0 : `${value}`;
}
