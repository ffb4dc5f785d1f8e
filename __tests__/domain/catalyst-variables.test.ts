import { expect, test } from '@jest/globals';
import { missingVariablesWarning } from '../../src/domain/catalyst-variables.ts';
import type { EnvironmentVariable } from '../../src/domain/variables.ts';

const ALL = [
  ...['BIGCOMMERCE_STORE_HASH', 'BIGCOMMERCE_STOREFRONT_TOKEN', 'BIGCOMMERCE_CHANNEL_ID', 'AUTH_SECRET'],
  'AUTH_TRUST_HOST',
];
const CATALYST = { isCatalyst: true };

const valued = (keys: readonly string[], value = 'x'): EnvironmentVariable[] =>
  keys.map((key) => ({ type: key === 'AUTH_SECRET' ? 'secret' : 'plain_text', key, value }));

test('says nothing of a bundle that has all, with either of the two for its log-in', () => {
  expect(missingVariablesWarning(CATALYST, valued(ALL))).toBeUndefined();
  expect(missingVariablesWarning(CATALYST, valued([...ALL.slice(0, -1), 'AUTH_URL']))).toBeUndefined();
});

test('says nothing of another storefront', () => {
  expect(missingVariablesWarning({}, [])).toBeUndefined();
  expect(missingVariablesWarning({ isCatalyst: false }, [])).toBeUndefined();
});

test.each(ALL)('names %s, missing or empty, and no other', (key) => {
  const others = ALL.filter((one) => one !== key);
  const named = key === 'AUTH_TRUST_HOST' ? 'one of AUTH_TRUST_HOST and AUTH_URL' : key;
  for (const value of [undefined, '', '  ']) {
    const variables = [...valued(others), ...(value === undefined ? [] : valued([key], value))];
    const warning = missingVariablesWarning(CATALYST, variables);
    expect(warning).toContain(`\`secrets\` has a value for ${named}. The bundle is taken for a Catalyst storefront`);
    expect(warning?.includes('`AUTH_TRUST_HOST=true` will do')).toBe(key === 'AUTH_TRUST_HOST');
  }
});

test('names all of them, and says why', () => {
  const warning = missingVariablesWarning(CATALYST, []);
  expect(warning).toContain(
    'has a value for BIGCOMMERCE_STORE_HASH, BIGCOMMERCE_STOREFRONT_TOKEN, BIGCOMMERCE_CHANNEL_ID, AUTH_SECRET, one of AUTH_TRUST_HOST and AUTH_URL.',
  );
  expect(warning).toContain('its worker.js reads BIGCOMMERCE_STOREFRONT_TOKEN');
  expect(warning).toContain('A deployment has only the variables that it lists');
});
