import { openPromise } from 'yauzl';

/** Names and bytes as yauzl reads them, in the zip's order. */
export async function readZip(path: string): Promise<[name: string, content: Buffer][]> {
  const zip = await openPromise(path);
  const entries: [string, Buffer][] = [];
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk);
    entries.push([entry.fileName, Buffer.concat(chunks)]);
  }
  return entries;
}
