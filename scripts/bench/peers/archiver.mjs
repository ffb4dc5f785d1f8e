// Packages a folder with archiver at level 6. Arguments: the folder whose node_modules has archiver, the folder, the
// zip, and how: `streams` deflates all from file streams; `buffers` reads whole files and stores those that are already compressed.
import { createWriteStream, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';

const COMPRESSED = /\.(?:jpe?g|png|webp|avif|gif|woff2?|mp4|zip|gz|br)$/i;
const [, , packages, source, destination, how] = process.argv;
const found = createRequire(join(packages, 'package.json')).resolve('archiver');
const { ZipArchive } = await import(pathToFileURL(found).href);
const archive = new ZipArchive({ zlib: { level: 6 } });
const written = pipeline(archive, createWriteStream(destination));
const names = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  .sort();
for (const path of names) {
  const name = `output/${path.slice(source.length + 1)}`;
  if (how === 'streams') archive.file(path, { name });
  else {
    const added = new Promise((resolve) => archive.once('entry', resolve));
    archive.append(await readFile(path), { name, store: COMPRESSED.test(name) });
    await added;
  }
}
await archive.finalize();
await written;
