import { describe, expect, test } from '@jest/globals';
import { InputError } from '../../src/errors.ts';
import { showValue } from '../../src/inputs/problems.ts';
import { errorOf, makeSource, makeWorkspace, problemsOf, VALID } from './helpers.ts';

describe('problems', () => {
  test('are all reported at once, by the names of the inputs', () => {
    const error = errorOf(
      makeSource({
        inputs: {
          'store-hash': 'stores/abc',
          'project-uuid': 'nope',
          'working-directory': 'gone',
          secrets: 'bad',
          'environment-variables': 'bad',
          'on-conflict': 'Wait',
          'conflict-timeout-minutes': '1e3',
          'max-attempts': '0',
          'timeout-minutes': 'soon',
          'dry-run': 'yes',
          'create-project': 'no',
          'api-host': 'ftp://x',
        },
      }),
    );
    expect(error.problems.map((p) => p.input).sort()).toEqual(
      [
        'access-token',
        'api-host',
        'conflict-timeout-minutes',
        'create-project',
        'dry-run',
        'environment-variables',
        'max-attempts',
        'on-conflict',
        'project-uuid',
        'secrets',
        'store-hash',
        'timeout-minutes',
        'working-directory',
      ].sort(),
    );
  });

  test.each([
    [
      'store-hash',
      'stores/abc',
      '"stores/abc" is not a store hash. The store hash in it is probably "abc".',
      'letters',
    ],
    ['project-uuid', '123', '"123" is not a UUID.', 'a UUID'],
    ['create-project', 'no', '"no" is not a boolean.', 'true or false.'],
    ['dry-run', 'yes', '"yes" is not a boolean.', 'true or false.'],
    ['on-conflict', 'Wait', '"Wait" is not one of the choices.', 'fail, wait.'],
    ['timeout-minutes', '1441', '"1441" is too long.', 'at most 1440'],
    ['conflict-timeout-minutes', '-1', '"-1" is not a number of minutes.', 'decimal number'],
    ['max-attempts', '11', '"11" is out of range.', 'from 1 to 10'],
    ['api-host', 'a/b', '"a/b" holds a path.', 'loopback'],
  ])('%s: %s', (input, value, problem, allowed) => {
    expect(problemsOf({ [input]: value })).toEqual([{ input, problem, allowed: expect.stringContaining(allowed) }]);
  });

  test.each([
    [{ 'project-name': 'shop' }, 'project-name: It is given together with `project-uuid`. Give only one of the two.'],
    [
      { 'create-project': 'true' },
      'create-project: It is true, but there is no `project-name`. Give `project-name`, or leave `create-project` out.',
    ],
    [
      { bundle: 'a.zip', exclude: '*.map' },
      'exclude: It is given together with `bundle`, whose files are used unchanged. Give only one of the two.',
    ],
    [{ 'on-conflict': 'retry' }, 'on-conflict: "retry" is not one of the choices. Allowed: fail, wait.'],
    [{ 'dry-run': 'yes' }, 'dry-run: "yes" is not a boolean. Allowed: true or false.'],
    [{ secrets: 'A=one\nA=two' }, 'secrets: The key A is given more than once: secrets lines 1-2. Give each key once.'],
    [
      { 'environment-variables': '1A=b' },
      /^environment-variables: line 1: .*\. Write one KEY=VALUE on each line, as in a \.env/,
    ],
    [
      { 'working-directory': 'no/folder' },
      /^working-directory: "no\/folder" does not exist in .+\. Give a folder that /,
    ],
    [{ bundle: 'b.zip' }, /^bundle: "b\.zip" does not exist in .+\. Give a file that exists, relative to the working /],
  ])('%j reads as sentences', (inputs, message) => {
    const workspace = makeWorkspace({ 'a.zip': 'zip' });
    expect(errorOf(makeSource({ inputs: { ...VALID, ...inputs }, workspace })).message).toMatch(message);
  });

  test('do not swallow the warnings', () => {
    const inputs = { ...VALID, 'dry-run': 'maybe', secrets: 'PIN=1', 'environment-variables': 'API_TOKEN=x' };
    expect(errorOf(makeSource({ inputs })).warnings).toEqual([
      expect.stringMatching(/^secrets: the value of PIN /),
      expect.stringMatching(/^environment-variables: by its name API_TOKEN /),
    ]);
    expect(new InputError([{ input: 'x', problem: 'It is wrong.' }])).toMatchObject({
      message: 'x: It is wrong.',
      warnings: [],
    });
  });

  test('a long or multi-line bad value is cut and stays on one line', () => {
    const [problem] = problemsOf({ 'on-conflict': `a\n::error::${'x'.repeat(5000)}` });
    expect(problem?.problem).not.toContain('\n');
    expect(problem?.problem.length).toBeLessThan(200);
  });

  test.each([
    ['up to 100 characters whole', 'x'.repeat(100), `"${'x'.repeat(100)}"`],
    ['more without white space: not at all', 'x'.repeat(312), '"…" (312 characters)'],
    ['characters counted, not code units', '🐙'.repeat(101), '"…" (101 characters)'],
    ['cut at the last white space', `no  value\t \n${'x'.repeat(100)}`, '"no  value…"'],
    ['white space right behind the hundredth', `a ${'x'.repeat(98)} y`, `"a ${'x'.repeat(98)}…"`],
    ['a word that continues after the hundredth', `a ${'x'.repeat(99)} y`, '"a…"'],
    ['white space at the start is not a place to cut', ` ${'x'.repeat(100)}`, '"…" (101 characters)'],
    ['no credentials of a cut text either', `ftp://me:pw@x ${'y'.repeat(100)}`, '"ftp://***@x…"'],
  ])('shown of a bad value: %s', (_, text, shown) => {
    expect(showValue(text)).toBe(shown);
  });
});
