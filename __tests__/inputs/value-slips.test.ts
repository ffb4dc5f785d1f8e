/** Parts of a value that are lost, or join another one, without an error: each is a warning that shows no secret. */
import { describe, expect, test } from '@jest/globals';
import { maskSecretValues } from '../../src/inputs/variables.ts';
import { errorOf, HOSTING, makeSource, makeWorkspace, read, VALID } from './helpers.ts';

const workspace = makeWorkspace();

/** The warnings and masks of a reading. */
function readSlips(input: 'secrets' | 'environment-variables', text: string) {
  const source = makeSource({ inputs: { ...VALID, [input]: text }, workspace });
  const { warnings, inputs } = read({ [input]: text });
  try {
    errorOf(source);
  } catch {
    // It is taken, and the masks are there.
  }
  return {
    warnings,
    masks: source.masks,
    keys: source.maskedKeys,
    variables: inputs.variables.filter(({ key }) => key !== HOSTING.key).map(({ key, value }) => [key, value]),
  };
}

describe.each(['secrets', 'environment-variables'] as const)('%s', (input) => {
  test.each([
    ['correct horse #42', 'correct horse', 'PASSWORD'],
    ['correct horse\t#42 battery', 'correct horse', 'PASSWORD'],
    ['#not a comment', '#not a comment', undefined],
    [' #everything', '', 'PASSWORD'],
    ['abcd#efgh', 'abcd#efgh', undefined],
    ['"correct horse #42"', 'correct horse #42', undefined],
    ["'correct horse' # a comment", 'correct horse', undefined],
  ])('PASSWORD=%s', (given, value, named) => {
    const { warnings, variables } = readSlips(input, `\nPASSWORD=${given}`);
    expect(variables).toEqual([['PASSWORD', value]]);
    const cuts = warnings.filter((warning) => warning.includes('" #"'));
    if (named === undefined) expect(cuts).toEqual([]);
    else expect(cuts).toEqual([expect.stringMatching(`^${input}: .*${named} \\(line 2\\).*quotes`)]);
    for (const word of ['42', 'battery', 'everything', 'horse']) expect(cuts.join()).not.toContain(word);
  });

  test('all cut values in one warning', () => {
    const { warnings } = readSlips(input, 'AAA=one1 #a\nBBB=two2\nCCC=three #c');
    expect(warnings).toEqual([expect.stringContaining('AAA (line 1), CCC (line 3)')]);
  });

  test.each([
    ['HOST=localhost USER_NAME=shop PIN=abcd\n', 'HOST', ['USER_NAME', 'PIN']],
    ['HOST=localhost USER_NAME="the shop"\n', 'HOST', ['USER_NAME']],
    ['HOST=localhost # the host USER_NAME=shop\n', 'HOST', ['USER_NAME']],
    ['api_host=localhost api_user=shop\n', 'api_host', ['api_user']],
  ])('several KEY= on one line, as `>` makes them: %j', (text, key, inside) => {
    const { warnings } = readSlips(input, text);
    const folded = warnings.filter((warning) => warning.includes('`>`'));
    expect(folded).toEqual([expect.stringContaining(`${input}: line 1`)]);
    expect(folded[0]).toContain('`|`');
    expect(folded[0]).toContain(key);
    for (const name of inside) expect(folded[0]).toContain(name);
    for (const word of ['localhost', 'shop', 'abcd']) expect(warnings.join()).not.toContain(word);
  });

  test.each([
    'NODE_OPTIONS=--max-old-space-size=4096 --stack-size=900',
    'DATABASE=host=localhost port=5432 connect_timeout=10',
    'TEXT=a = b and c == d',
    'TEXT="A=1 B=2"',
    'QUERY=https://shop.example/?A=1&B=2',
    'LDAP_DN=CN=admin, OU=users, DC=example',
    'CONNECTION=DRIVER={ODBC 18}; SERVER=host; UID=shop; PWD=abcd',
    'CODES=abcd JBSWY3DPEHPK3PXP= rest',
    'CODES=abcd JBSWY3DPEHPK3PXP=x rest',
  ])('%s is one value, without a warning', (text) => {
    expect(readSlips(input, text).warnings.filter((warning) => warning.includes('`>`'))).toEqual([]);
  });

  test('all of it becomes a comment, as `>` makes it after one', () => {
    expect(readSlips(input, '# the shop HOST=localhost PIN=abcd\n').warnings).toEqual([
      expect.stringMatching(`^${input}: line 1 .*comment.*HOST, PIN.*\`>\`.*\`\\|\``),
    ]);
    for (const text of ['# HOST=localhost\n', '# set HOST=x here\nPIN=abcd\n', '# a comment\n']) {
      expect(readSlips(input, text).warnings).toEqual([]);
    }
  });

  test('`>` and quotes: the error says what to do', () => {
    const { message } = errorOf(
      makeSource({ inputs: { ...VALID, [input]: 'HOST="localhost" PIN="abcd"' }, workspace }),
    );
    expect(message).toMatch(/line 1: .*`>`.*`\|`/);
    expect(message).not.toMatch(/localhost|abcd/);
  });
});

test('the part cut off a secret is masked, with and without its #, and so is the whole', () => {
  const { masks } = readSlips('secrets', 'PASSWORD=correct horse #42 battery');
  expect(masks).toEqual(
    expect.arrayContaining(['correct horse', 'correct horse #42 battery', '#42 battery', '42 battery']),
  );
});

test('only a value is masked with its key: the text beside it may not belong to that key', () => {
  for (const secrets of [
    'TOKEN=abcd1234 # the storefront',
    'TOKEN=abcd1234 NAME=storefront',
    'TOKEN=abcd\nNAME: storefront',
  ]) {
    const source = makeSource({ inputs: { ...VALID, secrets }, workspace });
    maskSecretValues(source);
    expect(source.maskedKeys.get('storefront') ?? source.maskedKeys.get('the storefront')).toBe('');
  }
  expect(readSlips('secrets', 'TOKEN=abcd1234 # the storefront').keys.get('abcd1234')).toBe('TOKEN');
});

test('a value joined by `>` is masked piece by piece, too', () => {
  const { masks } = readSlips('secrets', 'HOST=first_one PIN="second_one" CODE=third_one # and more KEY=fourth_one');
  expect(masks).toEqual(expect.arrayContaining(['first_one', 'second_one', 'third_one', 'fourth_one']));
  expect(readSlips('secrets', '# the shop PIN=fifth_one').masks).toContain('fifth_one');
});

test('beside bad lines no key is named, since it may be a piece of a secret', () => {
  const secrets = 'begin\nQUFB=one1 #x\nQkJC=two2 QUJD=three';
  const { warnings } = errorOf(makeSource({ inputs: { ...VALID, secrets }, workspace }));
  expect(warnings.join('\n')).toMatch(/line 2/);
  expect(warnings.join('\n')).not.toMatch(/QUFB|QkJC|QUJD/);
});

test('a long value takes linear time', () => {
  const startMs = performance.now();
  for (const piece of [' A', 'A=', ' A=', ' A =', ' #', '# ', 'A.']) readSlips('secrets', `K=${piece.repeat(50_000)}`);
  expect(performance.now() - startMs).toBeLessThan(5000);
});
