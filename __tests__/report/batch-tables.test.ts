/** What is said of a batch that did not arrive as it was sent. */
import { expect, test } from '@jest/globals';
import type { BatchRecord, BatchUploadRecord } from '../../src/report/batch-record.ts';
import { corruptedList } from '../../src/report/batch-tables.ts';
import { corrupted, taken } from './batch-records.ts';

const listOf = (...batches: BatchRecord[]) => corruptedList({ batches } as unknown as BatchUploadRecord) ?? '';

test('what the service does not say is not reported, whether it describes the file or not', () => {
  const { seen: _, ...bare } = corrupted(2);
  for (const batch of [bare, { ...bare, seen: {} }] as BatchRecord[]) {
    const text = listOf(taken(1), batch);
    expect(text.match(/not reported/g)).toHaveLength(2);
    expect(text).not.toContain('ETag of storage');
  }
  expect(listOf(corrupted(2))).not.toContain('not reported');
  expect(listOf(taken(1))).toBe('');
});
