import { expect, test } from '@jest/globals';
import type { RemoteTag } from '../../../scripts/release/git.ts';
import { decideMajorTag } from '../../../scripts/release/major-tag.ts';
import { versionOf } from './versions.ts';

const NEW = 'f'.repeat(40);

/** `v1.2.0` is on the commit `1.2.0`; `v1@1.2.0` is the tag v1 there. */
function tags(...names: string[]): RemoteTag[] {
  return names.map((text) => {
    const [name = '', on = name.slice(1)] = text.split('@');
    return { name, object: `object of ${name}`, commit: on };
  });
}

function decide(version: string, ...names: string[]) {
  return decideMajorTag([...tags(...names), ...tags(`v${version}@${NEW}`)], versionOf(version), NEW);
}

test('the first release makes the tag, which must not be there then', () => {
  expect(decide('1.0.0', 'v0.9.0', 'v0@0.9.0', 'main')).toEqual({
    move: true,
    expected: '',
    why: 'v1 goes to v1.0.0 (it is new)',
  });
});

test('a newer release moves it from the object that was seen', () => {
  expect(decide('1.2.0', 'v1.1.9', 'v1@1.1.9')).toEqual({
    move: true,
    expected: 'object of v1',
    why: 'v1 goes to v1.2.0 (from v1.1.9)',
  });
  expect(decide('1.10.0', 'v1.9.0', 'v1@1.9.0')).toMatchObject({ move: true });
});

test('a backport does not move it', () => {
  const why = 'v1 stays: v1.2.0 is newer than v1.1.9';
  expect(decide('1.1.9', 'v1.1.8', 'v1.2.0', 'v1@1.2.0')).toEqual({ move: false, why });
});

test('a tag that was never released does not hold it back', () => {
  expect(decide('1.1.9', 'v1.1.8', 'v1.2.0', 'v1@1.1.8')).toMatchObject({ move: true });
});

test('a pre-release does not move it, not even the first time', () => {
  const why = 'v1 stays: v1.0.0-rc.1 is a pre-release';
  expect(decide('1.0.0-rc.1')).toEqual({ move: false, why });
  expect(decide('1.0.0-rc.1', 'v1.0.0-rc.0', 'v1@1.0.0-rc.0')).toEqual({ move: false, why });
});

test('a stable version comes after its pre-releases', () => {
  expect(decide('1.0.0', 'v1.0.0-rc.1', 'v1@1.0.0-rc.1')).toMatchObject({ move: true });
});

test('a release of another major version changes nothing here', () => {
  expect(decide('1.3.0', 'v2.0.0', 'v2@2.0.0', 'v1.2.0', 'v1@1.2.0')).toMatchObject({
    move: true,
    expected: 'object of v1',
  });
});

test('it stays where it is already', () => {
  expect(decide('1.2.0', `v1@${NEW}`)).toEqual({ move: false, why: 'v1 is at v1.2.0 already' });
});

test('without it, a newer release is not passed by', () => {
  expect(decide('1.1.9', 'v1.2.0')).toEqual({ move: false, why: 'v1 stays: v1.2.0 is newer than v1.1.9' });
  expect(decide('1.1.9', 'v1.2.0-rc.1')).toMatchObject({ move: true });
});

test('where it names no release, nobody can say what is forwards', () => {
  expect(() => decide('1.2.0', 'v1.1.0', 'v1@elsewhere')).toThrow(
    'v1 is at elsewhere, which is no release. See who moved it, then: ' +
      `git push --force-with-lease=refs/tags/v1:object of v1 origin ${NEW}:refs/tags/v1`,
  );
});
