import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

export const BUILD_ID = 'build-of-the-matrix';

/** The smallest build that is deployed without a word. */
export function writeBuild(workspace: string): void {
  writeFiles(workspace, {
    '.bigcommerce/dist/worker.js': 'export default { fetch: () => new Response("hello") };\n',
    '.bigcommerce/dist/assets/BUILD_ID': BUILD_ID,
    '.bigcommerce/dist/assets/robots.txt': 'User-agent: *\nAllow: /\n',
  });
}
