import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { addIntegrity, addOtherPlatforms, type LockedPackages } from '../../scripts/complete-lockfile.ts';

test('an optional package of another platform is added, wherever its owner is', () => {
  const packages: LockedPackages = {
    '': {},
    'node_modules/a': {
      dev: true,
      optionalDependencies: { '@a/linux-x64': '1.0.0', '@a/win32-arm64': '1.0.0', plain: '1.0.0' },
    },
    'node_modules/@a/linux-x64': { version: '1.0.0' },
    'node_modules/b/node_modules/c': { optionalDependencies: { 'c-darwin-x64': '2.0.0', 'c-linux-arm64': '2.0.0' } },
    'node_modules/b/node_modules/c-darwin-x64': { link: true },
  };
  expect(addOtherPlatforms(packages)).toEqual(['node_modules/@a/win32-arm64', 'node_modules/c-linux-arm64']);
  expect(packages['node_modules/@a/win32-arm64']).toEqual({
    version: '1.0.0',
    os: ['win32'],
    cpu: ['arm64'],
    dev: true,
    optional: true,
  });
});

test('only what development dependencies alone bring along is marked as such', () => {
  const common = { 'a-win32-x64': '1.0.0' };
  const packages: LockedPackages = {
    '': { optionalDependencies: { 'r-win32-x64': '1.0.0' } },
    'node_modules/first': { dev: true, optionalDependencies: { ...common, 'd-win32-x64': '1.0.0' } },
    'node_modules/second': { optionalDependencies: common },
    'node_modules/third': { dev: true, optionalDependencies: common },
    'node_modules/theirs': { optionalDependencies: { 'b-win32-x64': '1.0.0' } },
    // As npm has marked it.
    'node_modules/b-win32-x64': { version: '1.0.0', dev: true, optional: true },
  };
  const places = ['r-win32-x64', 'a-win32-x64', 'd-win32-x64'].map((name) => `node_modules/${name}`);
  expect(addOtherPlatforms(packages)).toEqual(places);
  expect(places.map((place) => packages[place]?.dev)).toEqual([undefined, undefined, true]);
  expect(packages['node_modules/b-win32-x64']?.dev).toBe(true);
});

test('a second version of a package is added below its owner', () => {
  const packages: LockedPackages = {
    'node_modules/a': { optionalDependencies: { 'x-win32-x64': '1.0.0' } },
    'node_modules/b': { optionalDependencies: { 'x-win32-x64': '2.0.0' } },
  };
  expect(addOtherPlatforms(packages)).toEqual(['node_modules/x-win32-x64', 'node_modules/b/node_modules/x-win32-x64']);
  expect(packages['node_modules/b/node_modules/x-win32-x64']?.version).toBe('2.0.0');
});

test('a package without integrity gets the one of the registry, under the name that it has there', () => {
  const packages: LockedPackages = {
    '': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/@b/c': { version: '2.0.0' },
    'node_modules/a/node_modules/alias': { name: 'd', version: '3.0.0' },
    'node_modules/gone': { version: '4.0.0' },
    'node_modules/linked': { link: true },
    'scripts/stub': { version: '0.0.0' },
  };
  const integrity = new Map([
    ['@b/c@2.0.0', 'sha512-c'],
    ['d@3.0.0', 'sha512-d'],
  ]);
  const asked: string[] = [];
  const lacking = addIntegrity(packages, (name, version) => {
    asked.push(`${name}@${version}`);
    return integrity.get(`${name}@${version}`);
  });
  expect(lacking).toEqual(['node_modules/gone']);
  expect(asked).toEqual(['@b/c@2.0.0', 'd@3.0.0', 'gone@4.0.0']);
  expect(Object.values(packages).map((entry) => entry.integrity)).toEqual([
    undefined,
    'sha512-a',
    'sha512-c',
    'sha512-d',
    undefined,
    undefined,
    undefined,
  ]);
});

test.each(['', 'emulator/services/storefront/', 'scripts/sample/shop/'])(
  'the lockfile of ./%s is complete: npm checks each package that it fetches',
  (folder) => {
    const text = readFileSync(new URL(`../../${folder}package-lock.json`, import.meta.url), 'utf8');
    const { packages } = JSON.parse(text) as { packages: LockedPackages };
    expect(addOtherPlatforms(packages)).toEqual([]);
    expect(addIntegrity(packages, () => undefined)).toEqual([]);
  },
);
