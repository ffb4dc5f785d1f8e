import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { marked } from 'marked';
import type { CleanupRecord, PreviewFate, PreviewRecord } from '../../src/report/cleanup-record.ts';
import { lastCleanupLines, renderCleanupSummary } from '../../src/report/cleanup-summary.ts';
import { FAILURE, RUN } from './run-records.ts';

function preview(fate: PreviewFate, number = 7): PreviewRecord {
  const pullRequestUrl = `https://github.com/acme/shop/pull/${number}`;
  return {
    project: `shop-0a1b2c3d-pr-${number}`,
    uuid: `u${number}`,
    pullRequest: number,
    pullRequestUrl,
    fate,
    why: 'so',
  };
}

function record(changes: Partial<CleanupRecord> = {}): CleanupRecord {
  return {
    ...RUN,
    phases: [],
    outcome: 'nothing',
    dryRun: false,
    previews: [],
    ...changes,
  };
}

const gone = [preview('gone', 1), preview('gone', 2), preview('kept', 3)];

test.each([
  ['🧹 Deleted 2 previews', 'deleted (2 previews)', { outcome: 'deleted', previews: gone }],
  [
    '🧹 Deleted the preview of &#35;<!-- -->7',
    'deleted (1 preview)',
    { outcome: 'deleted', previews: [preview('gone')] },
  ],
  ['🧹 Nothing to delete', 'nothing (there was nothing to delete)', { previews: [preview('kept')] }],
  [
    '🧪 Dry run: the preview of &#35;<!-- -->7 would be deleted',
    'dry-run (the preview of #7 would be deleted; nothing was changed)',
    { outcome: 'dry-run', previews: [preview('would-go')] },
  ],
  ['🧪 Dry run: nothing would be deleted', 'nothing was changed', { outcome: 'dry-run' }],
  ['❌ Its title', 'error (deleted: 2 previews)', { outcome: 'error', failure: FAILURE, previews: gone }],
  ['❌ Nothing deleted: Its title', 'error (deleted: 0 previews)', { outcome: 'error', failure: FAILURE }],
  ['🚫 Its title', 'cancelled', { outcome: 'cancelled', failure: FAILURE }],
  ['⏭️ Skipped: nothing deleted', 'skipped', { outcome: 'skipped', skipped: { reason: 'fork', message: 'A fork.' } }],
] as [string, string, Partial<CleanupRecord>][])('%s', (heading, line, changes) => {
  expect(renderCleanupSummary(record(changes)).split('\n')[0]).toBe(`## ${heading}`);
  expect(lastCleanupLines(record(changes))[0]).toContain(line);
});

test('with nothing to delete it is two lines, and previews that stay are folded', () => {
  const note = 'The store has no previews of this repository.';
  const phases = [{ title: 'Find previews', startMs: 0, endMs: 400, state: 'done' as const }];
  const nothing = record({ note, phases, durationMs: 400 });
  expect(renderCleanupSummary(nothing)).toBe(
    '## 🧹 Nothing to delete\n\nThe store has no previews of this repository · 0.4 s\n',
  );
  const kept = renderCleanupSummary(record({ previews: [preview('kept', 3), preview('kept', 4)], durationMs: 400 }));
  expect(kept).toMatch(/^## 🧹 Nothing to delete\n\n2 kept · 0\.4 s\n\n<details><summary>✋ Kept: 2<\/summary>\n/);
});

test('the only preview is in the line of facts; of many, there are numbers, and folds that the short one leaves out', () => {
  expect(renderCleanupSummary(record({ outcome: 'deleted', previews: [preview('gone')] }), 'short')).toBe(
    '## 🧹 Deleted the preview of &#35;<!-- -->7\n\n<code>shop-0a1b2c3d-pr-7</code> · <a href="https://github.com/acme/shop/pull/7">so</a> · 1 min 5 s\n',
  );
  const many = record({ outcome: 'deleted', previews: gone });
  expect(renderCleanupSummary(many, 'short')).toBe('## 🧹 Deleted 2 previews\n\n1 kept · 1 min 5 s\n');
  expect(renderCleanupSummary(many).match(/<summary>.*<\/summary>/g)).toEqual([
    '<summary>🧹 Deleted: 2</summary>',
    '<summary>✋ Kept: 1</summary>',
    '<summary>Ids for support</summary>',
  ]);
});

test('a failure says what was deleted all the same; what failed stands open', () => {
  const failed = (...fates: PreviewFate[]) => {
    const previews = fates.map((fate, index) => preview(fate, index + 1));
    return renderCleanupSummary(record({ outcome: 'error', failure: FAILURE, previews }));
  };
  expect(failed('failed', 'waiting')).toMatch(/^## ❌ Nothing deleted: Its title\n\nIt broke\.\n/);
  expect(failed('gone', 'gone', 'failed', 'uncertain')).toContain(
    '\n\n2 previews were deleted; 1 may have been deleted.\n\n',
  );
  expect(failed('gone')).toContain('\n\n1 preview was deleted.\n\n');
  expect(failed('uncertain')).toContain('\n\n1 preview may have been deleted.\n\n');
  expect(failed('failed', 'kept').match(/<details.*<\/summary>/g)).toEqual([
    '<details open><summary>❌ Not deleted: 1</summary>',
    '<details><summary>✋ Kept: 1</summary>',
    '<details><summary>Ids for support</summary>',
  ]);
  expect(failed('failed')).toContain(' · correlation id <code>the-correlation-id</code>\n');
  const said = { ...FAILURE, title: 'Preview not deleted: GitHub could not be asked' };
  expect(renderCleanupSummary(record({ outcome: 'error', failure: said }))).toMatch(/^## ❌ Preview not deleted&#58; /);
});

test('what was deleted comes before what was not, and a long list is cut', () => {
  const fates = ['kept', 'waiting', 'gone', 'uncertain', 'failed'] as const;
  const summary = renderCleanupSummary(record({ previews: fates.map((fate, index) => preview(fate, index + 1)) }));
  expect([...summary.matchAll(/-pr-(\d)<\/code>/g)].map(([, number]) => number)).toEqual(['3', '5', '4', '2', '1']);
  const many = Array.from({ length: 502 }, (_, index) => preview('kept', index + 1));
  expect(renderCleanupSummary(record({ previews: many }))).toContain('and 2 more: see the job log');
});

test('texts of others stay texts, in a table too', () => {
  const hostile = fc.oneof(
    fc.constantFrom('</td><img src=x onerror=alert(1)>', 'a | b\n| c', '[a](javascript:x)', '@everyone #1', '-->'),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(hostile, hostile, hostile, hostile, (project, why, note, message) => {
      const previews = [{ ...preview('failed'), project, why }];
      const summary = renderCleanupSummary(
        record({ outcome: 'error', previews, note, failure: { ...FAILURE, message } }),
      );
      const html = marked.parse(summary, { gfm: true, async: false });
      expect(html.replace(/<!-- -->/g, '')).not.toMatch(/<img|<script|<!--|javascript:x"|onerror=alert\(1\)>/);
      expect([...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
        'https://github.com/acme/shop/pull/7',
      ]);
      expect(html.match(/<li>\s*<a href/g)).toHaveLength(1);
    }),
  );
});
