import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { AnswerFault } from './faults/answer-faults.ts';
import type { RecordedRequest } from './recorder.ts';

/** More than any call needs: a batch of redirects may be large. */
const MAX_JSON_BYTES = 16 * 1_048_576;
const DEFAULT_RESET_AFTER_BYTES = 65_536;

/** The connection is gone, or was destroyed on purpose: nobody is left to answer. */
export class ConnectionGone extends Error {
  constructor(options?: ErrorOptions) {
    super('The connection is gone.', options);
    this.name = 'ConnectionGone';
  }
}

/** The body as it arrives, counted; faults in the middle of a request body are applied here. */
export async function* readChunks(
  request: IncomingMessage,
  record: RecordedRequest,
  fault: AnswerFault | undefined,
): AsyncGenerator<Buffer, void, undefined> {
  // Node takes the socket from a request whose reading is given up, so it is held here.
  const { socket } = request;
  if (fault?.effect === 'stall-upload' && (fault.afterBytes ?? 0) === 0) await waitForClose(socket);
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      record.bodyBytes += chunk.length;
      if (fault?.effect === 'stall-upload' && record.bodyBytes >= (fault.afterBytes ?? 0)) await waitForClose(socket);
      if (
        fault?.effect === 'reset-mid-request' &&
        record.bodyBytes >= (fault.afterBytes ?? DEFAULT_RESET_AFTER_BYTES)
      ) {
        break;
      }
      yield chunk;
    }
  } catch (error) {
    throw new ConnectionGone({ cause: error });
  }
  if (fault?.effect === 'stall-upload') await waitForClose(socket);
  if (fault?.effect === 'reset-mid-request') {
    socket.destroy();
    throw new ConnectionGone();
  }
}

/** Reads the body to its end and throws it away. */
export async function drain(chunks: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of chunks) {
    // Only counted.
  }
}

/** The whole body; undefined where it has more bytes. It is read to its end in any case. */
export async function readBytes(chunks: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer | undefined> {
  let parts: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    sizeBytes += chunk.length;
    if (sizeBytes <= maxBytes) parts.push(chunk);
    else parts = [];
  }
  return sizeBytes > maxBytes ? undefined : Buffer.concat(parts);
}

/** Reads a JSON body, or none, into the record; a broken or oversized one is `invalid`. */
export async function readJsonBody(chunks: AsyncIterable<Buffer>, record: RecordedRequest): Promise<'ok' | 'invalid'> {
  const bytes = await readBytes(chunks, MAX_JSON_BYTES);
  if (bytes === undefined) return 'invalid';
  if (bytes.length === 0) return 'ok';
  try {
    record.body = JSON.parse(bytes.toString());
    return 'ok';
  } catch {
    return 'invalid';
  }
}

// Not reading stalls the sender, until the connection ends.
async function waitForClose(socket: Socket): Promise<never> {
  if (!socket.destroyed) await new Promise<void>((resolve) => socket.once('close', () => resolve()));
  throw new ConnectionGone();
}

/** A field of a parsed body that is a text; undefined where it is not. */
export function readTextField(body: unknown, name: string): string | undefined {
  const value = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}
