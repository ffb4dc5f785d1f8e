import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ConnectionGone } from '../../request-body.ts';

/** The account's name is the first segment of the path if the host is an IP address: Azure's clients know that form. */
export const BLOB_ACCOUNT = 'productionresultsemulator';

/** A piece of a blob that is on disk. */
interface StoredFile {
  path: string;
  sizeBytes: number;
  sha256: string;
  /** Base64, as Azure writes it. */
  md5: string;
}

/** A committed blob. */
export interface StoredBlob extends StoredFile {
  contentType: string;
  /** `x-ms-blob-content-md5` of the commit, or of Put Blob what was computed; a commit without it leaves the blob without one. */
  contentMd5: string | undefined;
  etag: string;
  createdAtMs: number;
  modifiedAtMs: number;
}

/** A block in the list that makes a blob. */
export interface ListedBlock {
  id: string;
  /** `Latest`: a committed one, if there is no newer one. */
  mayBeCommitted: boolean;
}

export type BlobProperties = Pick<StoredBlob, 'contentType' | 'contentMd5'>;

/** Blobs and their blocks, on disk. A blob is named by its path. */
export class Blobs {
  readonly #directory: string;
  readonly #blobs = new Map<string, StoredBlob>();
  readonly #blocks = new Map<string, Map<string, StoredFile>>();
  /** Ids of the blocks that each blob was made of. */
  readonly #committed = new Map<string, readonly string[]>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  find(name: string): StoredBlob | undefined {
    return this.#blobs.get(name);
  }

  /** Stores a body that belongs to nothing yet. One that breaks off leaves nothing behind. */
  async receive(chunks: AsyncIterable<Buffer>): Promise<StoredFile> {
    const path = join(this.#directory, `blob-${randomUUID()}`);
    const sha256 = createHash('sha256');
    const md5 = createHash('md5');
    let sizeBytes = 0;
    try {
      await pipeline(
        chunks,
        async function* (source: AsyncIterable<Buffer>) {
          for await (const chunk of source) {
            sha256.update(chunk);
            md5.update(chunk);
            sizeBytes += chunk.length;
            yield chunk;
          }
        },
        createWriteStream(path),
      );
    } catch (error) {
      await rm(path, { force: true });
      throw error instanceof ConnectionGone ? error : new ConnectionGone({ cause: error });
    }
    return { path, sizeBytes, sha256: sha256.digest('hex'), md5: md5.digest('base64') };
  }

  async discard(file: StoredFile): Promise<void> {
    await rm(file.path, { force: true });
  }

  /** All uncommitted blocks of a blob have ids of one length ("Put Block"). */
  isBlockIdOfOtherLength(name: string, blockId: string): boolean {
    const [first] = this.#blocks.get(name)?.keys() ?? [];
    return first !== undefined && first.length !== blockId.length;
  }

  /** Replaces a block with this id. */
  async stage(name: string, blockId: string, file: StoredFile): Promise<void> {
    const blocks = this.#blocks.get(name) ?? new Map<string, StoredFile>();
    this.#blocks.set(name, blocks);
    const earlier = blocks.get(blockId);
    blocks.set(blockId, file);
    if (earlier !== undefined) await this.discard(earlier);
  }

  /**
   * Undefined if a block is missing. Blocks that are not listed are removed ("Put Block List"). A list that was committed
   * before is accepted again, for a client whose answer was lost.
   */
  async commit(
    name: string,
    list: readonly ListedBlock[],
    properties: BlobProperties,
  ): Promise<StoredBlob | undefined> {
    const ids = list.map(({ id }) => id);
    const blocks = this.#blocks.get(name) ?? new Map<string, StoredFile>();
    const listed = ids.map((id) => blocks.get(id));
    if (!listed.every((block) => block !== undefined)) {
      const isSame = blocks.size === 0 && this.#committed.get(name)?.join() === ids.join();
      return isSame && list.every(({ mayBeCommitted }) => mayBeCommitted) ? this.find(name) : undefined;
    }
    const file = await this.receive(readAll(listed));
    const blob = await this.put(name, file, properties);
    this.#blocks.delete(name);
    this.#committed.set(name, ids);
    for (const block of blocks.values()) await this.discard(block);
    return blob;
  }

  async put(name: string, file: StoredFile, properties: BlobProperties): Promise<StoredBlob> {
    const earlier = this.#blobs.get(name);
    const now = Date.now();
    const blob: StoredBlob = {
      ...file,
      ...properties,
      etag: `"0x8D${randomUUID().replaceAll('-', '').slice(0, 13).toUpperCase()}"`,
      createdAtMs: earlier?.createdAtMs ?? now,
      modifiedAtMs: now,
    };
    this.#blobs.set(name, blob);
    if (earlier !== undefined) await this.discard(earlier);
    return blob;
  }

  async remove(name: string): Promise<void> {
    const blob = this.#blobs.get(name);
    this.#blobs.delete(name);
    this.#committed.delete(name);
    if (blob !== undefined) await this.discard(blob);
  }
}

async function* readAll(files: readonly StoredFile[]): AsyncGenerator<Buffer> {
  for (const { path } of files) yield* createReadStream(path) as AsyncIterable<Buffer>;
}
