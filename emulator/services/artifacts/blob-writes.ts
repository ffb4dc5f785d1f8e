import type { BodyAnswer } from '../../answers.ts';
import type { Exchange } from '../../service.ts';
import type { BlobErrorCode } from './blob-answers.ts';
import { createBlobCreated, createBlobError, rejectBlobRequest } from './blob-answers.ts';
import type { BlobProperties, Blobs, ListedBlock, StoredBlob } from './blobs.ts';

const MAX_BLOCK_ID_BYTES = 64;
const MAX_BLOCKS = 50_000;
/** An entry takes about 100 bytes. */
const MAX_BLOCK_LIST_BYTES = 8 * 1024 * 1024;
const DEFAULT_CONTENT_TYPE = 'application/octet-stream';

/** Azure's documentation, "Put Block". */
export async function putBlock(exchange: Exchange, blobs: Blobs): Promise<BodyAnswer> {
  const { request, url, chunks } = exchange;
  const name = url.pathname;
  const blockId = url.searchParams.get('blockid') ?? '';
  const error = checkBlock(exchange, blobs.isBlockIdOfOtherLength(name, blockId));
  if (error !== undefined) return rejectBlobRequest(exchange, error);
  const file = await blobs.receive(chunks);
  const isDamaged = !isMd5Right(exchange, file.md5);
  if (isDamaged || file.sizeBytes === 0) {
    await blobs.discard(file);
    return createBlobError(request, isDamaged ? 'Md5Mismatch' : 'InvalidHeaderValue');
  }
  await blobs.stage(name, blockId, file);
  return createBlobCreated(request);
}

/** "Put Block List". A list that was committed before is accepted again. */
export async function putBlockList(exchange: Exchange, blobs: Blobs): Promise<BodyAnswer> {
  const { request, url, chunks, record } = exchange;
  if (request.headers['content-length'] === undefined) return rejectBlobRequest(exchange, 'MissingContentLengthHeader');
  const parts: Buffer[] = [];
  for await (const chunk of chunks) if (record.bodyBytes <= MAX_BLOCK_LIST_BYTES) parts.push(chunk);
  const blocks = parseBlockList(Buffer.concat(parts).toString());
  if (blocks === undefined) return createBlobError(request, 'InvalidXmlDocument');
  const blob = await blobs.commit(url.pathname, blocks, readProperties(exchange, undefined));
  if (blob === undefined || blocks.length > MAX_BLOCKS) return createBlobError(request, 'InvalidBlockList');
  return createBlobCreated(request, describe(blob));
}

/** "Put Blob": all of it in one request. */
export async function putBlob(exchange: Exchange, blobs: Blobs): Promise<BodyAnswer> {
  const { request, url, chunks } = exchange;
  const { 'x-ms-blob-type': type, 'content-length': length } = request.headers;
  if (type === undefined) return rejectBlobRequest(exchange, 'MissingRequiredHeader');
  if (type !== 'BlockBlob') return rejectBlobRequest(exchange, 'InvalidHeaderValue');
  if (length === undefined) return rejectBlobRequest(exchange, 'MissingContentLengthHeader');
  const file = await blobs.receive(chunks);
  if (!isMd5Right(exchange, file.md5)) {
    await blobs.discard(file);
    return createBlobError(request, 'Md5Mismatch');
  }
  const blob = await blobs.put(url.pathname, file, readProperties(exchange, file.md5));
  return createBlobCreated(request, { ...describe(blob), 'content-md5': file.md5 });
}

function checkBlock({ request, url }: Exchange, isOtherLength: boolean): BlobErrorCode | undefined {
  const blockId = url.searchParams.get('blockid') ?? '';
  const bytes = Buffer.from(blockId, 'base64');
  if (blockId === '' || bytes.toString('base64') !== blockId || bytes.length > MAX_BLOCK_ID_BYTES) {
    return 'InvalidQueryParameterValue';
  }
  if (isOtherLength) return 'InvalidBlobOrBlock';
  return request.headers['content-length'] === undefined ? 'MissingContentLengthHeader' : undefined;
}

function isMd5Right({ request }: Exchange, md5: string): boolean {
  const given = request.headers['content-md5'];
  return given === undefined || given === md5;
}

function readProperties({ request }: Exchange, computedMd5: string | undefined): BlobProperties {
  const { 'x-ms-blob-content-type': blobType, 'content-type': type, 'x-ms-blob-content-md5': md5 } = request.headers;
  // Content-Type of Put Block List is that of the list.
  const ofBody = computedMd5 === undefined ? undefined : type;
  return {
    contentType: typeof blobType === 'string' ? blobType : (ofBody ?? DEFAULT_CONTENT_TYPE),
    contentMd5: typeof md5 === 'string' ? md5 : computedMd5,
  };
}

function describe({ etag, modifiedAtMs }: StoredBlob): Record<string, string> {
  return { etag, 'last-modified': new Date(modifiedAtMs).toUTCString() };
}

const BLOCK_LIST = /^(?:<\?xml[^>]*>\s*)?<BlockList>([\s\S]*)<\/BlockList>$/;
const BLOCK = /\s*<(?:Latest>([^<]*)<\/Latest|Uncommitted>([^<]*)<\/Uncommitted)>/y;

/** The blocks in a list; undefined if it is not one. `<Committed>` is not supported. */
function parseBlockList(xml: string): ListedBlock[] | undefined {
  const content = BLOCK_LIST.exec(xml.trim())?.[1];
  if (content === undefined) return undefined;
  const blocks: ListedBlock[] = [];
  let position = 0;
  while (position < content.length) {
    BLOCK.lastIndex = position;
    const match = BLOCK.exec(content);
    if (match === null) return content.slice(position).trim() === '' ? blocks : undefined;
    blocks.push({ id: match[1] ?? match[2] ?? '', mayBeCommitted: match[1] !== undefined });
    position = BLOCK.lastIndex;
  }
  return blocks;
}
