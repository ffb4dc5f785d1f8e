/** The page of a deployment: what stands open, and what unfolds. */
import { expect, test } from '@jest/globals';
import type { DeployRecord } from '../../src/report/deploy-record.ts';
import { renderDeploySummary } from '../../src/report/deploy-summary.ts';
import { FAILURE } from './run-records.ts';
import { SUCCESSES, USUAL } from './usual-deployment.ts';

const MB = 2 ** 20;

/** What a reader sees before anything is opened. */
const openParts = (markdown: string) => markdown.split('<details>')[0]?.trim() ?? '';
const foldsOf = (markdown: string) =>
  [...markdown.matchAll(/^<details( open)?><summary>(.*)<\/summary>$/gm)].map(([, isOpen, title]) => ({
    title: (title ?? '')
      .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
      .replaceAll('&nbsp;', ' '),
    isOpen: isOpen !== undefined,
  }));
const zipOf = (sizeBytes: number): DeployRecord => ({
  ...USUAL,
  ...(USUAL.bundle !== undefined && { bundle: { ...USUAL.bundle, sizeBytes } }),
});

test('a success is a headline, its address, a line of facts, and folds', () => {
  const markdown = renderDeploySummary(USUAL);
  expect(openParts(markdown)).toBe(
    [
      '## ✅ Deployed to production',
      '**<a href="https://demo-storefront-61bce7f6.storefront.example/">https&#58;//demo-storefront-61bce7f6.storefront.example</a>**',
      '<code>demo-storefront</code> · <a href="https://github.com/acme/storefront/commit/dcad42c">dcad42c</a> on main · 1.2&nbsp;MB in 40&nbsp;files · 1&nbsp;min&nbsp;5&nbsp;s',
    ].join('\n\n'),
  );
  expect(foldsOf(markdown)).toEqual([
    { title: '✅ Works: 3 pages, first byte after up to 640 ms, then 38 ms; its build answers', isOpen: false },
    { title: 'Phases (slowest: Follow deployment, 59 s)', isOpen: false },
    { title: 'Bundle: all limits below 5 % 🟢', isOpen: false },
    { title: 'Largest 10 files', isOpen: false },
    { title: 'Kinds of files', isOpen: false },
    { title: 'Ids for support and rollback', isOpen: false },
  ]);
});

test.each(SUCCESSES)('ids are with the ids alone: %s', (_, record) => {
  const [others = '', ids = ''] = renderDeploySummary(record).split('<summary>Ids for support and rollback</summary>');
  const machineIds = [
    record.project.uuid,
    record.deployments[0]?.uuid,
    record.correlationId,
    record.bundle?.sha256,
    record.bundle?.buildId,
    '2026-11-29 19:56:11 UTC',
  ];
  for (const id of machineIds) {
    expect(ids.split(id ?? 'none')).toHaveLength(2);
    expect(others).not.toContain(id);
  }
});

test('`short` is what stands open, with the line of verification', () => {
  const short = renderDeploySummary(USUAL, 'short');
  expect(short).toBe(
    `${openParts(renderDeploySummary(USUAL))}\n\n✅ Works&#58; 3 pages, first byte after up to 640 ms, then 38 ms&#59; build Xb7Qm2Kf0aZsLr9cVw1Te answers\n`,
  );
});

test.each([
  [3 * MB, 'all limits below 5 % 🟢', false],
  [6 * MB, 'all limits below 10 % 🟢', false],
  [15 * MB, 'all limits below 25 % 🟢', false],
  [30 * MB, 'Zip at 47 % of its limit 🟢', false],
  [44.8 * MB, 'Zip at 70 % of its limit 🟢', false],
  [45 * MB, 'Zip at 70 % of its limit 🟡', true],
  [57.7 * MB, 'Zip at 90 % of its limit 🔴', true],
])('a zip of %d bytes: %s, and unfolded: %s', (sizeBytes, words, isOpen) => {
  expect(foldsOf(renderDeploySummary(zipOf(Math.floor(sizeBytes))))).toContainEqual({
    title: `Bundle: ${words}`,
    isOpen,
  });
});

test('the table of limits has all of them, and the variables their kinds', () => {
  const markdown = renderDeploySummary(zipOf(30 * MB));
  for (const row of [
    '| Zip | 30.0 MB of 64.0 MB | 🟢 47&nbsp;% |',
    '| Unzipped | 2.1 MB of 512.0 MB | 🟢 &lt;1&nbsp;% |',
    '| Files | 40 of 1,000 | 🟢 4&nbsp;% |',
    '| worker.js | 1.4 MB of 40.0 MB | 🟢 3&nbsp;% |',
    '| Largest asset | 19.5 kB of 25.0 MB | 🟢 &lt;1&nbsp;% |',
  ])
    expect(markdown).toContain(row);
  expect(markdown).toContain(
    'Variables (🔒 secret): <code>BIGCOMMERCE&#95;STORE&#95;HASH</code>, 🔒&nbsp;<code>BIGCOMMERCE&#95;STOREFRONT&#95;TOKEN</code>',
  );
});

test('a failure says whether the storefront changed, what to do, and where it stopped', () => {
  const { verification: _, githubDeployment: _made, artifact: _stored, ...known } = USUAL;
  const record: DeployRecord = {
    ...known,
    outcome: 'error',
    durationMs: 600,
    deployments: [],
    urls: [],
    remote: { stage: 'nothing-sent', deploymentUuid: undefined },
    phases: [
      { title: 'Package', startMs: 0, endMs: 400, state: 'done' },
      { title: 'Find project', startMs: 400, endMs: 600, state: 'failed' },
      { title: 'Update GitHub', startMs: 600, endMs: 600, state: 'done' },
    ],
    failure: { ...FAILURE, effect: 'The storefront is unchanged.' },
  };
  const open = openParts(renderDeploySummary(record));
  const [heading, storefront, ...others] = open.split('\n\n');
  expect(heading).toBe('## ❌ Not deployed to production: Its title');
  expect(storefront).toBe('The storefront is unchanged.');
  expect(others.join('\n')).toContain('**What to do:** Mend it.');
  expect(others.at(-1)).toBe(
    '<code>demo-storefront</code> · <a href="https://github.com/acme/storefront/commit/dcad42c">dcad42c</a> on main · 1.2&nbsp;MB in 40&nbsp;files · stopped at <em>Find project</em> after 0.6&nbsp;s · correlation id <code>a64d076d-b898-4d4e-a429-6271e3a978c1</code>',
  );
  expect(foldsOf(renderDeploySummary(record))[0]).toEqual({ title: 'Phases (slowest: Package, 0.4 s)', isOpen: false });
});

test('phases stand open, with a chart, after a failure that took ten seconds', () => {
  const markdown = renderDeploySummary({ ...USUAL, outcome: 'unknown', failure: FAILURE });
  expect(foldsOf(markdown)).toContainEqual({ title: 'Phases (slowest: Follow deployment, 59 s)', isOpen: true });
  expect(markdown).toContain('```mermaid');
  expect(markdown).toContain('| ✅ Find project | demo-storefront is 61bce7f6… | 0.1 s |');
});

test('warnings stand open in both', () => {
  for (const detail of ['full', 'short'] as const) {
    const markdown = renderDeploySummary({ ...USUAL, warnings: ['Mind this.'] }, detail);
    expect(markdown).toContain('⚠️ Mind this.');
    expect(markdown.indexOf('Mind this.')).toBeGreaterThan(markdown.indexOf('Works'));
    if (detail === 'full') expect(markdown.indexOf('Mind this.')).toBeLessThan(markdown.indexOf('Phases ('));
  }
});

test('a run that knows nothing yet has no folds', () => {
  const bare: DeployRecord = {
    ...{ startedAt: USUAL.startedAt, durationMs: 12, correlationId: 'c', networkUsed: false, phases: [], warnings: [] },
    ...{ outcome: 'error', dryRun: false, project: {}, deployments: [], urls: [], variables: [] },
    remote: { stage: 'nothing-sent', deploymentUuid: undefined },
    failure: FAILURE,
  };
  expect(renderDeploySummary(bare)).not.toContain('<details>');
});
