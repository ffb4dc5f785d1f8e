import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, BodyAnswer } from './answers.ts';
import { createJsonAnswer, createXmlErrorAnswer } from './answers.ts';
import type { AnswerFault } from './faults/answer-faults.ts';
import { damageAnswer } from './faults/damage.ts';

const DEFAULT_DRIP_MS = 20;

/**
 * The answer that a fault gives in place of the work; undefined where the work is to be done.
 * @param createError an error of a status in the form of the side that is asked
 */
export function createFaultAnswer(
  fault: AnswerFault | undefined,
  createError: (status: number) => BodyAnswer,
): BodyAnswer | undefined {
  if (fault?.effect === 'redirect') {
    return { kind: 'body', status: fault.status ?? 302, headers: { location: fault.location }, body: '' };
  }
  if (fault?.effect !== 'status') return undefined;
  const { status, headers = {}, body, xml } = fault;
  if (xml !== undefined) return createXmlErrorAnswer(status, xml.code, xml.message, headers);
  if (typeof body === 'string') return { kind: 'body', status, headers, body };
  if (body !== undefined) return createJsonAnswer(status, body, headers);
  const answer = createError(status);
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

/** Sends an answer, or what the fault leaves of it. */
export async function sendAnswer(
  normal: Answer,
  response: ServerResponse,
  fault: AnswerFault | undefined,
): Promise<void> {
  const answer = fault?.effect === 'damaged' ? damageAnswer(normal, fault.how, fault.bytes) : normal;
  if (fault?.effect === 'delay') await sleep(fault.delayMs, undefined, { ref: false });
  if (fault?.effect === 'lost-answer') return resetSocket(response.socket);
  if (answer.kind === 'stream') return answer.open(response);
  const bytes = Buffer.from(answer.body);
  response.writeHead(answer.status, withLength(answer, bytes.length));
  if (fault?.effect === 'reset-in-body') {
    // Only once the half is handed over may the socket go, or the client would see nothing at all.
    response.flushHeaders();
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  } else if (fault?.effect === 'slow-body') {
    response.flushHeaders();
    for (const piece of splitBySize(bytes, fault.chunkBytes ?? 1)) {
      await sleep(fault.delayMs ?? DEFAULT_DRIP_MS, undefined, { ref: false });
      if (response.destroyed) return;
      response.write(piece);
    }
    response.end();
  } else {
    response.end(bytes);
  }
}

/** The connection breaks at once: with a TCP reset, as a peer that crashed would, where the socket can do that. */
export function resetSocket(socket: Socket | null): void {
  try {
    socket?.resetAndDestroy();
  } catch {
    // A TLS socket cannot be reset.
    socket?.destroy();
  }
}

// A 204 must not have a length, and every other answer must: `reset-in-body` is only seen where the length is known.
function withLength({ status, headers }: BodyAnswer, length: number): Record<string, string | number> {
  return status === 204 || status === 304 ? headers : { ...headers, 'content-length': length };
}

/** Pieces of so many bytes each. */
export function splitBySize(bytes: Buffer, size: number): Buffer[] {
  const step = Math.max(size, 1);
  return Array.from({ length: Math.ceil(bytes.length / step) }, (_, index) =>
    bytes.subarray(index * step, (index + 1) * step),
  );
}
