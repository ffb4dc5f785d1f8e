/** The comment that several projects share: what its readers see, and what later runs read from it. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { marked } from 'marked';
import { findRow, type GroupRow, mergeRows, type RowFacts, renderGroupMarker } from '../../src/domain/comment-group.ts';
import { readShare, renderMarked } from '../../src/domain/comment-marker.ts';
import { parseRows } from '../../src/github-status/group-rows.ts';
import { renderGroupComment } from '../../src/report/group-comment.ts';

const SHA = '4f9c1d2e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d';
const REPOSITORY = 'https://github.com/acme/shop';

function row(project: string, shown: Partial<RowFacts> = {}, more: Partial<GroupRow> = {}): GroupRow {
  const commit = { sha: SHA, url: `${REPOSITORY}/commit/${SHA}` };
  const url = `https://${project}.storefront.example`;
  const good: RowFacts = { kind: 'good', mark: '✅', name: project, url, commit, sizeBytes: 2 ** 20, durationMs: 6500 };
  return {
    key: { project, environment: 'preview' },
    shown: { ...good, runUrl: `${REPOSITORY}/actions/runs/7`, ...shown },
    memory: { lastSuccess: undefined, shownAtMs: 5, share: undefined },
    detail: `Detail of ${project}`,
    ...more,
  };
}

const PENDING = { kind: 'pending', mark: '⏳', words: 'Deploying to preview', url: undefined } as const;
const BAD = { kind: 'bad', mark: '❌', words: 'Not deployed to preview: Its title', url: undefined } as const;
const DELETED = { kind: 'neutral', mark: '🧹', words: 'Preview deleted ·&nbsp;preview', url: undefined } as const;

const rendered = (rows: readonly GroupRow[], footer?: string) => renderGroupComment(rows, footer) ?? 'full';
const toHtml = (markdown: string) => marked.parse(markdown, { gfm: true, breaks: true, async: false });
const wordsOf = (markdown: string) =>
  toHtml(markdown)
    .replace(/<wbr>|<!--[\s\S]*?-->/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, digits: string) => String.fromCharCode(Number(digits)))
    .replace(/&nbsp;|\s+/g, ' ');
const headingOf = (markdown: string) => wordsOf(markdown.split('\n')[0] ?? '').trim();

test.each([
  ['all deployed', [row('a'), row('b')], '✅ Deployed to preview: 2 projects'],
  ['a single one', [row('a')], '✅ Deployed to preview: 1 project'],
  ['one under way', [row('a'), row('b', PENDING)], '⏳ Deploying to preview: 1 of 2 done'],
  ['one failed', [row('a'), row('b', BAD), row('c', PENDING)], '❌ Deploying to preview: 1 of 3 failed'],
  ['one deleted', [row('a'), row('b', DELETED)], '✅ Deployed to preview: 1 of 2 projects'],
  ['all deleted', [row('a', DELETED), row('b', DELETED)], '🧹 Preview deleted · preview'],
  [
    'nothing deployed, for several reasons',
    [row('a', DELETED), row('b', { ...DELETED, mark: '⏭️', words: 'Not deployed to preview' })],
    '⏸️ Not deployed to preview',
  ],
  [
    'two environments',
    [row('a'), row('b', {}, { key: { project: 'b', environment: 'Staging' } })],
    '✅ Deployed: 2 projects',
  ],
])('the heading with %s', (_, rows, heading) => {
  expect(headingOf(rendered(rows))).toBe(heading);
});

test('a row has address, commit, size, duration and log; environments are named where there are several', () => {
  const words = wordsOf(rendered([row('shop-de')]));
  expect(words).toContain('✅ shop-de shop-de.storefront.example 4f9c1d2 · 1.0 MB · 6.5 s · Log');
  const two = [row('a'), row('b', {}, { key: { project: 'b', environment: 'Staging' } })];
  expect(wordsOf(rendered(two))).toMatch(/✅ b Staging b\.storefront\.example/);
  const uuid = '0f8fad5b-d9cb-469f-a165-70867728950e';
  expect(wordsOf(rendered([row(uuid, { name: undefined })]))).toContain('✅ 0f8fad5b… ');
});

const ofStore = (store: string | undefined, shownAtMs: number, shown: Partial<RowFacts> = {}) =>
  row('shop', shown, {
    key: { project: 'shop', environment: 'preview', store },
    memory: { lastSuccess: undefined, shownAtMs },
  });

test('projects of the same name in several stores have a row each, which names the store', () => {
  const rows = mergeRows([ofStore('us1', 5), ofStore('eu1', 7), ofStore('us1', 6, BAD)]);
  expect(rows.map(({ key, memory }) => `${key.store} ${memory.shownAtMs}`)).toEqual(['eu1 7', 'us1 6']);
  const markdown = rendered([...rows, row('other')]);
  expect(wordsOf(markdown)).toMatch(/✅ shop of store eu1 .*❌ shop of store us1 .*✅ other other\./s);
  expect(wordsOf(rendered([ofStore('us1', 5)]))).not.toContain('of store');
  expect(parseRows(markdown).map(({ key }) => key.store)).toEqual(['us1', 'eu1', undefined]);
});

test.each([
  ['is replaced by a later one that knows it', [undefined, 5], [['us1', 6]], ['us1 6']],
  ['replaces an earlier one that knows it', [undefined, 7], [['us1', 6]], ['undefined 7']],
  [
    'costs none of several their rows',
    [undefined, 7],
    [
      ['us1', 6],
      ['eu1', 8],
    ],
    ['undefined 7', 'eu1 8', 'us1 6'],
  ],
  [
    'goes once all of several are later',
    [undefined, 5],
    [
      ['us1', 6],
      ['eu1', 8],
    ],
    ['eu1 8', 'us1 6'],
  ],
] as const)('a row whose store is not known %s', (_, [store, atMs], others, expected) => {
  const rows = [ofStore(store, atMs), ...others.map(([other, ms]) => ofStore(other, ms))];
  for (const given of [rows, rows.toReversed()]) {
    const merged = mergeRows(given);
    expect(merged.map(({ key, memory }) => `${key.store} ${memory.shownAtMs}`)).toEqual(expected);
    expect(mergeRows(merged)).toEqual(merged);
    expect(findRow(merged, { project: 'shop', environment: 'PREVIEW' })).toBeDefined();
    expect(findRow(merged, { project: 'shop', environment: 'preview', store: 'other' })?.key.store).toBeUndefined();
  }
});

test('a last success whose time is none is not remembered: it could not be shown', () => {
  const success = (at: string) => ({ lastSuccess: { sha: SHA, at }, shownAtMs: 5 });
  const rows = [row('a', {}, { memory: success('soon') }), row('b', {}, { memory: success('2026-01-02T03:04:05Z') })];
  expect(parseRows(rendered(rows)).map(({ key, memory }) => [key.project, memory.lastSuccess?.sha])).toEqual([
    ['a', undefined],
    ['b', SHA],
  ]);
});

test('what failed stands open below the table, everything else is folded, and the footer comes last', () => {
  const markdown = rendered([row('a'), row('b', BAD), row('c', PENDING)], 'The **footer**');
  const [open = '', folded = ''] = markdown.split('<details><summary>Details of the others</summary>');
  expect(wordsOf(open)).toContain('❌ b Detail of b');
  expect(wordsOf(open)).not.toMatch(/Detail of [ac]/);
  expect(wordsOf(folded)).toMatch(/✅ a Detail of a ⏳ c Detail of c The footer $/);
  expect(markdown.endsWith('</details>\n\n<!-- catalyst-deploy-action footer -->\n\nThe **footer**\n')).toBe(true);
  expect(rendered([row('a')])).toContain('<summary>Details</summary>');
});

test('an address can break before each dot, so that a phone shows all of it', () => {
  expect(rendered([row('shop-de')])).toContain(
    '**<a href="https://shop-de.storefront.example/">shop-de.<wbr>storefront.<wbr>example</a>**',
  );
});

const piece = fc.constantFrom(
  ...['<!-- catalyst-deploy-action row-end -->', '<!--', '-->', '\n', '\r\n', '|', '`', '<b>', '@mona', '#1', '%', '"'],
  ...['\ud83d', '\u202e', 'word', '</details>', '### ', '😀'],
);
const hostile = fc.array(piece, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''));

test('what is written is read again, whatever the names are', () => {
  fc.assert(
    fc.property(hostile, hostile, fc.boolean(), (project, environment, isHeld) => {
      const share = isHeld ? { holds: true, heldSinceMs: 7, claimedAtMs: undefined } : undefined;
      const lastSuccess = { sha: SHA, url: 'https://a.example', at: '2026-01-02T03:04:05.000Z' };
      const given = [
        row('a', {}, { key: { project, environment }, memory: { lastSuccess, shownAtMs: 9, share } }),
        row('b', BAD),
      ];
      const text = rendered(given);
      const body = renderMarked(renderGroupMarker(project), { lastSuccess: undefined, shownAtMs: undefined }, text);
      const read = parseRows(body);
      expect(JSON.parse(JSON.stringify(mergeRows(read)))).toEqual(
        JSON.parse(JSON.stringify(mergeRows(given)).toWellFormed()),
      );
      expect(parseRows(body.replaceAll('\n', '\r\n'))).toEqual(read);
      // A row's share is its own: a comment of a single preview has it in a line of its own.
      expect(readShare(body)).toBeUndefined();
      expect(toHtml(text).match(/<tr>/g)).toHaveLength(3);
    }),
    { numRuns: 200 },
  );
});

test('what somebody has broken in the hidden lines costs that row alone', () => {
  const body = rendered([row('a'), row('b')]);
  const broken = [
    body.replace(/row (%7B[^ ]*) -->/, 'row %7B -->'),
    body.replace(/row %7B[^ ]* -->/, 'row %E0%A4 -->'),
    body.replace('%22kind%22%3A%22good%22', '%22kind%22%3A%22odd%22'),
  ];
  for (const one of broken) expect(parseRows(one).map(({ key }) => key.project)).toEqual(['b']);
});

test('of two rows of a project the later one counts, and the order is the same whoever merges', () => {
  const [early, late] = [3, 8].map((shownAtMs) =>
    row('b', { durationMs: shownAtMs }, { memory: { lastSuccess: undefined, shownAtMs } }),
  );
  const all = [row('c'), early, late, row('a')].filter((one) => one !== undefined);
  for (const rows of [all, all.toReversed()]) {
    expect(mergeRows(rows).map(({ key, shown }) => [key.project, shown.durationMs])).toEqual([
      ['a', 6500],
      ['b', 8],
      ['c', 6500],
    ]);
  }
  const otherCase = row('a', {}, { key: { project: 'a', environment: 'PREVIEW' } });
  expect(mergeRows([row('a'), otherCase])).toHaveLength(1);
});

test('what does not fit is left out: first what is folded, then all below the table; never a row', () => {
  const wide = (kind: Partial<RowFacts>, project: string) => row(project, kind, { detail: '#'.repeat(20_000) });
  const some = rendered([wide({}, 'a'), wide({}, 'b'), wide(BAD, 'c'), wide({}, 'd')]);
  expect(some.length).toBeLessThan(63_000);
  expect(parseRows(some).map(({ detail }) => detail.length)).toEqual([20_000, 0, 0, 0]);
  const all = rendered([wide(BAD, 'a'), wide(BAD, 'b'), wide(BAD, 'c'), wide(BAD, 'd')]);
  expect(parseRows(all).map(({ detail }) => detail.length)).toEqual([0, 0, 0, 0]);
  expect(renderGroupComment(Array.from({ length: 30 }, (_, index) => row(`shop-${index}`)))).toBeDefined();
  expect(renderGroupComment(Array.from({ length: 300 }, (_, index) => row(`shop-${index}`)))).toBeUndefined();
});
