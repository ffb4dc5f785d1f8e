/** Builds the sample shop, a small Next.js storefront, and says where it is: `npm run sample`. */
import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildSample } from './sample/build.ts';

const BYTES_PER_KB = 1000;

const begin = performance.now();
try {
  const { workspace, dist, reused } = await buildSample({ log: (step) => console.log(`… ${step}`) });
  const files = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const path of files) {
    console.log(`${String(Math.ceil(statSync(path).size / BYTES_PER_KB)).padStart(7)} kB  ${relative(dist, path)}`);
  }
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(`${files.length} files in ${dist}, ${reused ? 'from the cache' : 'built'} in ${seconds} s`);
  console.log(`To deploy it: start the embedded platform with \`npm run emulator -- --serve\`, set the variables that it
prints, and run the action in ${workspace}; its input \`directory\` is \`.bigcommerce/dist\`.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
