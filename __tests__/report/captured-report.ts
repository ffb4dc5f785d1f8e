import { readFileSync, writeFileSync } from 'node:fs';
import { EOL } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, jest } from '@jest/globals';
import { parseKeyValueFile } from '../../scripts/runner-commands.ts';
import { temporaryFolder } from '../clean-up.ts';

const FILES = { output: 'GITHUB_OUTPUT', summary: 'GITHUB_STEP_SUMMARY' } as const;

/** What a report writes in each test of a file: to standard output, and to the files of the runner. */
export interface CapturedReport {
  readonly printed: string;
  readonly folder: string;
  read(file: keyof typeof FILES): string;
  outputs(): Record<string, string>;
}

/** Call it once, at the top of a test file. */
export function captureReport(): CapturedReport {
  let printed = '';
  let folder = '';
  beforeEach(() => {
    folder = temporaryFolder();
    printed = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      // As `@actions/core` ends lines.
      printed += String(chunk).replaceAll(EOL, '\n');
      return true;
    });
    for (const [file, variable] of Object.entries(FILES)) {
      writeFileSync(join(folder, file), '');
      jest.replaceProperty(process, 'env', { ...process.env, [variable]: join(folder, file) });
    }
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  const read = (file: keyof typeof FILES) => readFileSync(join(folder, file), 'utf8');
  return {
    get printed() {
      return printed;
    },
    get folder() {
      return folder;
    },
    read,
    outputs: () => parseKeyValueFile(read('output')),
  };
}
