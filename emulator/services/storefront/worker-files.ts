import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import StreamZip from 'node-stream-zip';

/** What miniflare is told of a bundle. */
export interface WorkerFiles {
  root: string;
  modules: { type: 'ESModule' | 'CompiledWasm'; path: string; contents?: string }[];
  /** Of the classes of a Catalyst worker, those that this worker exports. */
  durableObjects: Readonly<Record<string, { className: string; useSQLite: true }>>;
  assetsDirectory: string | undefined;
}

/** Bindings of Durable Objects as Catalyst's own configuration has them. */
const DURABLE_OBJECTS = {
  NEXT_CACHE_DO_QUEUE: 'DOQueueHandler',
  NEXT_TAG_CACHE_DO_SHARDED: 'DOShardedTagCache',
  NEXT_CACHE_DO_PURGE: 'BucketCachePurge',
};

const BROKEN_WORKER = `export default {
  fetch() { throw new Error('A dead worker was asked for (serve-broken).'); },
};`;

/**
 * Unzips a bundle, which was checked already, into a folder.
 * @param isBroken the worker is replaced by one that throws on each request
 */
export async function unpackWorker(bundlePath: string, root: string, isBroken: boolean): Promise<WorkerFiles> {
  const zip = new StreamZip.async({ file: bundlePath });
  try {
    await zip.extract('output/', root);
  } finally {
    await zip.close();
  }
  const entries = await readdir(root, { withFileTypes: true });
  const hasAssets = entries.some((entry) => entry.name === 'assets' && entry.isDirectory());
  const assets = { assetsDirectory: hasAssets ? join(root, 'assets') : undefined };
  if (hasAssets) await addAssetSettings(join(root, 'assets'));
  const path = join(root, 'worker.js');
  if (isBroken) {
    return { root, modules: [{ type: 'ESModule', path, contents: BROKEN_WORKER }], durableObjects: {}, ...assets };
  }
  const source = await readFile(path, 'utf8');
  // Others are left from an earlier build.
  const wasm = entries.filter(({ name }) => name.endsWith('.wasm') && source.includes(name));
  const exported = Object.entries(DURABLE_OBJECTS).filter(([, name]) => isExported(source, name));
  return {
    root,
    modules: [
      { type: 'ESModule', path },
      ...wasm.map(({ name }) => ({ type: 'CompiledWasm' as const, path: join(root, name) })),
    ],
    durableObjects: Object.fromEntries(exported.map(([key, className]) => [key, { className, useSQLite: true }])),
    ...assets,
  };
}

/**
 * Empty ones where the build has none. None of them is served. Without them, miniflare relies on the class of an error
 * that is not the same class within Jest.
 */
async function addAssetSettings(directory: string): Promise<void> {
  for (const name of ['.assetsignore', '_headers', '_redirects'])
    await writeFile(join(directory, name), '', { flag: 'a' });
}

/** Bundlers write `export { A, B as C }`; a class by itself is `export class A`. */
function isExported(source: string, name: string): boolean {
  const pattern = `export\\s*\\{[^{}]*\\b${name}\\s*[,}][^{}]*|export\\s+class\\s+${name}\\b`;
  return new RegExp(pattern).test(source);
}
