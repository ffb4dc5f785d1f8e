import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { marked } from 'marked';
import type { DeployRecord } from '../../src/report/deploy-record.ts';
import { renderDeploySummary } from '../../src/report/deploy-summary.ts';
import { renderGantt } from '../../src/report/gantt.ts';
import { code, limitBytes, link, text } from '../../src/report/markdown.ts';

const HOSTILE = [
  '</code></td></table><script>alert(1)</script>',
  '`code` **bold** _it_ ~~no~~ [x](javascript:alert(1)) ![i](http://evil/x.png) <img src=x onerror=y>',
  '| a | b |\n|---|---|\n| c | d |',
  '```\nfence\n```\n# heading\n- item\n1. item\n> quote\n---',
  '@octocat #1 acme/shop#2 https://evil.example www.evil.example',
  '&lt;script&gt; &#60;b&#62; \\` \u202etxt.exe \u0000\u001b[31m',
].join('\n');

function record(overrides: Partial<DeployRecord> = {}): DeployRecord {
  return {
    outcome: 'deployed',
    startedAt: new Date('2026-01-02T03:04:05Z'),
    durationMs: 65_400,
    correlationId: '00000000-0000-4000-8000-000000000000',
    dryRun: false,
    networkUsed: true,
    remote: { stage: 'completed', deploymentUuid: undefined },
    project: { uuid: '11111111-1111-4111-8111-111111111111', name: 'shop' },
    deployments: [{ uuid: '22222222-2222-4222-8222-222222222222' }],
    urls: ['https://shop.example'],
    variables: [{ key: 'REGION', type: 'plain_text' }],
    phases: [
      { title: 'Package', startMs: 0, endMs: 1200, state: 'done', result: '3 files' },
      { title: 'Upload', startMs: 1200, endMs: 60_000, state: 'failed' },
    ],
    warnings: [],
    bundle: {
      path: '/tmp/bundle.zip',
      sizeBytes: 60 * 2 ** 20,
      sha256: 'ab'.repeat(32),
      files: [
        { name: 'worker.js', sizeBytes: 30 * 2 ** 20 },
        { name: 'assets/a.png', sizeBytes: 5 },
      ],
      unzippedBytes: 30 * 2 ** 20 + 5,
      warnings: [],
      notes: [],
    },
    ...overrides,
  };
}

/** Elements that a reader's browser would act on. */
const elementsOf = (html: string) =>
  [...html.matchAll(/<\/?([a-z][a-z0-9]*)/gi)].map((match) => match[1]?.toLowerCase());

test('hostile text stays text: it adds no element to the page and no row to a table', () => {
  const calm = marked.parse(renderDeploySummary(hostileRecord('calm')), { async: false });
  const wild = marked.parse(renderDeploySummary(hostileRecord(HOSTILE)), { async: false });
  // Line breaks, places to break, and code where the text has backticks, are all that may come on top.
  const others = (html: string) =>
    elementsOf(html).filter((name) => name !== 'br' && name !== 'wbr' && name !== 'code');
  expect(others(wild)).toEqual(others(calm));
});

function hostileRecord(hostile: string): DeployRecord {
  return record({
    outcome: 'failed',
    project: { name: hostile, uuid: hostile },
    deployments: [{ uuid: hostile, failure: { code: hostile, meaning: hostile } }],
    failure: { title: hostile, message: hostile, details: [hostile, hostile], fix: hostile },
    warnings: [hostile],
    variables: [{ key: hostile, type: 'secret' }],
    commit: { sha: hostile, url: 'https://github.com/acme/shop/commit/1', origin: hostile },
    phases: [{ title: 'Upload', startMs: 0, endMs: 5, state: 'failed', result: hostile }],
    bundle: {
      path: hostile,
      sizeBytes: 1,
      sha256: hostile,
      files: [{ name: hostile, sizeBytes: 1 }],
      unzippedBytes: 1,
      warnings: [],
      notes: [],
    },
  });
}

test('any text, as text or as code, is one inline piece that reads as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab 01.-/,:@#*_`~[]()<>&"\'|\\!+={}^$%?;www.') }), (value) => {
      for (const piece of [text(value), code(value)]) {
        const html = marked.parse(`x ${piece} y`, { async: false });
        expect(elementsOf(html).filter((name) => name !== 'code')).toEqual(['p', 'p']);
      }
    }),
    { numRuns: 500 },
  );
});

test('a link goes to http and https only', () => {
  expect(link('x', 'javascript:alert(1)')).not.toContain('href');
  expect(link('x', 'https://a.example/"><script>')).not.toContain('<script>');
});

test('is far under 1 MiB for any input', () => {
  const long = 'ä|<'.repeat(200_000);
  const many = Array.from({ length: 5000 }, (_, index) => `${long.slice(0, 3000)}${index}`);
  const markdown = renderDeploySummary(
    record({
      outcome: 'error',
      failure: { title: 'x', message: long, details: many, fix: long },
      warnings: many,
      variables: many.map((key) => ({ key, type: 'secret' })),
      project: { name: long },
      bundle: {
        path: '',
        sizeBytes: 1,
        sha256: '',
        unzippedBytes: 1,
        warnings: [],
        notes: [],
        files: many.map((name, index) => ({ name: `${name}.${index}x`, sizeBytes: index })),
      },
    }),
  );
  expect(Buffer.byteLength(limitBytes(markdown, 1000 * 1024))).toBeLessThanOrEqual(1000 * 1024);
});

test('limitBytes cuts at a line and says so, never inside a character', () => {
  const cut = limitBytes(`${'ü'.repeat(50)}\n`.repeat(50), 1000);
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(1000);
  expect(cut).toContain('Cut here');
  expect(cut).not.toContain('\uFFFD');
});

test.each([
  ['deployed', '✅ Deployed'],
  ['dry-run', 'nothing was sent'],
  ['failed', '❌ Its title'],
  ['conflict', '⛔ Not deployed&#58; Its title'],
  ['unknown', '❓ Its title'],
  ['cancelled', '🚫 Its title'],
  ['error', '❌ Not deployed&#58; Its title'],
] as const)('the heading of %s says %j', (outcome, words) => {
  const failure = { title: 'Its title', message: 'm', details: [], fix: undefined };
  const green = outcome === 'deployed' || outcome === 'dry-run';
  const heading = renderDeploySummary(record(green ? { outcome } : { outcome, failure })).split('\n')[0];
  expect(heading).toContain(words.replace('&#58;', ':'));
});

test('several problems are a list, and backticks of our own become code', () => {
  const details = ['one: use `this`', 'two: use that'];
  const summary = renderDeploySummary(
    record({ outcome: 'error', failure: { title: 't', message: 'm', details, fix: 'Set `x`.' } }),
  );
  expect(summary).toContain('\n\n- one&#58; use <code>this</code>\n- two&#58; use that\n\n**What to do:**');
  expect(summary).toContain('Set <code>x</code>');
});

test('an address is shown only when it was deployed', () => {
  expect(renderDeploySummary(record())).toContain('href="https://shop.example/"');
  expect(renderDeploySummary(record({ outcome: 'unknown' }))).not.toContain('href="https://shop.example/"');
});

test('the gantt has a bar a phase, and the axis at most ten ticks', () => {
  const summary = renderDeploySummary(record());
  expect(summary).toContain('Package :00:00:00.000, 00:00:01.200');
  expect(summary).toContain('Upload :crit, 00:00:01.200, 00:01:00.000');
  expect(summary).toContain('tickInterval 10second');
});

test('a bar of the gantt is called as its phase is, but for what Mermaid would read as syntax', () => {
  const phase = { state: 'done' as const, startMs: 0, endMs: 1000 };
  expect(renderGantt([{ ...phase, title: "Read the site's redirects" }])).toContain(
    '    Read the site’s redirects :00',
  );
  expect(renderGantt([{ ...phase, title: 'Check a:b;c#d.csv' }])).toContain('    Check a b c d.csv :00');
});

test("a text refers to no issue of GitHub's, however it names one", () => {
  const page = marked.parse(text('see #12, acme/shop#12, GH-12 and gh-12'), { async: false });
  const seen = page.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
  expect(seen).not.toMatch(/#\d|gh-\d/i);
});
