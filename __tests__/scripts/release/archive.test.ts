import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { archiveProblems, filesInArchive, writeArchive } from '../../../scripts/release/archive.ts';
import { temporaryFolder } from '../../clean-up.ts';

const ROOT = join(import.meta.dirname, '../../..');

test('the archive of this repository has all that a runner needs, and nothing that does not belong there', () => {
  const path = join(temporaryFolder(), 'archive.tar.gz');
  writeArchive(ROOT, 'HEAD', '0.0.0', path);
  const files = filesInArchive(path);
  expect(files).toContain('dist/main.js');
  expect(archiveProblems(ROOT, 'HEAD', files)).toEqual([]);
});
