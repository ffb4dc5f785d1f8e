import { describe, expect, test } from '@jest/globals';
import { bundleProblems } from '../../scripts/bundle-contents.ts';

function problemsOf(files: string[], names: string[] = []): string[] {
  const modules = [...files.map((nameForCondition) => ({ nameForCondition })), ...names.map((name) => ({ name }))];
  return bundleProblems({ modules }, (folder) => (folder.includes('/x/node_modules/') ? '1.0.0' : '2.0.0'));
}

describe('bundleProblems', () => {
  test('one copy of each package, and modules of Node, are as it should be', () => {
    const files = ['/r/build/main.js', '/r/node_modules/@a/b/one.js', '/r/node_modules/@a/b/two.js'];
    expect(problemsOf(files, ['external "fs"', 'external "node:zlib"'])).toEqual([]);
  });

  test('a package in two versions ships twice', () => {
    const files = ['/r/node_modules/@a/b/one.js', '/r/node_modules/x/node_modules/@a/b/one.js'];
    expect(problemsOf(files)).toEqual(['@a/b ships 2 times: 2.0.0 and 1.0.0']);
  });

  test('a package in two formats ships twice', () => {
    const files = ['/r/node_modules/a/index.cjs', '/r/node_modules/a/index.js'];
    expect(problemsOf(files)).toEqual(['/r/node_modules/a/index.cjs ships in two formats']);
  });

  test('parts of joined modules are looked at, too', () => {
    const modules = [
      { modules: [{ nameForCondition: '/r/node_modules/a/i.cjs' }] },
      { nameForCondition: '/r/node_modules/a/i.mjs' },
    ];
    expect(bundleProblems({ modules })).toHaveLength(1);
  });

  test('a package that was left outside is named', () => {
    expect(problemsOf([], ['external "undici"'])).toEqual(['undici was left outside of the bundle']);
  });

  test('errors, and modules that were not found, are passed on', () => {
    const stats = { modules: [], errors: [{ message: 'broken' }], warnings: [{ message: "Can't resolve 'x'" }] };
    expect(bundleProblems(stats)).toEqual(['broken', "Can't resolve 'x'"]);
  });
});
