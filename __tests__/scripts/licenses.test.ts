import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { renderLicenses } from '../../scripts/licenses.ts';
import { temporaryFolder } from '../clean-up.ts';

let root: string;

beforeEach(() => {
  root = temporaryFolder();
});

function packageIn(folder: string, manifest: object, files: Record<string, string> = {}): string {
  const path = join(root, folder);
  mkdirSync(path, { recursive: true });
  for (const [name, text] of Object.entries({ ...files, 'package.json': JSON.stringify(manifest) })) {
    writeFileSync(join(path, name), text);
  }
  return path;
}

test('each package is listed with its license and the license’s text, by name, once per version', () => {
  const b = { name: 'b', version: '1.0.0', license: 'MIT' };
  const folders = [
    packageIn('b', b, { 'LICENSE.md': 'Do as you like.\r\n\r\n' }),
    packageIn('copy', b, { 'LICENSE.md': 'Do as you like.\r\n\r\n' }),
    packageIn('a', { name: 'a', version: '1.0.0', license: 'ISC' }),
  ];
  expect(renderLicenses(folders)).toBe('a\nISC\n\n\nb\nMIT\nDo as you like.\n');
});

test('a package without any license fails the build', () => {
  const folder = packageIn('c', { name: 'c', version: '1.0.0' });
  expect(() => renderLicenses([folder])).toThrow('it says nothing of its license');
});
