/** The output `result`: what docs/result.md promises is what it has, whatever is in the record; small, and without a secret. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import type { BatchUploadRecord } from '../../src/report/batch-record.ts';
import { createBatchReport } from '../../src/report/batch-report.ts';
import type { CleanupRecord } from '../../src/report/cleanup-record.ts';
import { createCleanupReport } from '../../src/report/cleanup-report.ts';
import type { DeployRecord } from '../../src/report/deploy-record.ts';
import { DEPLOY_REPORT } from '../../src/report/deploy-report.ts';
import type { GateRecord } from '../../src/report/gate-record.ts';
import { GATE_REPORT } from '../../src/report/gate-report.ts';
import type { LogsRecord } from '../../src/report/logs-record.ts';
import { createLogsReport } from '../../src/report/logs-report.ts';
import type { PlanRecord, RedirectsRecord } from '../../src/report/redirects-record.ts';
import { createRedirectsReport } from '../../src/report/redirects-report.ts';
import { headingText, MAX_RESULT_BYTES, renderResult } from '../../src/report/result.ts';
import { BATCH, CLEANUP, DEPLOY, GATE, LOGS, REDIRECTS } from './full-records.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../docs/result.md', import.meta.url)), 'utf8');

const RESULTS: Readonly<Record<string, () => string>> = {
  'deploy and rollback': () => renderResult(DEPLOY as DeployRecord, DEPLOY_REPORT),
  redirects: () => renderResult(REDIRECTS as RedirectsRecord, createRedirectsReport()),
  'batch-upload': () =>
    renderResult(
      BATCH as BatchUploadRecord,
      createBatchReport((path) => path),
    ),
  'preview-cleanup': () =>
    renderResult(
      CLEANUP as CleanupRecord,
      createCleanupReport(() => ''),
    ),
  'preview-gate': () => renderResult(GATE as GateRecord, GATE_REPORT),
  logs: () => renderResult(LOGS as LogsRecord, createLogsReport()),
};

/** `path: type` of each value that is no object or list, as the page names it. */
function fieldsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return fieldsOf(value[0], `${path}[]`);
  if (typeof value !== 'object' || value === null) return [`${path}: ${value === null ? 'null' : typeof value}`];
  return Object.entries(value).flatMap(([name, item]) => {
    if (isCountOfAList(name, value)) return [];
    const at = path === '' ? name : `${path}.${name}`;
    return /^(rehearsal|restored)\.verification$/.test(at) ? [`${at}: object`] : fieldsOf(item, at);
  });
}

/** The page says of all lists at once that they have one. */
function isCountOfAList(name: string, within: object): boolean {
  return name.endsWith('_count') && Array.isArray(Object(within)[name.replace(/_count$/, '')]);
}

function documented(section: string): string[] {
  const [, text = ''] = PAGE.split(`\n## ${section}\n`);
  const [own = ''] = text.split('\n## ');
  return [...own.matchAll(/^\| `([^`]+)` \| (\w+) \|/gm)].map(([, path, type]) => `${path}: ${type}`);
}

describe.each(Object.keys(RESULTS))('of %s', (section) => {
  test('it has the fields of the page, with their types, and no others', () => {
    const fields = fieldsOf(JSON.parse(RESULTS[section]?.() ?? ''));
    const promised = [...documented('Every action'), ...documented(section)];
    expect(promised.filter((one, index) => promised.indexOf(one) !== index)).toEqual([]);
    const without = ['deploy and rollback', 'preview-gate'].includes(section)
      ? []
      : ['commit.url: string', 'commit.origin: string'];
    expect(fields.sort()).toEqual(promised.filter((one) => !without.includes(one)).sort());
  });

  test('each list has its count', () => {
    expect(listsWithoutCount(JSON.parse(RESULTS[section]?.() ?? ''))).toEqual([]);
  });
});

function listsWithoutCount(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Object.entries(value).filter(([name, item]) => Array.isArray(item) && !(`${name}_count` in value));
  const lists = Array.isArray(value) ? [] : own.map(([name]) => name);
  return [...lists, ...Object.values(value).flatMap(listsWithoutCount)];
}

test('names what a reader looks for first', () => {
  expect(
    JSON.parse(renderResult({ ...DEPLOY, failure: undefined } as unknown as DeployRecord, DEPLOY_REPORT)),
  ).toMatchObject({
    schema: 1,
    action: 'deploy',
    success: true,
    failure: null,
    url: 'https://shop.example',
    commit: { sha: 'a'.repeat(40), origin: '#12' },
    project: { name: 'shop' },
    bundle: { files_count: 1 },
    duration_seconds: 65.4,
    truncated: false,
  });
});

describe('whatever its size', () => {
  const many = Array.from({ length: 5000 }, (_, index) => `Warning ${index}: ${'ä'.repeat(1000)}`);

  test('it fits into an environment variable, with counts of everything', () => {
    const json = renderResult({ ...(DEPLOY as DeployRecord), warnings: many }, DEPLOY_REPORT);
    expect(Buffer.byteLength(json)).toBeLessThanOrEqual(MAX_RESULT_BYTES);
    const { warnings, warnings_count: count, truncated, url } = JSON.parse(json);
    expect({ count, truncated, url }).toEqual({ count: 5000, truncated: true, url: 'https://shop.example' });
    expect(warnings.length).toBeGreaterThan(5);
    expect(warnings[0]).toMatch(/^Warning 0: ä+…$/);
  });

  test('lists that a record has cut keep the count of the record', () => {
    const { plan: full, ...record } = REDIRECTS as RedirectsRecord;
    const plan = { ...(full as PlanRecord), added: 90_000 };
    const rows = { named: 1, unnamed: 0, first: [] };
    const result = JSON.parse(renderResult({ ...record, plan, rejected: rows }, createRedirectsReport()));
    expect(result.plan).toMatchObject({ add: [{ from: '/old', to: '/new' }], add_count: 90_000 });
    expect(result.rejected).toEqual({ rows: [], rows_count: 2 });
  });

  test('without room for anything, it still says how the run ended', () => {
    const huge = `${'\u0001'.repeat(140)}`;
    const variables = { [huge]: huge };
    const report = { result: () => Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`${n}`, { variables }])) };
    const json = renderResult(DEPLOY as DeployRecord, report as never);
    expect(JSON.parse(json)).toEqual({
      schema: 1,
      action: 'deploy',
      version: '1.2.3',
      outcome: 'deployed',
      success: false,
      truncated: true,
    });
  });
});

test("the title is the summary's heading, as a person reads it", () => {
  expect(
    headingText(
      '## ❌ Not deployed: <code>a&#95;b</code> &#60;x&#62; **to** <a href="x">1&#35;<!-- -->2</a>: +3&nbsp;~1\n\nx',
    ),
  ).toBe('❌ Not deployed: a_b <x> to 1#2: +3 ~1');
  expect(headingText('nothing')).toBeUndefined();
});

test('it is no command for the runner, wherever a step prints it', () => {
  const name = 'a##[error]b::error::c';
  const json = renderResult({ ...(DEPLOY as DeployRecord), project: { name } }, DEPLOY_REPORT);
  expect(json).not.toContain('##[');
  expect(json).toMatch(/^\{"[^\n]*$/);
  expect(JSON.stringify(JSON.parse(json))).toContain(name);
});
