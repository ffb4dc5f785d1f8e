import { createReadStream } from 'node:fs';
import { printableName } from '../domain/bundle-names.ts';
import type { ContentInspector } from '../domain/content-rules.ts';
import { describeFault } from './fault.ts';
import type { WalkedFile } from './walk-directory.ts';

const READ_BYTES = 64 * 1024;

/** A file that could not be read as it was found. The message is a sentence for the user. */
export class FileReadError extends Error {
  override name = 'FileReadError';
}

/**
 * Reads a file once, showing each chunk to the inspector before it is handed on.
 * @throws FileReadError when it cannot be read, or its size is not the one that the walk saw; the signal's reason
 */
export async function* readInspected(
  file: WalkedFile,
  inspector: ContentInspector,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, void> {
  let bytes = 0;
  for await (const chunk of readChunks(file)) {
    signal.throwIfAborted();
    bytes += chunk.length;
    if (bytes > file.sizeBytes) break;
    inspector.push(chunk);
    yield chunk;
  }
  if (bytes !== file.sizeBytes) {
    throw new FileReadError(
      `${printableName(file.name)}: its size changed while it was being packaged. Let the build finish before this step.`,
    );
  }
}

async function* readChunks(file: WalkedFile): AsyncGenerator<Buffer, void, void> {
  const stream = createReadStream(file.path, { highWaterMark: READ_BYTES });
  try {
    for await (const chunk of stream) yield chunk;
  } catch (cause) {
    throw new FileReadError(`${printableName(file.name)}: it cannot be read: ${describeFault(cause)}.`, { cause });
  }
}
