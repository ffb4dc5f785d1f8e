import { expect, test } from '@jest/globals';
import { unmatchedWarning } from '../../src/domain/exclude-guess.ts';

const FOLDER = { display: '.bigcommerce/dist', path: '/home/runner/work/shop/shop/core/.bigcommerce/dist' };

const OWN_LINE = 'Put each pattern on a line of its own, without commas, blanks, braces or brackets.';

/** A pattern that matches nothing → the guess. */
const GUESSES: [string, string | RegExp][] = [
  ['"*.map"', 'It is read with its quotes. Write: *.map'],
  ["'*.map',", 'It is read with its quotes. Write: *.map'],
  ['`*.map`', 'It is read with its quotes. Write: *.map'],
  ['- *.map', 'It is read with the dash before it. Write: *.map'],
  ['- "*.map"', 'It is read with the dash before it and its quotes. Write: *.map'],
  ['*.map,', 'It is read with the comma at its end. Write: *.map'],
  ['*.map, *.txt', OWN_LINE],
  ['*.{map,txt}', OWN_LINE],
  ['*.map;*.txt', OWN_LINE],
  ['*.map *.txt', OWN_LINE],
  ['*.map README.md', OWN_LINE],
  ['drafts/ old', OWN_LINE],
  ['["*.map"]', OWN_LINE],
  ['[*.map]', OWN_LINE],
  ['-*.map', 'It is read with the dash before it. Write: *.map'],
  ['drafts/ # not yet', 'It is read with the comment behind it. Write: drafts/'],
  ['*.map # not yet', 'It is read with the comment behind it. Write: *.map'],
  ['  # a comment', 'It is read with the blanks before it. Write: # a comment'],
  ['./', 'It is read with `./` before it.'],
  ['$GITHUB_WORKSPACE/core/.bigcommerce/dist/x', 'Patterns are relative to the folder that is packaged. Write: /x'],
  [`$\{GITHUB_WORKSPACE}/x`, 'Patterns are relative to the folder that is packaged.'],
  ['**/.bigcommerce/dist/x', 'Patterns are relative to the folder that is packaged. Write: /x'],
  ['../dist/x', 'Patterns are relative to the folder that is packaged. Write: /x'],
  ['C:\\shop\\core\\x', 'Patterns are relative to the folder that is packaged.'],
  ['assets\\*.map', 'Folders are separated by /. Write: assets/*.map'],
  ['./assets/x', 'It is read with `./` before it. Write: /assets/x'],
  ['  *.map', 'It is read with the blanks before it. Write: *.map'],
  ['.bigcommerce/dist/x', 'Patterns are relative to the folder that is packaged. Write: /x'],
  ['/dist/assets/x/', 'Patterns are relative to the folder that is packaged. Write: /assets/x/'],
  ['core/.bigcommerce/dist/**/*.map', 'Patterns are relative to the folder that is packaged. Write: /**/*.map'],
  ['/home/runner/work/shop/shop/core/.bigcommerce/dist/x', /Write: \/x$/],
  ['!.bigcommerce/dist/x', /Write: !\/x$/],
  ['"./.bigcommerce/dist/x"', 'It is read with its quotes and `./` before it. Write: /x'],
  ['output/x', 'Patterns are relative to the folder that is packaged. Write: /x'],
  ['assets\\drafts', 'Folders are separated by /. Write: assets/drafts'],
  ['../secret', /^Nothing outside/],
  ['.map', 'Names that end so are: *.map'],
  ['.*\\.map$', /no regular expression/],
  ['!keep.map', 'So it takes nothing back.'],
  ['**/*.map', /^Names count as they are written/],
  ['my file.txt', /^Names count as they are written/],
  ['drafts/', /^Names count as they are written/],
];

test.each(GUESSES)('%j', (pattern, guess) => {
  const start = `exclude: the pattern ${JSON.stringify(pattern)} matches nothing in .bigcommerce/dist. `;
  const warning = unmatchedWarning(pattern, FOLDER);
  expect(warning.slice(0, start.length)).toBe(start);
  if (typeof guess === 'string') expect(warning.slice(start.length)).toBe(guess);
  else expect(warning.slice(start.length)).toMatch(guess);
});

test('a Windows path is recognized by its separators', () => {
  const folder = { display: 'dist', path: 'D:/a/shop/shop/dist' };
  expect(unmatchedWarning('D:\\a\\shop\\shop\\dist\\x', folder)).toMatch(/packaged\. Write: \/x$/);
});
