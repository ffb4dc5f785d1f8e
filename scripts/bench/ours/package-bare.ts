/**
 * Packages a folder with the same zip writer as the action, and does nothing else: no limits, no search for secrets, no
 * hash, no statistics. The difference to `package.ts` is the cost of the checks. Arguments: the folder, the zip, and
 * `without-crypto`, which skips loading `node:crypto`, too: that is not a cost of the checks, since the action has
 * loaded it for its log before it packages.
 */
import type { Hash } from 'node:crypto';
import type { ContentInspector } from '../../../src/domain/content-rules.ts';
import { PartialFile } from '../../../src/files/partial-file.ts';
import { InspectedFile } from '../../../src/files/read-file.ts';
import { readingOrder } from '../../../src/files/reading-order.ts';
import { walkDirectory } from '../../../src/files/walk-directory.ts';
import { type OpenEntry, ZipWriter } from '../../../src/files/zip-writer.ts';

const [, , directory = '', destination = '', how = ''] = process.argv;
const { signal } = new AbortController();
const blind = { contextBytes: 0, look: () => {} } as unknown as ContentInspector;

const nothing = { update: () => nothing, digest: () => '' } as unknown as Hash;
if (how !== 'without-crypto') process.getBuiltinModule('node:crypto');
const { files } = await walkDirectory(directory, () => false, signal);
const zip = new PartialFile(destination, () => nothing);
const writer = new ZipWriter(zip);
const open = new Map<string, OpenEntry>();
for (const file of readingOrder(files)) {
  const entry = open.get(file.name) ?? writer.open(file.name, new InspectedFile(file, blind, signal));
  open.set(file.name, entry);
  if (!(await writer.readBlock(entry))) continue;
  entry.file.close();
  open.delete(file.name);
}
await writer.finish();
zip.finish();
zip.commit();
