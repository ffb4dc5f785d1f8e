import { expect, test } from '@jest/globals';
import {
  compareVersions,
  highestVersion,
  isPreRelease,
  majorTag,
  parseTag,
  parseVersion,
} from '../../../scripts/release/version.ts';
import { versionOf } from './versions.ts';

// Section 11 of the specification has the first seven, in this order.
const ASCENDING = [
  ...['1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.beta', '1.0.0-beta', '1.0.0-beta.2', '1.0.0-beta.11', '1.0.0-rc.1'],
  ...['1.0.0', '1.0.1-0', '1.0.1', '1.0.9', '1.0.10', '1.2.0', '1.10.0', '2.0.0-9', '2.0.0-10', '2.0.0-A', '2.0.0'],
  ...['10.0.0'],
];

test('versions are ordered as Semantic Versioning says', () => {
  for (const [index, a] of ASCENDING.entries()) {
    for (const [other, b] of ASCENDING.entries()) {
      expect([a, b, Math.sign(compareVersions(versionOf(a), versionOf(b)))]).toEqual([a, b, Math.sign(index - other)]);
    }
  }
});

test('the highest version is found in any order', () => {
  expect(highestVersion(['1.2.0', '1.10.0', '1.9.9'].map(versionOf))?.text).toBe('1.10.0');
  expect(highestVersion([])).toBeUndefined();
});

test.each(['1.2.3', '0.0.0', '1.2.3-rc.1', '1.2.3-0', '1.2.3-x-y.z', '1.2.3-0a'])('%s is a version', (text) => {
  expect(parseVersion(text)?.text).toBe(text);
  expect(parseTag(`v${text}`)?.text).toBe(text);
});

test.each([
  ...['', '1', '1.2', '1.2.3.4', 'v1.2.3', '01.2.3', '1.02.3', '1.2.03', '1.2.3-', '1.2.3-01', '1.2.3-a..b'],
  ...['1.2.3+build', '1.2.3 ', ' 1.2.3', '1.2.3\n', '1.2.3-a_b', '1.2.x', '-1.2.3', '1234567890.0.0'],
])('"%s" is no version', (text) => {
  expect(parseVersion(text)).toBeUndefined();
});

test.each(['1.2.3', 'V1.2.3', 'vv1.2.3', 'v1', 'v1.2', 'release-1.2.3'])('%s is no tag of a release', (tag) => {
  expect(parseTag(tag)).toBeUndefined();
});

test('a version with a hyphen is a pre-release', () => {
  expect(['1.2.3', '1.2.3-rc.1'].map((text) => isPreRelease(versionOf(text)))).toEqual([false, true]);
});

test('the major tag has the first number alone', () => {
  expect(['0.1.0', '1.2.3', '12.0.0-rc.1'].map((text) => majorTag(versionOf(text)))).toEqual(['v0', 'v1', 'v12']);
});
