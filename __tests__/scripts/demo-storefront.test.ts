import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'acorn';
import { DEMO_BUILD_ID, noise, writeDemoStorefront } from '../../scripts/demo-storefront.ts';

const root = mkdtempSync(join(tmpdir(), 'demo-storefront-'));
afterAll(() => rmSync(root, { recursive: true }));

/** What is written, by its path below `.bigcommerce/dist`. */
function written(name: string, ...args: [scale?: number, buildId?: string]): Map<string, Buffer> {
  const workspace = join(root, name);
  writeDemoStorefront(workspace, ...args);
  const dist = join(workspace, '.bigcommerce', 'dist');
  const entries = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map(({ parentPath, name: file }) => join(parentPath, file));
  return new Map(paths.map((path) => [path.slice(dist.length + 1).replaceAll('\\', '/'), readFileSync(path)]));
}

let files: Map<string, Buffer>;
beforeAll(() => {
  files = written('once', 0.1);
});
const textOf = (name: string) => files.get(name)?.toString() ?? '';

test('it is what a build leaves: worker and map, README, and assets with build id, headers and static files', () => {
  const outside = [...files.keys()].filter((name) => !name.startsWith('assets/')).sort();
  expect(outside).toEqual(['README.md', 'worker.js', 'worker.js.map']);
  expect(textOf('assets/BUILD_ID')).toBe(DEMO_BUILD_ID);
  expect(textOf('assets/_headers')).toMatch(/^\/_next\/static\/\*\n {2}Cache-Control: .*immutable/);
  expect([...files.keys()].filter((name) => name.startsWith('assets/_next/static/'))).toHaveLength(39);
  // No dot files.
  expect([...files.keys()].filter((name) => /(?:^|\/)\./.test(name))).toEqual([]);
});

test('the same bytes each time; another build id is in the asset and in the worker', () => {
  expect(written('twice', 0.1)).toEqual(files);
  const other = written('other', 0.1, 'another-build');
  const changed = [...other].filter(([name, content]) => !files.get(name)?.equals(content)).map(([name]) => name);
  expect(changed.sort()).toEqual(['assets/BUILD_ID', 'worker.js', 'worker.js.map']);
  expect(other.get('worker.js')?.toString()).toContain("BUILD_ID = 'another-build'");
});

test('each script parses, and each asset that the worker names is there', () => {
  for (const [name, content] of files) {
    if (name.endsWith('.js'))
      expect(() => parse(content.toString(), { ecmaVersion: 2024, sourceType: 'module' })).not.toThrow();
  }
  const named = textOf('worker.js').matchAll(/(?:src|href)="\/((?:_next|images|favicon)[^"$]*)"/g);
  const slugs = textOf('worker.js').matchAll(/slug: '([^']+)'/g);
  const paths = [...[...named].map(([, path]) => path), ...[...slugs].map(([, slug]) => `images/${slug}.svg`)];
  expect(paths.length).toBeGreaterThan(10);
  expect(paths.filter((path) => !files.has(`assets/${path}`))).toEqual([]);
});

test('the map leads from a line of the worker to the same line of its source', () => {
  const lines = textOf('worker.js').split('\n');
  const map = new SourceMap(JSON.parse(textOf('worker.js.map')));
  const thrown = lines.findIndex((line) => line.includes('throw new Error('));
  expect(map.findEntry(thrown, 0)).toMatchObject({ originalSource: 'worker.js', originalLine: thrown });
  const generated = lines.findIndex((line) => line.startsWith('function bundled'));
  expect(map.findEntry(generated, 0)).toMatchObject({ originalSource: 'node_modules.js', originalLine: 0 });
});

test('noise is of the size asked for, and the same for a seed', () => {
  expect(noise(3, 1000)).toHaveLength(1000);
  expect(noise(3, 1000)).toEqual(noise(3, 1000));
  expect(noise(3, 1000)).not.toEqual(noise(4, 1000));
});
