import { describe, expect, test } from '@jest/globals';
import { bundleProblems, fileProblems, packageFolders, sizeProblems } from '../../scripts/bundle-contents.ts';

/** Packages with another name than their folders. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  '/r/node_modules/alias': '@a/b',
};

function identify(folder: string) {
  const name = OTHER_NAMES[folder] ?? folder.slice(folder.lastIndexOf('/node_modules/') + '/node_modules/'.length);
  return { name, version: folder.includes('/x/node_modules/') ? '1.0.0' : '2.0.0' };
}

function problemsOf(files: string[], names: string[] = []): string[] {
  const modules = [...files.map((nameForCondition) => ({ nameForCondition })), ...names.map((name) => ({ name }))];
  return bundleProblems({ modules }, identify);
}

describe('bundleProblems', () => {
  test('one copy of each package, and Node’s modules, are fine', () => {
    const files = ['/r/build/main.js', '/r/node_modules/@a/b/one.js', '/r/node_modules/@a/b/two.js'];
    expect(problemsOf(files, ['external "fs"', 'external "node:zlib"'])).toEqual([]);
  });

  test('a package in two versions ships twice', () => {
    const files = ['/r/node_modules/@a/b/one.js', '/r/node_modules/x/node_modules/@a/b/one.js'];
    expect(problemsOf(files)).toEqual(['@a/b ships 2 times: 2.0.0 and 1.0.0']);
  });

  test('a package under another name ships twice, too', () => {
    const files = ['/r/node_modules/@a/b/one.js', '/r/node_modules/alias/one.js'];
    expect(problemsOf(files)).toEqual(['@a/b ships 2 times: 2.0.0 and 2.0.0']);
  });

  test('the stub of this repository is no package', () => {
    const files = ['/r/node_modules/archiver/index.js', '/r/scripts/stub/index.js'];
    expect(problemsOf(files)).toEqual([]);
    expect(packageFolders({ modules: files.map((nameForCondition) => ({ nameForCondition })) })).toEqual([
      '/r/node_modules/archiver',
    ]);
  });

  test('a package in two formats ships twice', () => {
    const files = ['/r/node_modules/a/index.cjs', '/r/node_modules/a/index.js'];
    expect(problemsOf(files)).toEqual(['/r/node_modules/a/index.cjs ships in two formats']);
  });

  test('parts of joined modules are checked, too', () => {
    const modules = [
      { modules: [{ nameForCondition: '/r/node_modules/a/i.cjs' }] },
      { nameForCondition: '/r/node_modules/a/i.mjs' },
    ];
    expect(bundleProblems({ modules }, identify)).toHaveLength(1);
  });

  test('a package outside of the bundle is named', () => {
    expect(problemsOf([], ['external "undici"'])).toEqual(['undici was left outside of the bundle']);
  });

  test('errors, and modules that were not found, are passed on', () => {
    const stats = { modules: [], errors: [{ message: 'broken' }], warnings: [{ message: "Can't resolve 'x'" }] };
    expect(bundleProblems(stats)).toEqual(['broken', "Can't resolve 'x'"]);
  });
});

describe('fileProblems', () => {
  test('a build consists of a bundle, its parts, its licenses and the entries', () => {
    expect(fileProblems(['123.index.js', 'entries/deploy.js', 'licenses.txt', 'main.js', 'package.json'])).toEqual([]);
  });

  test.each(['x.index.js', '123.main.js', 'entries/deep/x.js', 'build/Release/x.node'])('%s is too many', (file) => {
    expect(fileProblems([file])).toEqual([`${file} does not belong in a build`]);
  });
});

test('packageFolders names each package once, also a nested one', () => {
  const files = ['/r/build/main.js', '/r/node_modules/a/1.js', '/r/node_modules/a/2.js'];
  const modules = [...files, '/r/node_modules/a/node_modules/@b/c/x.js'].map((nameForCondition) => ({
    nameForCondition,
  }));
  expect(packageFolders({ modules })).toEqual(['/r/node_modules/a', '/r/node_modules/a/node_modules/@b/c']);
});

test('sizeProblems counts the JavaScript of all files together', () => {
  const two = (sizeBytes: number) => [
    { path: 'main.js', sizeBytes },
    { path: '1.index.js', sizeBytes: 2_000_000 },
    { path: 'licenses.txt', sizeBytes: 9_000_000 },
  ];
  expect(sizeProblems(two(2_000_000))).toEqual([]);
  expect(sizeProblems(two(2_000_001))).toEqual(['4000001 bytes of JavaScript are more than 4000000']);
});
