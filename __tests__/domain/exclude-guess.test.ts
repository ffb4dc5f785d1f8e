import { expect, test } from '@jest/globals';
import { unmatchedWarning } from '../../src/domain/exclude-guess.ts';

const FOLDER = { display: '.bigcommerce/dist', path: '/home/runner/work/shop/shop/core/.bigcommerce/dist' };

/** A pattern that matches nothing → what is guessed. */
const GUESSES: [string, string | RegExp][] = [
  ['"*.map"', 'It is read with its quotes. Write: *.map'],
  ["'*.map',", 'It is read with its quotes. Write: *.map'],
  ['`*.map`', 'It is read with its quotes. Write: *.map'],
  ['- *.map', 'It is read with the dash before it. Write: *.map'],
  ['- "*.map"', 'It is read with the dash before it and its quotes. Write: *.map'],
  ['*.map,', 'It is read with the comma at its end. Write: *.map'],
  ['*.map, *.txt', 'Each pattern stands on a line of its own, without commas or braces.'],
  ['*.{map,txt}', 'Each pattern stands on a line of its own, without commas or braces.'],
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
  ['drafts/', /^Names count as they are written/],
];

test.each(GUESSES)('%j', (pattern, guess) => {
  const start = `exclude: the pattern ${JSON.stringify(pattern)} matches nothing in .bigcommerce/dist. `;
  const warning = unmatchedWarning(pattern, FOLDER);
  expect(warning.slice(0, start.length)).toBe(start);
  if (typeof guess === 'string') expect(warning.slice(start.length)).toBe(guess);
  else expect(warning.slice(start.length)).toMatch(guess);
});
