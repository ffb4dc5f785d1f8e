import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { renderRecord, requireCurrentDist, staleSources } from '../../scripts/dist-sources.ts';
import { temporaryFolder } from '../clean-up.ts';

let root: string;

function write(path: string, content: string): void {
  writeFileSync(join(root, path), content);
}

function build(): void {
  write('dist/sources.txt', renderRecord(root));
}

beforeEach(() => {
  root = temporaryFolder();
  for (const folder of ['src/net', 'dist']) mkdirSync(join(root, folder), { recursive: true });
  write('src/main.ts', 'run();\n');
  write('src/net/http.ts', 'send();\n');
  build();
});

test('dist/ is current when it was built from what src/ holds, whatever the dates say', () => {
  utimesSync(join(root, 'dist/sources.txt'), 0, 0);
  expect(staleSources(root)).toEqual([]);
});

test('a source that has changed since is named, and no longer when it is as it was', () => {
  write('src/net/http.ts', 'send() ;\n');
  expect(staleSources(root)).toEqual(['src/net/http.ts is newer']);
  write('src/net/http.ts', 'send();\n');
  expect(staleSources(root)).toEqual([]);
});

test('line ends do not count, so that a working copy on Windows has the same hashes', () => {
  write('src/net/http.ts', 'send();\r\n');
  expect(staleSources(root)).toEqual([]);
});

test('a new source is named, and so is one that was moved', () => {
  write('src/new.ts', '');
  rmSync(join(root, 'src/net/http.ts'));
  write('src/http.ts', 'send();\n');
  expect(staleSources(root)).toEqual(['src/http.ts is newer', 'src/new.ts is newer']);
});

test('a source that is gone makes dist/ old, too', () => {
  rmSync(join(root, 'src/net/http.ts'));
  expect(staleSources(root)).toEqual(['dist/ has 2 files of src/, which has 1 now']);
});

test('a build without a record of its sources is refused', () => {
  rmSync(join(root, 'dist/sources.txt'));
  expect(staleSources(root)).toEqual(['dist/sources.txt is missing']);
});

test('the error names five files at most, and says what to do', () => {
  for (let n = 1; n <= 7; n += 1) write(`src/${n}.ts`, '');
  expect(() => requireCurrentDist(root)).toThrow(
    /run `npm run build` first:\n- src\/1\.ts is newer\n(?:- .*\n){4}- and 2 more$/,
  );
  build();
  expect(() => requireCurrentDist(root)).not.toThrow();
});
