import { expect, test } from '@jest/globals';
import { renderCheckRun } from '../../src/report/check-run-text.ts';
import type { DeployRecord } from '../../src/report/deploy-record.ts';
import { renderDeploySummary } from '../../src/report/deploy-summary.ts';
import type { SiteUrlRecord } from '../../src/report/site-url-record.ts';
import { siteUrlLine, siteUrlWords } from '../../src/report/site-url-words.ts';
import { DEPLOY } from './full-records.ts';

const NEW = 'https://new.example';
const OLD = 'https://old.example';
const FROM_OLD = { url: NEW, before: OLD };

test.each<[Omit<SiteUrlRecord, 'channelId'>, string]>([
  [{ state: 'updated', ...FROM_OLD }, `${NEW} (channel 3; before: ${OLD})`],
  [{ state: 'unchanged', url: NEW, before: `${NEW}/` }, `${NEW} (channel 3; as before)`],
  [{ state: 'planned', url: undefined }, 'channel 3: would be set to the address of the deployment'],
  [{ state: 'planned', url: NEW }, `channel 3: would be set to ${NEW}`],
  [{ state: 'updating', ...FROM_OLD }, `channel 3: may or may not be set to ${NEW}, before: ${OLD}`],
  [{ state: 'unknown', ...FROM_OLD }, `channel 3: may or may not be set to ${NEW}, before: ${OLD}`],
  [{ state: 'failed', ...FROM_OLD }, `${OLD} (channel 3; not set to ${NEW})`],
  [{ state: 'failed', url: NEW }, `channel 3: not set to ${NEW}`],
  [{ state: 'failed', url: undefined }, 'channel 3: not set'],
  [{ state: 'reading', url: NEW }, `channel 3: not set to ${NEW}`],
  [{ state: 'kept', url: NEW }, `channel 3: not set to ${NEW}`],
])('%j in the log', (record, line) => {
  expect(siteUrlLine({ channelId: 3, ...record })).toBe(line);
});

test('the summary links the addresses, and what is no address stays text', () => {
  expect(siteUrlWords({ channelId: 3, state: 'updated', ...FROM_OLD })).toBe(
    '<a href="https://new.example/">https&#58;//new.example</a> (channel 3; before: <a href="https://old.example/">https&#58;//old.example</a>)',
  );
  const hostile = { url: NEW, before: 'javascript:alert(1) <img> @somebody' };
  expect(siteUrlWords({ channelId: 3, state: 'updated', ...hostile })).not.toMatch(/<img>|href="javascript|@somebody/);
});

test('a deployment that is live, with a site URL that was not updated, is no tick and no success of a check', () => {
  const { failure, source: _source, restored: _restored, ...known } = DEPLOY as unknown as DeployRecord;
  const record: DeployRecord = { ...known, verification: { ...DEPLOY.verification, state: 'healthy' } };
  expect(renderDeploySummary(record)).toMatch(/^## ✅ Deployed to review\n/);
  expect(renderCheckRun(record, undefined).conclusion).toBe('success');
  const failed: DeployRecord = { ...record, ...(failure !== undefined && { failure }) };
  expect(renderDeploySummary(failed)).toMatch(/^## ⚠️ Deployed to review, but setting the site URL failed\n/);
  expect(renderDeploySummary(failed)).toContain('Mend it.');
  expect(renderCheckRun(failed, undefined)).toMatchObject({
    conclusion: 'failure',
    title: 'Deployed to review in 1 min 5 s, but setting the site URL failed',
  });
});
