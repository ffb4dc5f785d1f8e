/**
 * Packages a folder with the same zip format as the action, and does nothing else: no limits, no search for secrets, no
 * hash, no statistics. What `package.ts` takes on top of this is what the checks cost. Arguments: the folder, the zip.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { bySize } from '../../../src/domain/bundle-limits.ts';
import { OUTPUT_PREFIX } from '../../../src/domain/bundle-names.ts';
import type { ContentInspector } from '../../../src/domain/content-rules.ts';
import { InspectedFile } from '../../../src/files/read-file.ts';
import { walkDirectory } from '../../../src/files/walk-directory.ts';
import { BundleArchive } from '../../../src/files/zip-archive.ts';
import type { ZipEntryData } from '../../../src/files/zip-format.ts';

const [, , directory = '', destination = ''] = process.argv;
const { signal } = new AbortController();
const blind = { contextBytes: 0, look: () => {} } as unknown as ContentInspector;
const archive = new BundleArchive();
const written = writeAll();
const { files } = await walkDirectory(directory, () => false, signal);
for (const file of files.sort(bySize)) {
  const { promise: read, resolve, reject } = Promise.withResolvers<void>();
  const source = new InspectedFile(file, blind, signal);
  const onRead = (error?: unknown) => (error === undefined ? resolve() : reject(error));
  const data: ZipEntryData = { name: OUTPUT_PREFIX + file.name, file: source, onRead };
  archive.append(Buffer.alloc(0), data);
  await read;
  source.close();
}
await archive.finalize();
await written;

async function writeAll(): Promise<void> {
  const handle = openSync(destination, 'w');
  for await (const chunk of archive as AsyncIterable<Buffer>) {
    for (let from = 0; from < chunk.length; ) from += writeSync(handle, chunk, from);
  }
  closeSync(handle);
}
