/** Fails when the committed dist/ is not what the sources give: `node scripts/check-dist.ts`. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, listFiles, ROOT } from './build.ts';

/** How two folders differ, a line for each file. */
export function compareFolders(committed: string, built: string): string[] {
  const [old, fresh] = [new Set(listFiles(committed)), new Set(listFiles(built))];
  return [...old.union(fresh)].sort().flatMap((file) => {
    if (!fresh.has(file)) return [`${file}: committed, but no longer built`];
    if (!old.has(file)) return [`${file}: built, but not committed`];
    const [before, after] = [readFileSync(join(committed, file)), readFileSync(join(built, file))];
    return before.equals(after) ? [] : [`${file}: differs (${before.length} bytes committed, ${after.length} built)`];
  });
}

async function checkDist(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'dist-'));
  try {
    await build(folder);
    const differences = compareFolders(join(ROOT, 'dist'), folder);
    for (const line of differences) console.error(`dist/${line}`);
    if (differences.length > 0) console.error('dist/ does not match the sources. Mend it with: npm run build');
    else console.log(`dist/ matches the sources (${listFiles(folder).length} files)`);
    return differences.length > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) process.exitCode = await checkDist();
