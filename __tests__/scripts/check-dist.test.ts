import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { compareFolders } from '../../scripts/check-dist.ts';
import { temporaryFolder } from '../clean-up.ts';

let root: string;

beforeEach(() => {
  root = temporaryFolder();
  for (const folder of ['old', 'new']) {
    mkdirSync(join(root, folder, 'entries'), { recursive: true });
    writeFileSync(join(root, folder, 'main.js'), 'same');
    writeFileSync(join(root, folder, 'entries/deploy.js'), 'same');
  }
});

test('equal folders have no differences', () => {
  expect(compareFolders(join(root, 'old'), join(root, 'new'))).toEqual([]);
});

test('each file that differs, is missing or is left over is named', () => {
  writeFileSync(join(root, 'new/entries/deploy.js'), 'same\r\n');
  writeFileSync(join(root, 'new/extra.js'), '');
  writeFileSync(join(root, 'old/left-over.js'), '');
  expect(compareFolders(join(root, 'old'), join(root, 'new'))).toEqual([
    'entries/deploy.js: differs (4 bytes committed, 6 built)',
    'extra.js: built, but not committed',
    'left-over.js: committed, but no longer built',
  ]);
});

test('a change of the same size is noticed', () => {
  writeFileSync(join(root, 'new/main.js'), 'sane');
  expect(compareFolders(join(root, 'old'), join(root, 'new'))).toEqual([
    'main.js: differs (4 bytes committed, 4 built)',
  ]);
});

test('a missing folder has no files', () => {
  expect(compareFolders(join(root, 'none'), join(root, 'new'))).toHaveLength(2);
});
