import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { findExpressions } from '../../scripts/regular-expressions.ts';

/**
 * No expression of src/ takes more than linear time, for any text (scripts/judge-expressions.ts has how that
 * is known). Of what looks around itself or refers back, nothing is known: it is to be written in another way, or
 * is listed here with a reason.
 */

/** An expression as written → why it is allowed although it is not proven. */
const UNPROVEN: Readonly<Record<string, string>> = {
  [String.raw`/(?<![\p{L}\p{M}\p{N}_])\p{N}(?:[\p{N} .,:/()+-]*\p{N})?(?![\p{L}\p{M}\p{N}_])/gu`]:
    'looks around itself; it gets 4,000 characters at most (MAX_READ_CHARS)',
  [String.raw`/[^\s!-/:-@[-^${'`'}{-~…]+(?:['’](?:t|s|re|d|ll)(?![\p{L}\p{N}]))?/gu`]:
    'looks behind its end by one character; it gets 4,000 characters at most (MAX_READ_CHARS)',
};
const MOST_CHARS = 4_000;

/** A file that makes expressions while it works → why these are linear. Others make theirs when they are loaded. */
const MADE_LATE: Readonly<Record<string, string>> = {
  'src/report/secret-search.ts': 'a choice of single characters and of escaped words, without any repetition',
  'src/domain/preview-gate.ts': 'one escaped word, held to both ends of a text of its length',
};

const JUDGE = fileURLToPath(new URL('../../scripts/judge-expressions.ts', import.meta.url));
const { literals, constructing } = findExpressions();

function verdicts(expressions: readonly string[]): string[] {
  const input = JSON.stringify(expressions);
  return JSON.parse(execFileSync(process.execPath, [JUDGE], { input, encoding: 'utf8' }));
}

function notLinear(expressions: readonly string[]): string[] {
  const found = verdicts(expressions);
  expect(found).toHaveLength(expressions.length);
  return expressions.flatMap((text, index) => (found[index] === 'linear' ? [] : [`${text}: ${found[index]}`]));
}

test('the check finds expressions that are not linear, and those that it cannot judge', () => {
  const bad = [String.raw`/\s+$/`, '/^(a+)+$/', String.raw`/(?:^|\s+)\S*$/`, '/x*y/g', String.raw`/(a)\1*/`];
  const unknown = 'not proven (unsupported)';
  const [square, exponential] = ['2nd degree polynomial', 'exponential'];
  expect(verdicts([...bad, '/^a+$/'])).toEqual([square, exponential, square, square, unknown, 'linear']);
  expect(literals.size).toBeGreaterThan(250);
  expect(literals.get(String.raw`/\r\n|[\r\n]/`)).toContain('src/inputs/readers.ts');
  expect(constructing).toContain('src/domain/refused-names.ts');
});

test('every literal in src/ is linear', () => {
  expect(notLinear([...literals.keys()].filter((text) => !Object.hasOwn(UNPROVEN, text)))).toEqual([]);
});

test('every expression built when a file is loaded is linear', async () => {
  const files = [...new Set(constructing)].filter((file) => !Object.hasOwn(MADE_LATE, file));
  const made = new Map(files.map((file) => [file, [] as string[]]));
  const original = globalThis.RegExp;
  for (const [file, texts] of made) {
    globalThis.RegExp = new Proxy(original, {
      construct(target, [source, flags]: [string, string?]) {
        const expression = new target(source, flags);
        texts.push(String(expression));
        return expression;
      },
    });
    try {
      await import(`../../${file}`);
    } finally {
      globalThis.RegExp = original;
    }
  }
  expect([...made].filter(([, texts]) => texts.length === 0)).toEqual([]);
  expect(notLinear([...made.values()].flat())).toEqual([]);
});

describe('exceptions', () => {
  test('still exist', () => {
    expect(Object.keys(UNPROVEN).filter((text) => !literals.has(text))).toEqual([]);
    expect(Object.keys(MADE_LATE).filter((file) => !constructing.includes(file))).toEqual([]);
  });

  test.each(Object.keys(UNPROVEN))('%s is quick with the longest text that it gets', (text) => {
    const [, source = '', flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(text) ?? [];
    const expression = new RegExp(source, flags);
    const characters = [..."1a_ .('’é©"];
    const pieces = characters.flatMap((one) => characters.map((other) => one + other));
    const started = performance.now();
    for (const piece of pieces) {
      for (const ending of characters) {
        const long = piece.repeat(MOST_CHARS / 2) + ending;
        expect(long.replaceAll(expression, '').length).toBeLessThanOrEqual(long.length);
      }
    }
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});
