import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderCheckRun } from '../../src/report/check-run-text.ts';
import type { DeployOutcome, DeployRecord } from '../../src/report/deploy-record.ts';
import { expectTame, wordsOf } from '../action/github-comment-reading.ts';

const RUN_URL = 'https://github.com/acme/shop/actions/runs/7';
const OUTCOMES = ['deployed', 'dry-run', 'skipped', 'failed', 'conflict', 'unknown', 'cancelled', 'error'] as const;

function record(overrides: Partial<DeployRecord> = {}): DeployRecord {
  return {
    outcome: 'deployed',
    startedAt: new Date(0),
    durationMs: 65_400,
    correlationId: 'c',
    networkUsed: true,
    remote: { stage: 'completed', deploymentUuid: undefined },
    phases: [],
    warnings: [],
    dryRun: false,
    project: {},
    deployments: [],
    urls: ['https://shop.example'],
    variables: [],
    ...overrides,
  };
}

test('a success has the address, and only a success is green', () => {
  expect(renderCheckRun(record(), RUN_URL)).toMatchObject({ conclusion: 'success', title: 'Deployed in 1 min 5 s' });
  expect(wordsOf(renderCheckRun(record(), RUN_URL).summary)).toContain('https://shop.example');
  const green = OUTCOMES.filter((outcome) => renderCheckRun(record({ outcome }), RUN_URL).conclusion === 'success');
  expect(green).toEqual(['deployed']);
});

test('the title names the environment, and says of each failure that nothing was deployed', () => {
  const environment = 'production';
  const titleOf = (changes: Partial<DeployRecord>) =>
    renderCheckRun(record({ environment, ...changes }), RUN_URL).title;
  expect(titleOf({})).toBe('Deployed to production in 1 min 5 s');
  const failure = { title: 'It broke', message: 'The thing broke.', details: [], fix: undefined };
  for (const outcome of ['error', 'conflict', 'rejected'] as const)
    expect(titleOf({ outcome, failure })).toBe('Not deployed to production: It broke');
  expect(titleOf({ outcome: 'unknown', failure })).toBe('It broke');
  expect(titleOf({ outcome: 'cancelled' })).toBe('Not deployed to production: cancelled');
});

test('a failure has no address, and says what to do', () => {
  const failure = { title: 'It broke', message: 'The thing broke.', details: [], fix: 'Mend `it`.' };
  const { title, summary } = renderCheckRun(record({ outcome: 'failed', failure }), RUN_URL);
  expect(title).toBe('It broke');
  expect(wordsOf(summary)).toContain('What to do: Mend it .');
  expect(summary).not.toContain('shop.example');
});

test('without any text, the title is shown', () => {
  expect(renderCheckRun(record({ outcome: 'cancelled' }), undefined)).toEqual({
    conclusion: 'cancelled',
    title: 'Not deployed: cancelled',
    summary: 'Not deployed: cancelled',
  });
});

test('the longest texts fit', () => {
  const long = '@'.repeat(20_000);
  const failure = { title: long, message: long, details: [long], fix: long };
  expect(renderCheckRun(record({ outcome: 'error', failure }), RUN_URL).summary.length).toBeLessThanOrEqual(65_535);
});

test('any text fits, and nothing in it becomes active', () => {
  const anyText = fc.string({ unit: 'binary', maxLength: 9000 });
  fc.assert(
    fc.property(
      fc.constantFrom<DeployOutcome>(...OUTCOMES),
      anyText,
      anyText,
      anyText,
      (outcome, title, message, fix) => {
        const failure = { title, message, details: [message], fix };
        const text = renderCheckRun(record({ outcome, failure }), RUN_URL);
        expect(text.title.length).toBeLessThanOrEqual(200);
        expect(text.title).not.toBe('');
        expect(text.summary.length).toBeLessThanOrEqual(65_535);
        expectTame(text.summary, ['https://github.com/acme/shop/', 'https://shop.example']);
      },
    ),
    { numRuns: 50 },
  );
});
