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
  ['🧹 Deleted 1 preview', 'deleted (1 preview)', { outcome: 'deleted', previews: [preview('gone')] }],
  ['🧹 Nothing to delete', 'nothing (there was nothing to delete)', { previews: [preview('kept')] }],
  [
    '🧪 Dry run: 1 preview would be deleted',
    'would be deleted',
    { outcome: 'dry-run', previews: [preview('would-go')] },
  ],
  ['🧪 Dry run: nothing would be deleted', 'nothing was changed', { outcome: 'dry-run' }],
  ['❌ Its title', 'error (deleted: 2 previews)', { outcome: 'error', failure: FAILURE, previews: gone }],
  ['🚫 Its title', 'cancelled', { outcome: 'cancelled', failure: FAILURE }],
  ['⏭️ Skipped', 'skipped', { outcome: 'skipped', skipped: { reason: 'fork', message: 'A fork.' } }],
] as [string, string, Partial<CleanupRecord>][])('%s', (heading, line, changes) => {
  expect(renderCleanupSummary(record(changes)).split('\n')[0]).toBe(`## ${heading}`);
  expect(lastCleanupLines(record(changes))[0]).toContain(line);
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
      expect([...html.matchAll(/<tbody>[\s\S]*?<\/tbody>/g)][0]?.[0].match(/<tr>/g)).toHaveLength(1);
    }),
  );
});
