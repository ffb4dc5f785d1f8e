import { expect, test } from '@jest/globals';
import { createArtifactOutput } from '../../src/github/artifact-output.ts';

function takeLines(...lines: string[]) {
  const masked: string[] = [];
  const printed: string[] = [];
  const output = createArtifactOutput({
    secrets: ['token-1234'],
    maskSecret: (value) => masked.push(value),
    debug: (text) => printed.push(text),
  });
  for (const line of lines) output.takeLine(line);
  return { masked, printed, output };
}

test('masks are passed on unescaped, once each', () => {
  const { masked, printed } = takeLines('::add-mask::a%253Db%0Ac%0D', '::add-mask::a%253Db%0Ac%0D', '::add-mask::abc');
  expect(masked).toEqual(['token-1234', 'a%3Db\nc\r']);
  expect(printed).toEqual([]);
});

test('commands become text', () => {
  const { printed } = takeLines('::debug::one%0Atwo 100%25', '::error title=x::three', '::set-output name=a::b', '::x');
  expect(printed).toEqual(['one\ntwo 100%', 'three', 'b', '::x']);
});

test('known secrets are not printed, nor are queries and signatures of any kind', () => {
  const { printed } = takeLines(
    '::add-mask::s3cret/+',
    'token-1234 and s3cret/+',
    '::debug::{"u":"HTTPS://x.test/a/b.zip?sig=unknown&se=1","v":2}',
    '?a=1&sig=unknown',
    '   ',
  );
  expect(printed).toEqual(['*** and ***', '{"u":"HTTPS://x.test/a/b.zip?…","v":2}', '?a=1&sig=…']);
});

test('of a long line the beginning is printed, and no part of a secret in it', () => {
  const { printed } = takeLines(`::debug::${'a'.repeat(3998)}token-1234${'b'.repeat(100_000)}`);
  expect(printed).toEqual([`${'a'.repeat(3998)}**… (of 104001 characters)`]);
});
