import { describe, expect, test } from '@jest/globals';
import { InputError } from '../../src/errors.ts';
import { readRollbackInputs } from '../../src/inputs/rollback.ts';
import {
  errorOf,
  makeSource,
  problemsOf,
  read,
  readDeployInputs,
  TOKEN,
  VALID,
  VERIFICATION_DEFAULTS,
} from './helpers.ts';

function headersOf(text: string) {
  const { verification } = read({ 'verify-headers': text }).inputs;
  return verification === 'off' ? undefined : verification.headers;
}

function masksOf(text: string): string[] {
  const source = makeSource({ inputs: { ...VALID, 'verify-headers': text } });
  try {
    readDeployInputs(source);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  return [...new Set(source.masks)].filter((mask) => mask !== TOKEN);
}

describe('verify-headers', () => {
  test('names in lower case, values as given', () => {
    const text =
      "\n# for the wall\nAuthorization: Basic dXNlcjpvcGVuLXNlc2FtZQ==\r\nX-Odd!#$%&'*+.^_`|~9:a:b \nCookie: a=b; c=d e\n";
    expect(headersOf(text)).toEqual({
      authorization: 'Basic dXNlcjpvcGVuLXNlc2FtZQ==',
      "x-odd!#$%&'*+.^_`|~9": 'a:b',
      cookie: 'a=b; c=d e',
    });
  });

  test.each([
    ['X-Pass sesame-open', 'no `:`'],
    ['X Pass: sesame-open', "not a header's name"],
    ['X-Päss: sesame-open', "not a header's name"],
    [': sesame-open', "not a header's name"],
    ['Host: sesame-open', 'the header `host` is set by the request itself'],
    ['content-length: 4444', 'the header `content-length`'],
    ['CONNECTION: sesame-open', 'the header `connection`'],
    ['Transfer-Encoding: sesame-open', 'the header `transfer-encoding`'],
    ['Accept-Encoding: sesame-open', 'the header `accept-encoding`'],
    ['X-Pass:', 'no value (a GitHub secret that does not exist arrives empty'],
    ['X-Pass: sesäme-open', 'not visible ASCII'],
    ['X-Pass: sesame\u0001open', 'not visible ASCII'],
    ['X-One: 1\nx-one: sesame-open', 'given before'],
  ])('%j is wrong, and not shown', (text, problem) => {
    const source = makeSource({ inputs: { ...VALID, 'verify-headers': `X-Ok: 1\n${text}` } });
    const { problems, message } = errorOf(source);
    expect(problems).toEqual([
      {
        input: 'verify-headers',
        problem: expect.stringMatching(/^line [23]: /),
        remedy: 'Write one header on each line, as `Name: value`.',
      },
    ]);
    expect(problems[0]?.problem).toContain(problem);
    expect(message).not.toMatch(/ses.me|4444/);
  });

  test('at most 20', () => {
    const lines = Array.from({ length: 21 }, (_, index) => `X-${index}: 1`);
    expect(headersOf(lines.slice(1).join('\n'))).toHaveProperty('x-20', '1');
    expect(problemsOf({ 'verify-headers': lines.join('\n') })).toMatchObject([{ problem: 'It has 21 headers.' }]);
  });
});

describe('masks of verify-headers', () => {
  test.each([
    ['X-Pass: sesame-open', ['sesame-open']],
    ['X-Pass: a:b:c', ['a:b:c']],
    ['Authorization: Bearer sesame-open', ['Bearer sesame-open', 'sesame-open']],
    [
      'Authorization: Basic dXNlcjpvcGVuLXNlc2FtZQ==',
      ['Basic dXNlcjpvcGVuLXNlc2FtZQ==', 'dXNlcjpvcGVuLXNlc2FtZQ==', 'open-sesame'],
    ],
    ['Cookie: a=first-one; b=second-one', ['a=first-one; b=second-one', 'first-one', 'second-one']],
    ['X-Pass sesame-open', ['X-Pass sesame-open', 'sesame-open']],
    ['X-Pass=sesame-open', ['X-Pass=sesame-open', 'sesame-open']],
    ['X Pass: sesame-open', ['sesame-open']],
    ['# X-Pass: sesame-open', ['sesame-open']],
    ['X-A: 1\nX-Env: preview', []],
  ])('%j', (text, masks) => {
    expect(masksOf(text)).toEqual(masks);
  });

  test('come before anything that can fail', () => {
    const order: string[] = [];
    const source = makeSource({
      inputs: { ...VALID, 'verify-headers': 'X: sesame-open', 'working-directory': 'gone' },
    });
    const recording = {
      ...source,
      input: (name: string) => {
        order.push(name);
        return source.input(name);
      },
      maskSecret: (value: string) => void order.push(`mask ${value}`),
    };
    expect(() => readDeployInputs(recording)).toThrow(InputError);
    expect(order.indexOf('mask sesame-open')).toBeLessThan(order.indexOf('working-directory'));
    expect(order.indexOf('mask sesame-open')).toBeGreaterThan(0);
  });

  test('hold for a rollback', () => {
    const source = makeSource({ inputs: { ...VALID, 'verify-headers': 'X: sesame-open', 'max-attempts': 'x' } });
    expect(() => readRollbackInputs(source)).toThrow(InputError);
    expect(source.masks).toContain('sesame-open');
  });
});

test.each([
  ['verify', 'false', 'auto, off.'],
  ['verify-timeout-seconds', '0', 'from 1 to 600'],
  ['verify-timeout-seconds', '601', 'from 1 to 600'],
  ['on-verify-failure', 'ignore', 'fail, warn, rollback.'],
  ['verify-logs', 'on', 'show, fail, off.'],
  ['rehearsal-strict', 'yes', 'true or false.'],
])('%s: %s is wrong', (input, text, allowed) => {
  expect(problemsOf({ [input]: text })).toEqual([
    { input, problem: expect.any(String), allowed: expect.stringContaining(allowed) },
  ]);
});

describe('verify: off', () => {
  test('verifies nothing, and says nothing of defaults', () => {
    const given = {
      verify: 'off',
      'verify-timeout-seconds': '60',
      'on-verify-failure': 'fail',
      'verify-logs': 'show',
      'rehearsal-strict': 'false',
    };
    expect(read(given)).toMatchObject({ inputs: { verification: 'off' }, warnings: [] });
  });

  test.each([
    ['verify-paths', '/cart'],
    ['verify-headers', 'X-Pass: sesame-open'],
    ['verify-timeout-seconds', '90'],
    ['on-verify-failure', 'rollback'],
    ['verify-logs', 'fail'],
  ])('%s is ignored, with a warning', (input, text) => {
    expect(read({ verify: 'off', [input]: text })).toMatchObject({
      inputs: { verification: 'off' },
      warnings: [`${input}: it is ignored, since \`verify\` is "off".`],
    });
  });

  test('what is ignored has to be right all the same', () => {
    expect(problemsOf({ verify: 'off', 'verify-paths': 'cart' })).toMatchObject([{ input: 'verify-paths' }]);
  });
});

describe('rehearsal', () => {
  const rehearsalOf = (inputs: Record<string, string>) => {
    const { verification } = read(inputs).inputs;
    return verification === 'off' ? undefined : verification.rehearsal;
  };

  test('in any project that is there', () => {
    const [project, isStrict] = ['Our stage, 2', false];
    expect(rehearsalOf({ 'rehearsal-project': ` ${project} ` })).toEqual({ project, isStrict, createIfMissing: false });
  });

  test.each([VALID['project-uuid'], ''])('create-project makes it, too (project-uuid: %j)', (uuid) => {
    const name: Record<string, string> = uuid === '' ? { 'project-name': 'shop' } : {};
    const given = { ...name, 'project-uuid': uuid, 'create-project': 'true', 'rehearsal-project': 'stage' };
    expect(rehearsalOf(given)).toMatchObject({ project: 'stage', createIfMissing: true });
  });

  test('one that is made needs a legal name', () => {
    expect(problemsOf({ 'create-project': 'true', 'rehearsal-project': 'our stage' })).toEqual([
      {
        input: 'rehearsal-project',
        problem: expect.stringContaining('"our stage" cannot be'),
        allowed: expect.any(String),
      },
    ]);
  });

  test.each([
    ['verify: off', { verify: 'off', 'rehearsal-project': 'stage' }, 'rehearsal-project', '`verify: off`'],
    [
      "the project's own name",
      { 'project-uuid': '', 'project-name': 'shop', 'rehearsal-project': 'shop' },
      'rehearsal-project',
      'the project of `project-name`',
    ],
    ['rehearsal-strict alone', { 'rehearsal-strict': 'true' }, 'rehearsal-strict', 'there is no `rehearsal-project`'],
  ])('%s is a contradiction', (_, inputs, input, problem) => {
    expect(problemsOf(inputs)).toEqual([
      { input, problem: expect.stringContaining(problem), remedy: expect.any(String) },
    ]);
  });

  test('of a rollback, in a project that is there', () => {
    const inputs = { ...VALID, 'github-token': 'ghs_0123', 'create-project': 'true', 'rehearsal-project': 'stage' };
    const { verification } = readRollbackInputs(makeSource({ inputs })).inputs;
    const rehearsal = { project: 'stage', isStrict: false, createIfMissing: false };
    expect(verification).toEqual({ ...(VERIFICATION_DEFAULTS as object), rehearsal });
  });
});
