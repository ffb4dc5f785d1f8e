import { expect, test } from '@jest/globals';
import { changelogEntry, changelogProblems, unreleasedText, withRelease } from '../../../scripts/release/changelog.ts';

const CHANGELOG = `# Changelog

The format is that of Keep a Changelog.

## [Unreleased]

### Added

- A thing.

## [1.1.0] - 2026-01-31

### Fixed

- Another thing, see [1.0.0].

## [1.0.0] - 2026-01-01
`;

test('an entry ends where the next one starts', () => {
  expect(changelogEntry(CHANGELOG, '1.1.0')).toEqual({
    date: '2026-01-31',
    text: '### Fixed\n\n- Another thing, see [1.0.0].',
  });
  expect(changelogEntry(CHANGELOG, 'Unreleased')).toEqual({ date: undefined, text: '### Added\n\n- A thing.' });
  expect(changelogEntry(CHANGELOG, '1.0.0')).toEqual({ date: '2026-01-01', text: '' });
  expect(changelogEntry(CHANGELOG, '1.1')).toBeUndefined();
  expect([unreleasedText(CHANGELOG), unreleasedText('# Changelog\n')]).toEqual(['### Added\n\n- A thing.', '']);
});

test('a version needs an entry, with a date and a text', () => {
  expect(changelogProblems(CHANGELOG, '1.1.0')).toEqual([]);
  expect(changelogProblems(CHANGELOG, '1.2.0')).toEqual([
    'CHANGELOG.md: there is no "## [1.2.0] - <date>". Move what is unreleased below one.',
  ]);
  expect(changelogProblems(CHANGELOG, '1.0.0')).toEqual([
    'CHANGELOG.md: nothing stands below "## [1.0.0] - <date>". Say what changed.',
  ]);
});

test.each(['', ' - soon', ' - 2026-13-01', ' - 31.01.2026'])('"%s" is no date', (date) => {
  expect(changelogProblems(`## [1.0.0]${date}\n\n- A thing.\n`, '1.0.0')).toEqual([
    'CHANGELOG.md: "## [1.0.0] - " is followed by no date such as 2026-01-31.',
  ]);
});

test('what is unreleased goes below the new version', () => {
  const changed = withRelease(CHANGELOG, '1.2.0', '2026-02-28');
  expect(changelogEntry(changed, 'Unreleased')?.text).toBe('');
  expect(changelogEntry(changed, '1.2.0')).toEqual({ date: '2026-02-28', text: '### Added\n\n- A thing.' });
  expect(changelogEntry(changed, '1.1.0')).toEqual(changelogEntry(CHANGELOG, '1.1.0'));
  expect(changelogProblems(changed, '1.2.0')).toEqual([]);
});

test('nothing is released twice, and not without a change', () => {
  expect(() => withRelease(CHANGELOG, '1.1.0', '2026-02-28')).toThrow('CHANGELOG.md has 1.1.0 already.');
  const changed = withRelease(CHANGELOG, '1.2.0', '2026-02-28');
  expect(() => withRelease(changed, '1.3.0', '2026-02-28')).toThrow('nothing stands below "## [Unreleased]"');
});
