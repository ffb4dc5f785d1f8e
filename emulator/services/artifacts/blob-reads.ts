import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../../answers.ts';
import { createBlobError, createBlobHeaders } from './blob-answers.ts';
import type { StoredBlob } from './blobs.ts';
import type { ArtifactExchange } from './exchange.ts';

interface ByteRange {
  start: number;
  /** The last byte. */
  end: number;
}

/** `GET {blob}`, whole or a range of it, and `HEAD {blob}` (Azure's documentation, "Get Blob", "Get Blob Properties"). */
export function answerRead(exchange: ArtifactExchange, blob: StoredBlob | undefined): Answer {
  const { request, call, fault } = exchange;
  if (blob === undefined) return createBlobError(request, 'BlobNotFound');
  const headers = createReadHeaders(exchange, blob);
  const { sizeBytes, contentMd5 } = blob;
  if (call === 'artifacts.getBlobProperties') {
    return open(200, { ...headers, ...md5Header(contentMd5), 'content-length': `${sizeBytes}` }, (response) =>
      response.end(),
    );
  }
  const range = readRange(exchange, sizeBytes);
  if (range === 'unsatisfiable') {
    return createBlobError(request, 'InvalidRange', { headers: { 'content-range': `bytes */${sizeBytes}` } });
  }
  const { start, end } = range ?? { start: 0, end: sizeBytes - 1 };
  const length = { 'content-length': `${end - start + 1}` };
  const send = (response: ServerResponse) => {
    if (fault?.effect === 'slow-body') void sendSlowly(response, blob.path, { start, end }, fault);
    else sendFile(response, blob.path, { start, end }, fault?.effect === 'reset-in-body');
  };
  if (range === undefined) return open(200, { ...headers, ...md5Header(contentMd5), ...length }, send);
  const contentRange = `bytes ${start}-${end}/${sizeBytes}`;
  // Content-MD5 would be that of the range; the whole blob's has a name of its own.
  const md5 = contentMd5 === undefined ? {} : { 'x-ms-blob-content-md5': contentMd5 };
  return open(206, { ...headers, ...md5, ...length, 'content-range': contentRange }, send);
}

function createReadHeaders({ request, url }: ArtifactExchange, blob: StoredBlob): Record<string, string> {
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

function md5Header(md5: string | undefined): Record<string, string> {
  return md5 === undefined ? {} : { 'content-md5': md5 };
}

/** `x-ms-range` comes before `Range`; a range of another form than Azure's counts as none ("Specifying the range header"). */
function readRange({ request }: ArtifactExchange, sizeBytes: number): ByteRange | 'unsatisfiable' | undefined {
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
