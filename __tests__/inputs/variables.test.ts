import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { looksSecret } from '../../src/domain/variables.ts';
import { InputError } from '../../src/errors.ts';
import {
  errorOf,
  HOSTING,
  makeSource,
  makeWorkspace,
  problemsOf,
  read,
  readDeployInputs,
  TOKEN,
  VALID,
} from './helpers.ts';

const workspace = makeWorkspace();

function masksOf(secrets: string): string[] {
  const source = makeSource({ inputs: { ...VALID, secrets }, workspace });
  try {
    readDeployInputs(source);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  return source.masks.filter((mask) => mask !== TOKEN);
}

/** The variables that were given. */
function given({ inputs }: ReturnType<typeof read>) {
  return inputs.variables.filter(({ key }) => key !== HOSTING.key);
}

describe('order', () => {
  test('plain text first, then secrets, each as given', () => {
    const { inputs } = read({ secrets: 'Z=zzzz\nA=aaaa', 'environment-variables': 'Y=1\nB=2' });
    expect(inputs.variables.map(({ type, key }) => `${type} ${key}`)).toEqual([
      'plain_text Y',
      'plain_text B',
      'secret Z',
      'secret A',
      'plain_text CATALYST_HOSTING',
    ]);
  });
});

describe('CATALYST_HOSTING', () => {
  test('is native unless it is given', () => {
    expect(read().inputs.variables).toEqual([HOSTING]);
  });

  test.each([
    ['environment-variables', 'plain_text'],
    ['secrets', 'secret'],
  ])('that of %s wins, an empty one, too', (input, type) => {
    for (const value of ['other-value', '']) {
      const { variables } = read({ [input]: `CATALYST_HOSTING=${value}` }).inputs;
      expect(variables).toEqual([{ type, key: 'CATALYST_HOSTING', value }]);
    }
  });
});

describe('masks', () => {
  test('every value of secrets, and none of environment-variables', () => {
    const source = makeSource({
      inputs: { ...VALID, secrets: 'A=one1\nB="two2"', 'environment-variables': 'C=three' },
    });
    readDeployInputs(source);
    expect(source.masks).toEqual([TOKEN, 'one1', 'two2']);
  });

  test('a value of several lines, line by line, short lines left out', () => {
    expect(masksOf('A="{\n  abcd\nabc\nx\\ny1234\n}"')).toEqual(['abcd', 'y1234']);
  });

  test('nothing under 4 characters, nothing empty', () => {
    expect(masksOf('A=abc\nB=\nC="  a "\nD=1')).toEqual([]);
  });

  test('the whole of a value with a # inside', () => {
    expect(masksOf('A=ab#cdefgh')).toEqual(['ab#cdefgh']);
  });

  test('good lines beside bad ones, and possible values on the bad ones', () => {
    const masks = masksOf('A=good_one\n1B=bad_key_value\njust_a_value\nC="closed_one" tail_text\nD="never\nclosed_two');
    for (const text of ['good_one', 'bad_key_value', 'just_a_value', 'closed_one', 'never', 'closed_two']) {
      expect(masks).toContain(text);
    }
  });

  test('of keys that are given twice', () => {
    expect(masksOf('A=first_one\nA=second_one')).toEqual(['first_one', 'second_one']);
  });

  test('come before anything that can fail', () => {
    const order: string[] = [];
    const inputs: Record<string, string> = { ...VALID, secrets: 'A=abcd', 'working-directory': 'gone' };
    const source = makeSource({ inputs });
    expect(() =>
      readDeployInputs({
        ...source,
        input: (name) => {
          order.push(name);
          return source.input(name);
        },
        maskSecret: (value) => void order.push(`mask ${value}`),
      }),
    ).toThrow(InputError);
    expect(order.slice(0, 5)).toEqual(['access-token', `mask ${TOKEN}`, 'github-token', 'secrets', 'mask abcd']);
  });
});

describe('problems', () => {
  test('bad lines by number, one problem per kind', () => {
    const problems = problemsOf({ secrets: 'x\ny\nA=1\nz\n1A=b', 'environment-variables': 'B=1\nC="' });
    expect(problems).toMatchObject([
      { input: 'environment-variables', problem: expect.stringMatching(/^line 2: a quote that is never closed/) },
      { input: 'secrets', problem: expect.stringMatching(/^lines 1-2, 4: no `=`/) },
      { input: 'secrets', problem: expect.stringMatching(/^line 5: .* not a key/) },
    ]);
  });

  test('a key given twice names the key and the lines', () => {
    expect(problemsOf({ secrets: 'A=first\nB=x\nA=second' })).toEqual([
      {
        input: 'secrets',
        problem: 'The key A is given more than once: secrets lines 1, 3.',
        remedy: 'Give each key once.',
      },
    ]);
    expect(problemsOf({ 'environment-variables': '\nA=first', secrets: 'A=second' })).toMatchObject([
      { problem: 'The key A is given more than once: environment-variables line 2, secrets line 1.' },
    ]);
  });

  test('beside bad lines a repeated key is not named, since it may be a piece of a secret', () => {
    const { message } = errorOf(makeSource({ inputs: { ...VALID, secrets: 'A=begin\nc2VjcmV0=\nc2VjcmV0=\n-end-' } }));
    expect(message).toContain('A key is given more than once: secrets lines 2-3.');
    expect(message).not.toContain('c2VjcmV0');
  });

  test.each([
    ['q9ZkT1cAbCd8xWvBy=', 'q9ZkT1cAbCd8xWvBy'],
    ['q9ZkT1cAbCd8xWvB=', 'q9ZkT1cAbCd8xWvB'],
    ['c2VjcmV0==', 'c2VjcmV0'],
    ['q9ZkT1cAbCd8xWv.-B= # my key', 'q9ZkT1cAbCd8xWv.-B'],
  ])('a bare value %s is named by its line, and masked with and without its =', (line, bare) => {
    const source = makeSource({ inputs: { ...VALID, secrets: `A=good_one\n${line}\nB=` }, workspace });
    const error = errorOf(source);
    expect(error.problems).toEqual([
      {
        input: 'secrets',
        problem: expect.stringMatching(/^line 2: looks like a bare value, not KEY=VALUE/),
        remedy: 'Write one KEY=VALUE on each line, as in a .env file.',
      },
    ]);
    expect(`${error.message} ${error.warnings.join()}`).not.toContain(bare);
    expect(source.masks).toEqual(expect.arrayContaining([line.replace(/ #.*/, ''), bare]));
  });

  test('bare values of both kinds are one problem', () => {
    expect(problemsOf({ secrets: 'q9ZkT1cAbCd8xWvBy=\nc2VjcmV0==\nA=b\nq9ZkT1cAbCd8xWvBz=' })).toMatchObject([
      { problem: expect.stringMatching(/^lines 1-2, 4: looks like a bare value/) },
    ]);
  });

  test.each([
    ['has a value', 'q9ZkT1cAbCd8xWvBy=a'],
    ['has an empty value in quotes', 'q9ZkT1cAbCd8xWvBy=""'],
    ['is short', 'q9ZkT1cAbCd8xWv='],
    ['has a _', 'q9ZkT1cAbCd8_xWvBy='],
    ['has no upper case', 'q9zkt1cabcd8xwvby='],
    ['has no lower case', 'Q9ZKT1CABCD8XWVBY='],
    ['has no digit', 'qnZkTocAbCdoxWvBy='],
  ])('a key that %s is a key', (_, secrets) => {
    expect(given(read({ secrets }))).toHaveLength(1);
  });

  test('in environment-variables a key may look like that', () => {
    expect(given(read({ 'environment-variables': 'q9ZkT1cAbCd8xWvBy=' }))).toHaveLength(1);
  });

  test('a key named __proto__ is a key', () => {
    expect(given(read({ 'environment-variables': '__proto__=1' }))).toHaveLength(1);
  });
});

describe('warnings', () => {
  test('a short secret, by its key', () => {
    const { warnings } = read({ secrets: 'FLAG=on\nOTHER=long enough\nPIN="12"' });
    expect(warnings).toEqual([
      'secrets: the value of FLAG, PIN is under 4 characters and is not masked, since so short a mask would make the log unreadable.',
    ]);
  });

  test.each(["PIN='abc\ndef\nghi'", 'PIN="abc\\ndef"', "PIN='\n1\n'"])('a secret of short lines: %j', (secrets) => {
    const { warnings } = read({ secrets: `FLAG=on\n${secrets}\nLONG='a\nb\nlong'` });
    expect(warnings).toEqual([
      expect.stringMatching(/^secrets: the value of FLAG is under 4 characters/),
      'secrets: no line of the value of PIN has 4 characters or more, so it is not masked: so short a mask would ' +
        'make the log unreadable.',
    ]);
  });

  test('beside bad lines by line, since a "key" may be a piece of a secret', () => {
    const { warnings } = errorOf(makeSource({ inputs: { ...VALID, secrets: "begin\nQUFB=\nQkJC=1\nQ0ND='1\n2'" } }));
    expect(warnings).toEqual([
      expect.stringMatching(/^secrets: no value for line 2\./),
      expect.stringMatching(/^secrets: the value of line 3 is under/),
      expect.stringMatching(/^secrets: no line of the value of line 4 has/),
    ]);
  });

  test('an empty secret, by its key', () => {
    expect(read({ secrets: 'A=\nB=long enough' }).warnings).toEqual([
      expect.stringMatching(/^secrets: no value for A\./),
    ]);
  });

  test('a plain variable that looks like a secret, by its key', () => {
    const { warnings } = read({ 'environment-variables': 'SOME_TOKEN=value1\nNAME=x\nAPI_KEY=' });
    expect(warnings).toEqual([expect.stringMatching(/^environment-variables: by its name SOME_TOKEN may/)]);
    expect(warnings.join()).not.toContain('value1');
  });

  test.each([
    ['TOKEN', true],
    ['BIGCOMMERCE_STOREFRONT_TOKEN', true],
    ['AUTH_SECRET', true],
    ['STRIPE_SECRET_KEY', true],
    ['db.password', true],
    ['SSH_PRIVATE_KEY', true],
    ['apiKey', true],
    ['OPENAI-API-KEYS', true],
    ['NEXT_PUBLIC_API_KEY', false],
    ['TOKENIZER', false],
    ['SECRETARY', false],
    ['KEY', false],
    ['CHANNEL_ID', false],
  ])('looksSecret(%s) is %s', (key, expected) => {
    expect(looksSecret(key)).toBe(expected);
  });
});

describe('properties', () => {
  // A marker that occurs in no message of this program; the rest is arbitrary.
  const secret = fc
    .string({ unit: 'binary', maxLength: 12 })
    .map((text) => `zQ7${text.replaceAll(/[^ -~\n]/g, '')}zQ7`);
  const line = fc.oneof(
    secret.map((s) => `A=${s}`),
    secret.map((s) => `B="${s}`),
    secret.map((s) => `C='${s}' x`),
    secret.map((s) => `1D=${s}`),
    // Without `=`: with one, the line is valid, and the text before it a key, which may be shown.
    secret.map((s) => s.replaceAll('=', '')),
    fc.constant('A=zQ7'),
  );
  const list = fc.array(line, { maxLength: 4 }).map((lines) => lines.join('\n'));

  test('no piece of a secret is in an error, or in its cause', () => {
    const shared = makeWorkspace({ '.bigcommerce/project.json': '' });
    let failures = 0;
    fc.assert(
      fc.property(list, list, secret, secret, (secrets, plain, token, fileToken) => {
        const inputs = {
          'access-token': token,
          'api-host': `https://u:${token}@x`,
          'environment-variables': plain,
          secrets,
          'dry-run': 'maybe',
          'project-uuid': '',
        };
        writeFileSync(
          join(shared, '.bigcommerce/project.json'),
          JSON.stringify({ storeHash: fileToken, projectUuid: [fileToken] }),
        );
        const { message, problems, warnings, cause, stack } = errorOf(makeSource({ inputs, workspace: shared }));
        failures += problems.length;
        expect(JSON.stringify({ message, problems, warnings, stack })).not.toContain('zQ7');
        expect(cause).toBeUndefined();
      }),
      { numRuns: 150 },
    );
    expect(failures).toBeGreaterThan(150);
  });

  test('every secret of 4 characters or more is masked, even if other inputs are wrong', () => {
    fc.assert(
      fc.property(fc.array(secret, { maxLength: 4 }), fc.constantFrom('', 'bad', '1=2', 'X="'), (values, bad) => {
        const text = [...values.map((v, i) => `K${i}='${v.replaceAll("'", '')}'`), bad].join('\n');
        const masks = masksOf(text);
        for (const value of values) {
          for (const piece of value.replaceAll("'", '').split('\n')) {
            if (piece.trim().length >= 4) expect(masks).toContain(piece.trim());
          }
        }
        expect(masks.every((mask) => mask.length >= 4 && !mask.includes('\n'))).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});
