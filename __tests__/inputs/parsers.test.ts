import { describe, expect, test } from '@jest/globals';
import { parseApiOrigin } from '../../src/inputs/api-host.ts';
import {
  choiceParser,
  integerParser,
  type Parsed,
  parseAccessToken,
  parseBoolean,
  parseMinutes,
  parseNewProjectName,
  parseStoreHash,
  parseUuid,
} from '../../src/inputs/parsers.ts';

function resultOf<T>(parsed: Parsed<T>): T | 'refused' {
  return parsed.ok ? parsed.value : 'refused';
}

test.each([
  ['true', true],
  ['True', true],
  ['TRUE', true],
  ['false', false],
  ['False', false],
  ['FALSE', false],
  ['yes', 'refused'],
  ['tRUE', 'refused'],
  ['1', 'refused'],
  ['true false', 'refused'],
  ['on', 'refused'],
])('parseBoolean(%j) is %j', (text, expected) => {
  expect(resultOf(parseBoolean(text))).toBe(expected);
});

test.each([
  ['10', 600_000],
  ['0.5', 30_000],
  ['.5', 30_000],
  ['0.00001', 1],
  ['1440', 86_400_000],
  ['1.0', 60_000],
  ['1440.1', 'refused'],
  ['0', 'refused'],
  ['0.0', 'refused'],
  ['0.000001', 'refused'],
  ['-1', 'refused'],
  ['+1', 'refused'],
  ['1e1', 'refused'],
  ['0x10', 'refused'],
  ['NaN', 'refused'],
  ['Infinity', 'refused'],
  ['1,5', 'refused'],
  ['1.', 'refused'],
  ['10m', 'refused'],
  ['9'.repeat(400), 'refused'],
  ['١', 'refused'],
])('parseMinutes(%j) is %j', (text, expected) => {
  expect(resultOf(parseMinutes(text))).toBe(expected);
});

test.each([
  ['1', 1],
  ['10', 10],
  ['0', 'refused'],
  ['11', 'refused'],
  ['2.0', 'refused'],
  ['02', 'refused'],
  ['-1', 'refused'],
  ['1e0', 'refused'],
])('integerParser(1, 10)(%j) is %j', (text, expected) => {
  expect(resultOf(integerParser(1, 10)(text))).toBe(expected);
});

test('choiceParser accepts a word as written, and otherwise names all', () => {
  const parse = choiceParser(['fail', 'wait']);
  expect(resultOf(parse('wait'))).toBe('wait');
  expect(parse('Wait')).toMatchObject({ ok: false, allowed: 'fail, wait.' });
});

test.each([
  ['0F8FAD5B-D9CB-469F-A165-70867728950E', '0f8fad5b-d9cb-469f-a165-70867728950e'],
  ['01890a5d-ac96-774b-bcce-b302099a8057', '01890a5d-ac96-774b-bcce-b302099a8057'],
  ['{0f8fad5b-d9cb-469f-a165-70867728950e}', 'refused'],
  ['0f8fad5bd9cb469fa16570867728950e', 'refused'],
  ['0f8fad5b-d9cb-469f-a165-70867728950g', 'refused'],
])('parseUuid(%j) is %j', (text, expected) => {
  expect(resultOf(parseUuid(text))).toBe(expected);
});

describe('parseStoreHash', () => {
  test.each([
    'stores/abc123',
    'https://api.bigcommerce.com/stores/abc123/v3',
    'https://store-abc123.mybigcommerce.com',
  ])('hints at the hash in %s', (text) => {
    expect(parseStoreHash(text)).toMatchObject({ ok: false, hint: expect.stringContaining('"abc123"') });
  });

  test.each(['abc-123', '../abc', 'a b', 'ü'])('refuses %j', (text) => {
    expect(resultOf(parseStoreHash(text))).toBe('refused');
  });

  test('accepts letters and digits', () => {
    expect(resultOf(parseStoreHash('aBc123'))).toBe('aBc123');
  });
});

test.each([
  ['tok_~!"#$', 'tok_~!"#$'],
  ['a b c d', 'refused'],
  ['abc\ndef', 'refused'],
  ['tökenn', 'refused'],
  ['abc\u007f', 'refused'],
  ['abc', 'refused'],
])('parseAccessToken(%j) is %j', (text, expected) => {
  expect(resultOf(parseAccessToken(text))).toBe(expected);
});

test.each([
  ['a.b', 'a.b'],
  ['A_b-C.9', 'A_b-C.9'],
  ['x'.repeat(32), 'x'.repeat(32)],
  ['ab', 'refused'],
  ['x'.repeat(33), 'refused'],
  ['my shop', 'refused'],
  ['shöp', 'refused'],
])('parseNewProjectName(%j) is %j', (text, expected) => {
  expect(resultOf(parseNewProjectName(text))).toBe(expected);
});

describe('parseApiOrigin', () => {
  test.each([
    ['api.bigcommerce.com', 'https://api.bigcommerce.com'],
    ['API.BigCommerce.com', 'https://api.bigcommerce.com'],
    ['api.example.com:8443', 'https://api.example.com:8443'],
    ['https://api.example.com', 'https://api.example.com'],
    ['HTTPS://api.example.com/', 'https://api.example.com'],
    ['https://api.example.com:443', 'https://api.example.com'],
    ['localhost:3000', 'https://localhost:3000'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
    ['http://127.9.8.7', 'http://127.9.8.7'],
    ['http://127.1:80', 'http://127.0.0.1'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
    ['http://[0:0:0:0:0:0:0:1]:8080', 'http://[::1]:8080'],
    ['[::1]:8080', 'https://[::1]:8080'],
    ['https://10.0.0.1', 'https://10.0.0.1'],
  ])('takes %s', (text, origin) => {
    expect(resultOf(parseApiOrigin(text, 'the token'))).toBe(origin);
  });

  test.each([
    'http://api.bigcommerce.com',
    'http://10.0.0.1',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://[::2]',
    'http://[::ffff:127.0.0.1]',
    'http://0.0.0.0',
    'https://user:pw@api.example.com',
    'user:pw@api.example.com',
    'https://@api.example.com',
    'https://api.example.com/v3',
    'api.example.com/v3',
    'api.example.com//',
    'https://api.example.com?',
    'https://api.example.com?x=1',
    'https://api.example.com/#',
    'ftp://api.example.com',
    'https:/api.example.com',
    'https:///api.example.com',
    'https:\\\\api.example.com',
    'api.exa\tmple.com',
    'api example.com',
    'https://',
    '://x',
    'api.example.com:99999',
    '::1',
  ])('refuses %j', (text) => {
    expect(resultOf(parseApiOrigin(text, 'the token'))).toBe('refused');
  });
});
