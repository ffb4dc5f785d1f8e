/** Which values of `secrets` are masked, and under which key. */
import { expect, test } from '@jest/globals';
import { isOrdinaryWord } from '../../src/domain/variables.ts';
import { InputError } from '../../src/errors.ts';
import { makeSource, read, readDeployInputs, TOKEN, VALID } from './helpers.ts';

test.each(['true', 'FALSE', ' Production ', 'development', 'preview', 'https', 'localhost'])(
  '%j is a common word, and not masked',
  (word) => {
    expect(isOrdinaryWord(word)).toBe(true);
    const source = makeSource({
      inputs: { ...VALID, secrets: `A="${word}"\nB="hidden-value\n${word}"\nC=${word.trim()}ly` },
    });
    readDeployInputs(source);
    expect(source.masks).toEqual([TOKEN, 'hidden-value', `${word.trim()}ly`]);
  },
);

test('common words on bad lines are not masked either', () => {
  const source = makeSource({ inputs: { ...VALID, secrets: 'development\nanother line' } });
  expect(() => readDeployInputs(source)).toThrow(InputError);
  expect(source.masks).toContain('another line');
  expect(source.masks).not.toContain('development');
});

test('a common word gives a warning with its key and the input where it belongs', () => {
  const [warning, ...others] = read({ secrets: 'NODE_ENV=production\nOTHER=long enough' }).warnings;
  expect(warning).toMatch(/^secrets: the value of NODE_ENV is a common word .* Move it to `environment-variables`\.$/);
  expect(others).toEqual([]);
});

test('values are masked with their keys, credentials with none', () => {
  const source = makeSource({ inputs: { ...VALID, secrets: 'A=one1\nB="two2\nthree"' } });
  readDeployInputs(source);
  expect([...source.maskedKeys]).toEqual([
    [TOKEN, undefined],
    ['one1', 'A'],
    ['two2', 'B'],
    ['three', 'B'],
  ]);
});

test('beside bad lines a key may be a piece of a secret: values are masked without it, and not as credentials', () => {
  const source = makeSource({ inputs: { ...VALID, secrets: 'A=one1\nnot a line' } });
  expect(() => readDeployInputs(source)).toThrow(InputError);
  expect(source.masks).toContain('one1');
  expect(source.maskedKeys.get('one1')).toBe('');
});
