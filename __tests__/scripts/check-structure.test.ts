import { describe, expect, test } from '@jest/globals';
import { structureProblems } from '../../scripts/check-structure.ts';

function problemsOf(files: Record<string, string>): string[] {
  return structureProblems(new Map(Object.entries(files)));
}

/** An import as in a source file, put together so that this file does not import it. */
function importing(specifier: string, what = '{ a }'): string {
  return `${'import'} ${what} from '${specifier}';\n`;
}

describe('length of a file', () => {
  test.each([
    ['src/errors.ts', 400, []],
    ['src/errors.ts', 401, ['src/errors.ts: 401 lines, 400 are allowed']],
    ['__tests__/a.test.ts', 401, ['__tests__/a.test.ts: 401 lines, 400 are allowed']],
  ])('%s with %d lines', (path, lines, problems) => {
    expect(problemsOf({ [path]: 'x();\n'.repeat(lines) })).toEqual(problems);
  });

  test('counts a last line without a line break', () => {
    expect(problemsOf({ 'src/errors.ts': `${'x();\n'.repeat(400)}x();` })).toHaveLength(1);
  });
});

describe('cycles', () => {
  test('a cycle of three files is named from its start', () => {
    const problems = problemsOf({
      'scripts/a.ts': importing('./b.ts'),
      'scripts/b.ts': importing('./c.ts'),
      'scripts/c.ts': importing('./a.ts'),
    });
    expect(problems).toEqual(['import cycle: scripts/a.ts -> scripts/b.ts -> scripts/c.ts -> scripts/a.ts']);
  });

  test.each([
    ['types', importing('./a.ts', 'type { A }')],
    ['several lines', importing('./a.ts', '{\n  a,\n  b,\n}')],
    ['a re-export', "export * from './a.ts';\n"],
    ['a side effect', `${'import'} './a.ts';\n`],
    ['a dynamic import with a comment', `await ${'import'}(/* webpackMode: "eager" */ './a.ts');\n`],
  ])('an import of %s closes a cycle', (_, back) => {
    expect(problemsOf({ 'scripts/a.ts': importing('./b.ts'), 'scripts/b.ts': back })).toHaveLength(1);
  });

  test('two paths to the same file are not a cycle', () => {
    const problems = problemsOf({
      'scripts/a.ts': importing('./b.ts') + importing('./c.ts'),
      'scripts/b.ts': importing('./c.ts'),
      'scripts/c.ts': '',
    });
    expect(problems).toEqual([]);
  });
});

describe('layers', () => {
  const others = {
    'src/errors.ts': '',
    'src/net/http.ts': '',
    'src/domain/bundle.ts': '',
    'emulator/server.ts': '',
    'src/inputs/deploy.ts': '',
    'scripts/build.ts': '',
  };

  test.each([
    ['src/domain/a.ts', importing('./bundle.ts') + importing('../errors.ts')],
    ['src/files/a.ts', importing('../domain/bundle.ts') + importing('node:fs') + importing('archiver')],
    ['src/bigcommerce/a.ts', importing('../net/http.ts')],
    ['src/actions/a.ts', importing('../inputs/deploy.ts', 'type { A }')],
    ['src/report/a.ts', importing('@actions/core', '* as core')],
    ['src/main.ts', importing('@actions/core', '* as core')],
    ['__tests__/a.test.ts', importing('../emulator/server.ts') + importing('../src/net/http.ts')],
  ])('%s may', (path, text) => {
    expect(problemsOf({ ...others, [path]: text })).toEqual([]);
  });

  test.each([
    ['src/domain/a.ts', importing('../net/http.ts'), 'domain may not import net'],
    ['src/domain/a.ts', importing('node:fs'), 'domain is pure, it may not import node:fs'],
    ['src/net/a.ts', importing('../domain/bundle.ts'), 'net may not import domain'],
    ['src/actions/a.ts', importing('../net/http.ts', 'type { A }'), 'actions may not import net'],
    ['src/actions/a.ts', importing('../inputs/deploy.ts'), 'actions may import types only from inputs'],
    ['src/net/a.ts', importing('@actions/core'), '@actions/core is for main, inputs, report alone, not for net'],
    ['src/main.ts', importing('@actions/github/lib/utils'), '@actions/github/lib/utils is for github alone'],
    ['src/compose/a.ts', importing('../../emulator/server.ts'), 'compose may not import emulator'],
    ['emulator/a.ts', importing('../src/errors.ts'), 'emulator may not import errors'],
    [
      'src/compose/a.ts',
      importing('../../scripts/build.ts'),
      'imports scripts/build.ts, which is neither in src nor in emulator',
    ],
    ['src/extra/a.ts', importing('../errors.ts'), 'src/extra is not a layer'],
  ])('%s may not: %s', (path, text, problem) => {
    expect(problemsOf({ ...others, [path]: text })).toEqual([expect.stringContaining(`${path}: ${problem}`)]);
  });
});
