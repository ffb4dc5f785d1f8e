/** Paths as Windows writes them, on any system. */
import { posix, win32 } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { isInside } from '../src/inside.ts';
import { workspacePath } from '../src/report/workspace-path.ts';

describe('isInside', () => {
  test.each([
    [String.raw`D:\a\shop`, String.raw`D:\a\shop`],
    [String.raw`D:\a\shop`, String.raw`d:\A\SHOP\core\worker.js`],
    [String.raw`D:\a\shop`, 'D:/a/shop/core'],
    [String.raw`D:\a\shop`, String.raw`D:\a\shop\..core`],
    ['D:\\', String.raw`D:\a`],
    [String.raw`\\server\share\shop`, String.raw`\\SERVER\share\shop\core`],
  ])('%s holds %s', (root, path) => expect(isInside(root, path, win32)).toBe(true));

  test.each([
    [String.raw`D:\a\shop`, String.raw`D:\a\shop2`],
    [String.raw`D:\a\shop`, String.raw`D:\a`],
    [String.raw`D:\a\shop`, String.raw`C:\a\shop\core`],
    [String.raw`D:\a\shop`, 'D:/a/shop/../other'],
    [String.raw`D:\a\shop`, String.raw`\\server\share\shop`],
    [String.raw`\\server\share\shop`, String.raw`\\server\other\shop`],
  ])('%s does not hold %s', (root, path) => expect(isInside(root, path, win32)).toBe(false));

  test('elsewhere case and backslashes are parts of names', () => {
    expect(isInside('/a/shop', '/a/Shop/core', posix)).toBe(false);
    expect(isInside('/a/shop', String.raw`/a/shop/..\core`, posix)).toBe(true);
  });
});

describe('workspacePath', () => {
  const workspace = String.raw`D:\a\shop`;

  test.each([
    [String.raw`D:\a\shop\core\redirects.csv`, 'core/redirects.csv'],
    [String.raw`d:\A\Shop\redirects.csv`, 'redirects.csv'],
    ['D:/a/shop/redirects.csv', 'redirects.csv'],
    [String.raw`D:\a\shop`, undefined],
    [String.raw`D:\a\other\redirects.csv`, undefined],
    [String.raw`C:\a\shop\redirects.csv`, undefined],
    [String.raw`\\server\share\redirects.csv`, undefined],
  ])('%s is %s', (path, expected) => expect(workspacePath(path, workspace, win32)).toBe(expected));

  test('there is none without a workspace', () => {
    expect(workspacePath(String.raw`D:\a\b`, undefined, win32)).toBeUndefined();
    expect(workspacePath(String.raw`D:\a\b`, '', win32)).toBeUndefined();
  });
});
