/** The block of changes: aligned, narrow enough for a phone, and not to be left by any path. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { marked } from 'marked';
import { renderPlanDiff } from '../../src/report/redirects-plan-diff.ts';
import { widthOf } from '../../src/report/text-width.ts';
import { known, manual, planOf, planRecord, record, row } from './redirects-records.ts';
import { FAILURE } from './run-records.ts';

const PHONE_COLUMNS = 36;

function render(plan: Partial<Parameters<typeof planRecord>[0]>, maxBytes = 20_000) {
  const none = { added: [], changed: [], removed: [], unchanged: 0 };
  return renderPlanDiff(record({ outcome: 'planned', plan: planRecord({ ...none, ...plan }) }), maxBytes);
}

test('the changes of a plan, as a pull request shows them', () => {
  const { open, more } = render({
    added: [
      { ...row(2, '/rain-boot'), target: { kind: 'dynamic', type: 'Product', id: 12 } },
      row(3, '/winter-boots', manual('/boots')),
      row(4, '/冬の靴', manual('/靴')),
    ],
    changed: [
      {
        before: known(1, '/press', manual('https://press.example.com/')),
        after: row(5, '/press', manual('https://newsroom.example.com/')),
      },
      { before: known(2, '/a', manual('/b')), after: row(6, '/a', manual('/c')) },
    ],
    removed: [known(3, '/summer-sale', manual('/sale'))],
  });
  expect(open).toBe(
    [
      '```diff',
      '+ /rain-boot    → Product 12',
      '+ /winter-boots → /boots',
      '+ /冬の靴       → /靴',
      '! /press',
      '!   → https://newsroom.example.com/',
      '!   (was https://press.example.com/)',
      '! /a            → /c (was /b)',
      '- /summer-sale  → /sale',
      '```',
    ].join('\n'),
  );
  expect(more).toBeUndefined();
});

test('a path that is wider than a phone goes on in the next line', () => {
  const { open = '' } = render({ added: [row(2, '/collections/womens-winter-boots-2019/sale', manual('/boots'))] });
  expect(open.split('\n').slice(1, -1)).toEqual([
    '+ /collections/womens-winter-boots-',
    '+     2019/sale',
    '+   → /boots',
  ]);
});

test('invisible characters are shown, so that no path has two lines or another direction', () => {
  const { open = '' } = render({ added: [row(2, '/a\n```\n# b\u202e', manual('/x\u200b'))] });
  expect(open.split('\n').slice(1, -1)).toEqual(['+ /a\\u000a```\\u000a# b\\u202e', '+   → /x\\u200b']);
});

test('twenty changes are open, each kind with its share; the others are folded, and the rest is counted', () => {
  const plan = planRecord(planOf(300, 2, 300));
  const { open = '', more = '' } = renderPlanDiff(record({ outcome: 'planned', plan }), 5000);
  const marks = (text: string, mark: string) => text.split('\n').filter((line) => line.startsWith(`${mark} /`)).length;
  expect(['+', '!', '-'].map((mark) => marks(open, mark))).toEqual([9, 2, 9]);
  const [, folded = ''] = /<summary>(\d+) more changes<\/summary>/.exec(more) ?? [];
  const [, toAdd = '', toRemove = ''] = /and (\d+) more to add, (\d+) more to remove/.exec(more) ?? [];
  expect(marks(more, '+') + marks(more, '-')).toBe(Number(folded));
  expect(9 + marks(more, '+') + Number(toAdd)).toBe(300);
  expect(9 + marks(more, '-') + Number(toRemove)).toBe(300);
  expect(Buffer.byteLength(open) + Buffer.byteLength(more)).toBeLessThan(5300);
});

test('after a failure all of it is folded', () => {
  const { open, more } = renderPlanDiff(record({ plan: planRecord(planOf(1, 0, 0)), failure: FAILURE }), 5000);
  expect(open).toBeUndefined();
  expect(more).toContain('<details><summary>The plan: 1 to add</summary>\n\n```diff\n+ /old-2 → /new-2\n```');
});

test('no path leaves the block, whatever it is made of, and no line is too wide', () => {
  const hostile = fc.oneof(
    fc.constantFrom(
      '`'.repeat(40),
      '\n```\n<script>',
      '~~~',
      '</details>',
      '<!--',
      '@everyone',
      '漢'.repeat(90),
      '\ud800',
    ),
    fc.string({ unit: 'binary', maxLength: 80 }),
  );
  fc.assert(
    fc.property(hostile, hostile, (one, other) => {
      const before = { ...known(1, one, { kind: 'dynamic', type: 'Page', id: 3 }), toUrl: other };
      const added = [row(2, `/${one}`, manual(other))];
      const { open = '' } = render({
        added,
        changed: [{ before, after: row(3, one, manual(other)) }],
        removed: [before],
      });
      const tokens = marked.lexer(open);
      expect(tokens.map(({ type }) => type)).toEqual(['code']);
      const lines = open.split('\n').slice(1, -1);
      for (const line of lines) {
        expect(line).toMatch(/^[+!-] /);
        expect(widthOf(line)).toBeLessThanOrEqual(PHONE_COLUMNS);
      }
      expect(open.isWellFormed()).toBe(true);
    }),
  );
});
