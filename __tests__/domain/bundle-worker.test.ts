import { describe, expect, test } from '@jest/globals';
import { excludedWorkerProblem, modulesBesideWorker, workerProblem } from '../../src/domain/bundle-worker.ts';

const DIRECTORY = { kind: 'directory', directory: '.bigcommerce/dist' } as const;
const ZIP = { kind: 'zip' } as const;

const filesOf = (names: readonly string[]) => names.map((name) => ({ name, sizeBytes: 5 }));

test.each([DIRECTORY, ZIP])('a worker.js at the top is fine (%j)', (origin) => {
  expect(workerProblem(filesOf(['a/worker.js', 'worker.js']), origin)).toBeUndefined();
});

test('an empty one is refused', () => {
  const files = [{ name: 'worker.js', sizeBytes: 0 }];
  expect(workerProblem(files, DIRECTORY)).toBe(
    'worker.js: it is empty, and the platform runs it. Let the build finish before this step.',
  );
  expect(workerProblem(files, ZIP)).toBe(
    'output/worker.js: it is empty, and the platform runs it. Let the build finish before the zip is made.',
  );
});

describe('without one', () => {
  test.each([
    [['a'], 'Let the build finish before this step. Or set the input `directory` to the folder that the build writes.'],
    [
      ['output/worker.js', 'a'],
      'There is one at output/worker.js: set the input `directory` to .bigcommerce/dist/output',
    ],
    [['Worker.js'], 'There is one at Worker.js: its name must be in lower case.'],
    [['worker.jsx', 'myworker.js'], expect.stringContaining('Let the build finish')],
    [
      ['z/a/worker.js', 'b/worker.js'],
      'There is one at b/worker.js, z/a/worker.js: set the input `directory` to the folder of the right one.',
    ],
  ])('in a folder of %j', (names, advice) => {
    const start = 'There is no worker.js at the top of .bigcommerce/dist, and the platform runs it. ';
    const problem = workerProblem(filesOf(names), DIRECTORY) ?? '';
    expect(problem.slice(0, start.length)).toBe(start);
    expect(problem.slice(start.length)).toEqual(advice);
  });

  test('in the workspace itself, the folder is named by its own path', () => {
    const problem = workerProblem(filesOf(['dist/worker.js']), { kind: 'directory', directory: '.' });
    expect(problem).toMatch(/`directory` to dist$/);
  });

  test('in a zip, the advice is to make it again', () => {
    expect(workerProblem(filesOf(['output/worker.js']), ZIP)).toBe(
      'There is no output/worker.js in the zip, and the platform runs it. There is one at output/output/worker.js: make the zip again, with what that folder holds directly under output/.',
    );
    expect(workerProblem(filesOf(['a']), ZIP)).toMatch(/Make the zip of what the build writes/);
  });

  test('because exclude leaves it out', () => {
    expect(excludedWorkerProblem('*.js')).toMatch(/"\*\.js" of `exclude`.*!\/worker\.js/);
  });
});

test('modules beside the worker are those at the top', () => {
  expect(modulesBesideWorker(filesOf(['a.wasm', 'assets/b.wasm', 'c.js']))).toEqual(['a.wasm']);
});
