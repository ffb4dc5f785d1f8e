import { expect, test } from '@jest/globals';
import { InputError } from '../../src/errors.ts';
import { type GateInputs, readGateInputs, readGateToken } from '../../src/inputs/preview-gate.ts';
import { makeSource, problemInputs } from './helpers.ts';

const TOKEN = 'ghs_0123456789abcdefABCDEF';
const DEFAULTS: GateInputs = {
  policy: 'newest',
  commandPhrase: 'redeploy preview',
  environment: 'preview',
  comment: true,
  commentGroup: null,
  keepCheckOpen: false,
  checkName: 'Shared preview',
  token: null,
};

const read = (inputs: Record<string, string>) => readGateInputs(makeSource({ inputs }));

function problemsOf(inputs: Record<string, string>): string[] {
  return problemInputs(() => read(inputs));
}

test('empty and blank inputs count as not given', () => {
  expect(read({})).toEqual(DEFAULTS);
  expect(read(Object.fromEntries(['policy', 'command-phrase', 'environment'].map((name) => [name, ' \n'])))).toEqual(
    DEFAULTS,
  );
});

test.each<[string, string, Partial<GateInputs>]>([
  ['policy', 'all', { policy: 'all' }],
  ['policy', ' command\n', { policy: 'command' }],
  ['command-phrase', ' /preview now ', { commandPhrase: '/preview now' }],
  ['command-phrase', 'x'.repeat(100), { commandPhrase: 'x'.repeat(100) }],
  ['environment', 'Staging ☂', { environment: 'Staging ☂' }],
  ['comment', 'FALSE', { comment: false }],
  ['comment-group', ' Stores ', { commentGroup: 'Stores' }],
  ['keep-check-open', 'true', { keepCheckOpen: true }],
  ['check-name', 'n'.repeat(100), { checkName: 'n'.repeat(100) }],
  ['github-token', TOKEN, { token: TOKEN }],
])('%s: %j is accepted', (name, text, expected) => {
  expect(read({ [name]: text })).toEqual({ ...DEFAULTS, ...expected });
});

test.each([
  ['policy', 'Newest'],
  ['policy', 'false'],
  ['command-phrase', 'x'],
  ['command-phrase', 'x'.repeat(101)],
  ['command-phrase', 'redeploy\npreview'],
  ['command-phrase', 'redeploy\tpreview'],
  ['environment', 'a\nb'],
  ['environment', 'e'.repeat(256)],
  ['comment', 'yes'],
  ['keep-check-open', '1'],
  ['check-name', 'a\rb'],
  ['check-name', 'n'.repeat(101)],
  ['github-token', 'no token'],
])('%s: %j is refused', (name, text) => {
  expect(problemsOf({ [name]: text })).toEqual([name]);
});

test('the token is masked before anything else, in both steps', () => {
  const source = makeSource({ inputs: { 'github-token': TOKEN, policy: '?' } });
  expect(() => readGateInputs(source)).toThrow(InputError);
  expect(source.masks).toEqual([TOKEN]);
  const post = makeSource({ inputs: { 'github-token': TOKEN, policy: '?' } });
  expect(readGateToken(post)).toBe(TOKEN);
  expect(post.masks).toEqual([TOKEN]);
  expect(readGateToken(makeSource({ inputs: { 'github-token': 'no token' } }))).toBeUndefined();
  expect(readGateToken(makeSource({}))).toBeUndefined();
});
