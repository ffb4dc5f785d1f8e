import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../../answers.ts';
import { drain } from '../../request-body.ts';
import type { Exchange } from '../../service.ts';
import { createBlobError, createBlobHeaders } from './blob-answers.ts';
import type { Blobs, StoredBlob } from './blobs.ts';

interface ByteRange {
  start: number;
  /** The last byte. */
  end: number;
}

/** Azure's documentation, "Get Blob": whole, or a range of it. */
export async function getBlob(exchange: Exchange, blobs: Blobs): Promise<Answer> {
  const { request, url, faults, chunks } = exchange;
  await drain(chunks);
  const blob = blobs.find(url.pathname);
  if (blob === undefined) return createBlobError(request, 'BlobNotFound');
  const headers = createReadHeaders(exchange, blob);
  const { sizeBytes, contentMd5 } = blob;
  const range = readRange(exchange, sizeBytes);
  if (range === 'unsatisfiable') {
    return createBlobError(request, 'InvalidRange', { headers: { 'content-range': `bytes */${sizeBytes}` } });
  }
  const { start, end } = range ?? { start: 0, end: sizeBytes - 1 };
  const length = { 'content-length': `${end - start + 1}` };
  const fault = faults.answer;
  const send = (response: ServerResponse) => {
    if (fault?.effect === 'slow-body') void sendSlowly(response, blob.path, { start, end }, fault);
    else sendFile(response, blob.path, { start, end }, fault?.effect === 'reset-in-body');
  };
  if (range === undefined) return open(200, { ...headers, ...renderMd5('content-md5', contentMd5), ...length }, send);
  const contentRange = `bytes ${start}-${end}/${sizeBytes}`;
  // Content-MD5 would be that of the range; that of the whole blob has a name of its own.
  const md5 = renderMd5('x-ms-blob-content-md5', contentMd5);
  return open(206, { ...headers, ...md5, ...length, 'content-range': contentRange }, send);
}

/** "Get Blob Properties": HEAD. */
export async function getBlobProperties(exchange: Exchange, blobs: Blobs): Promise<Answer> {
  await drain(exchange.chunks);
  const blob = blobs.find(exchange.url.pathname);
  if (blob === undefined) return createBlobError(exchange.request, 'BlobNotFound');
  const md5 = renderMd5('content-md5', blob.contentMd5);
  const headers = { ...createReadHeaders(exchange, blob), ...md5, 'content-length': `${blob.sizeBytes}` };
  return open(200, headers, (response) => response.end());
}

function createReadHeaders({ request, url }: Exchange, blob: StoredBlob): Record<string, string> {
  const disposition = url.searchParams.get('rscd');
  return {
    ...createBlobHeaders(request),
    'content-type': url.searchParams.get('rsct') ?? blob.contentType,
    ...(disposition !== null && { 'content-disposition': disposition }),
    'accept-ranges': 'bytes',
    etag: blob.etag,
    'last-modified': new Date(blob.modifiedAtMs).toUTCString(),
    'x-ms-blob-type': 'BlockBlob',
    'x-ms-creation-time': new Date(blob.createdAtMs).toUTCString(),
    'x-ms-lease-state': 'available',
    'x-ms-lease-status': 'unlocked',
    'x-ms-server-encrypted': 'true',
  };
}

function renderMd5(name: string, md5: string | undefined): Record<string, string> {
  return md5 === undefined ? {} : { [name]: md5 };
}

/** `x-ms-range` takes precedence over `Range`; a range that is not in Azure's form is ignored ("Specifying the range header"). */
function readRange({ request }: Exchange, sizeBytes: number): ByteRange | 'unsatisfiable' | undefined {
  const text = request.headers['x-ms-range'] ?? request.headers.range ?? '';
  const [, from, to = ''] = /^bytes=(\d+)-(\d*)$/.exec(`${text}`) ?? [];
  if (from === undefined) return undefined;
  const start = Number(from);
  const end = to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  return start > end ? 'unsatisfiable' : { start, end };
}

function open(status: number, headers: Record<string, string>, send: (response: ServerResponse) => void): Answer {
  return {
    kind: 'stream',
    open: (response) => {
      response.writeHead(status, headers);
      send(response);
    },
  };
}

function sendFile(response: ServerResponse, path: string, { start, end }: ByteRange, isCut: boolean): void {
  if (end < start) {
    response.end();
    return;
  }
  const last = isCut ? Math.floor((start + end) / 2) : end;
  const file = createReadStream(path, { start, end: last });
  file.on('error', () => response.destroy());
  response.on('close', () => file.destroy());
  // What was written must be on its way before the socket goes.
  if (isCut) file.on('end', () => response.write('', () => setImmediate(() => response.destroy())));
  file.pipe(response, { end: !isCut });
}

/** In pieces, with a pause before each. */
async function sendSlowly(
  response: ServerResponse,
  path: string,
  { start, end }: ByteRange,
  { chunkBytes = 1, delayMs = 20 }: { chunkBytes?: number | undefined; delayMs?: number | undefined },
): Promise<void> {
  try {
    const pieces = end < start ? [] : createReadStream(path, { start, end, highWaterMark: chunkBytes });
    response.flushHeaders();
    for await (const piece of pieces) {
      await sleep(delayMs);
      if (response.destroyed) return;
      response.write(piece);
    }
    response.end();
  } catch {
    response.destroy();
  }
}
