import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  checkoutRefOf,
  GATE_POLICIES,
  isCommand,
  judgeComment,
  judgePolicy,
  judgePush,
  judgeTarget,
  mayCommand,
  newestOf,
  VERDICTS,
} from '../../src/domain/preview-gate.ts';

const PHRASE = 'redeploy preview';

describe('a command', () => {
  test.each([
    ['the phrase', 'redeploy preview'],
    ['in capitals', 'REDEPLOY Preview'],
    ['with words behind it', 'redeploy preview, please'],
    ['with a line behind it', 'redeploy preview\nnow'],
    ['CRLF', 'redeploy preview\r\nnow'],
    ['CR', 'redeploy preview\rnow'],
    ['with a control character behind it', 'redeploy preview\0'],
    ['with an emoji behind it', 'redeploy preview🚀'],
    ['with a command of the runner behind it', 'redeploy preview ::set-output name=deploy::true'],
    ['with much behind it', `redeploy preview ${'x'.repeat(65_000)}`],
  ])('is %s', (_, body) => expect(isCommand(body, PHRASE)).toBe(true));

  test.each([
    ['nothing', ''],
    ['on the second line', 'please\nredeploy preview'],
    ['on the second line, after CR', 'please\rredeploy preview'],
    ['behind an empty line', '\nredeploy preview'],
    ['behind a space', ' redeploy preview'],
    ['behind a byte order mark', '\ufeffredeploy preview'],
    ['in a quote', '> redeploy preview'],
    ['in code', '`redeploy preview`'],
    ['in a heading', '# redeploy preview'],
    ['in HTML', '<b>redeploy preview</b>'],
    ['in an HTML comment', '<!-- redeploy preview -->'],
    ['a longer word', 'redeploy previewer'],
    ['a longer word with an accent', 'redeploy previewé'],
    ['with a combining accent', 'redeploy preview\u0301'],
    ['with a digit', 'redeploy preview2'],
    ['with a digit of another script', 'redeploy preview٣'],
    ['with a dash', 'redeploy preview-now'],
    ['with an underscore', 'redeploy preview_'],
    ['with two spaces', 'redeploy  preview'],
    ['with a space that is none', 'redeploy\u00a0preview'],
    ['with a Cyrillic letter', 'rеdeploy preview'],
    ['with full-width letters', 'ｒedeploy preview'],
    ['with a zero-width space in it', 'redeploy\u200b preview'],
    ['cut by a line break', 'redeploy\npreview'],
    ['half of it', 'redeploy prev'],
  ])('is not: %s', (_, body) => expect(isCommand(body, PHRASE)).toBe(false));

  test.each([
    ['/preview (now)?', '/PREVIEW (now)? yes', true],
    ['.*', 'anything', false],
    ['.*', '.*', true],
    ['предпросмотр', 'ПРЕДПРОСМОТР', true],
    // Letters that fold to ASCII ones: KELVIN SIGN, LATIN SMALL LETTER LONG S.
    ['kick', '\u212aick', false],
    ['ship', '\u017fhip', false],
    ['istanbul', 'İstanbul', false],
  ])('phrase %j, comment %j: %p', (phrase, body, expected) => expect(isCommand(body, phrase)).toBe(expected));

  const phrase = fc.string({ unit: 'binary', minLength: 2, maxLength: 100 }).filter((text) => !/\p{Cc}/u.test(text));
  const anyText = fc.string({ unit: 'binary' });

  test('any phrase is a command by itself, and with any further lines; behind anything visible it is none', () => {
    fc.assert(
      fc.property(phrase, anyText, fc.constantFrom('\n', '\r', '\r\n'), (given, rest, end) => {
        expect(isCommand(given, given)).toBe(true);
        expect(isCommand(`${given}${end}${rest}`, given)).toBe(true);
        expect(isCommand(`${given} ${rest}`, given)).toBe(true);
        expect(isCommand(`> ${given}`, `!${given}`)).toBe(false);
        expect(isCommand(`${rest.split(/[\r\n]/)[0]}${end}${given}`, `${rest.split(/[\r\n]/)[0]}!${given}`)).toBe(
          false,
        );
        expect(isCommand(`${given}a`, given)).toBe(false);
      }),
    );
  });

  test('only the first line counts', () => {
    fc.assert(
      fc.property(phrase, fc.array(anyText), (given, lines) => {
        const [first = ''] = lines.join('\n').split(/\r\n|\r|\n/);
        expect(isCommand(lines.join('\n'), given)).toBe(isCommand(first, given));
      }),
    );
  });
});

const pullRequest = fc.record({
  number: fc.integer({ min: 1, max: 50 }),
  isFork: fc.boolean(),
  author: fc.constantFrom('mona', 'dependabot[bot]', undefined),
});

test('the newest is never lower than the own number, and is that or one that counts', () => {
  fc.assert(
    fc.property(fc.array(pullRequest), fc.integer({ min: 1, max: 50 }), (open, own) => {
      const newest = newestOf(open, own);
      const counts = open.filter(({ isFork, author }) => !isFork && author !== 'dependabot[bot]');
      expect(newest).toBeGreaterThanOrEqual(own);
      expect([own, ...counts.map(({ number }) => number)]).toContain(newest);
      for (const { number } of counts) expect(number).toBeLessThanOrEqual(newest);
    }),
  );
});

test('a policy and what is known decide', () => {
  const all = GATE_POLICIES.flatMap((policy) =>
    [true, false].flatMap((isNewest) =>
      [true, false].map((hasClaim) => [policy, isNewest, hasClaim, judgePolicy(policy, { isNewest, hasClaim })]),
    ),
  );
  expect(all).toEqual([
    ['newest', true, true, 'newest'],
    ['newest', true, false, 'newest'],
    ['newest', false, true, 'claim'],
    ['newest', false, false, 'not-newest'],
    ['all', true, true, 'newest'],
    ['all', true, false, 'newest'],
    ['all', false, true, 'every-push'],
    ['all', false, false, 'every-push'],
    ['command', true, true, 'claim'],
    ['command', true, false, 'manual-only'],
    ['command', false, true, 'claim'],
    ['command', false, false, 'manual-only'],
  ]);
});

test('a fork never deploys, whatever else is true', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.string(), (isOpen, actor) => {
      expect(judgePush({ isFork: true, isOpen, actor })).toBe('fork');
      expect(judgeTarget({ isFork: true, isOpen })).toBe('fork');
    }),
  );
  expect(judgePush({ isFork: false, isOpen: false, actor: 'mona' })).toBe('closed');
  expect(judgePush({ isFork: false, isOpen: true, actor: 'dependabot[bot]' })).toBe('dependabot');
  expect(judgePush({ isFork: false, isOpen: true, actor: 'mona' })).toBeUndefined();
  expect(judgeTarget({ isFork: false, isOpen: false })).toBe('closed');
  expect(judgeTarget({ isFork: false, isOpen: true })).toBe('command');
});

test('a comment is a command where all three are true', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.boolean(), fc.boolean(), (isCreated, isOnPullRequest, command) => {
      const decision = judgeComment({ isCreated, isOnPullRequest, isCommand: command });
      expect(decision === undefined).toBe(isCreated && isOnPullRequest && command);
      if (decision !== undefined) expect(VERDICTS[decision]).toEqual({ deploys: false, reason: 'not-applicable' });
    }),
  );
});

test('who may write may command', () => {
  expect((['admin', 'write', 'read', 'none'] as const).map(mayCommand)).toEqual([true, true, false, false]);
});

test('what is to be checked out: the merge, unless it is known that there is none', () => {
  expect([true, undefined, false].map((isMergeable) => checkoutRefOf({ number: 7, isMergeable }))).toEqual([
    'refs/pull/7/merge',
    'refs/pull/7/merge',
    'refs/pull/7/head',
  ]);
});

test('only newest and takeover deploy', () => {
  const reasons = Object.values(VERDICTS).filter(({ deploys }) => deploys);
  expect(new Set(reasons.map(({ reason }) => reason))).toEqual(new Set(['newest', 'takeover']));
});
