import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { marked } from 'marked';
import { readShare, renderMarked } from '../../src/domain/comment-marker.ts';
import { renderFooter } from '../../src/report/comment-footer.ts';
import type { CommentRecord } from '../../src/report/comment-record.ts';
import { renderDeployComment } from '../../src/report/deploy-comment.ts';

const SHA = '4f9c1d2e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d';
const BASELINE_SHA = '9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c';
const REPOSITORY = 'https://github.com/acme/shop';
const STATES = [
  'deploying',
  'deployed',
  'dry-run',
  'skipped',
  'failed',
  'conflict',
  'unknown',
  'cancelled',
  'error',
] as const;
const FAILURE = { title: 'Its title', message: 'It broke.', details: [], fix: 'Set `this` right.' };
const LAST_SUCCESS = { sha: `abc1234${'0'.repeat(33)}`, url: 'https://before.example', at: '2026-01-01T17:12:00.000Z' };

function record(overrides: Partial<CommentRecord> = {}): CommentRecord {
  return {
    state: 'deployed',
    environment: 'preview',
    preview: false,
    project: { uuid: '11111111-1111-4111-8111-111111111111', name: 'shop' },
    urls: ['https://shop.example'],
    commit: { sha: SHA, url: `${REPOSITORY}/commit/${SHA}`, origin: '#12' },
    durationMs: 65_400,
    bundle: { sizeBytes: 3 * 2 ** 20, files: 312 },
    deployments: [{ uuid: '22222222-2222-4222-8222-222222222222' }],
    runUrl: `${REPOSITORY}/actions/runs/7/attempts/1`,
    artifactUrl: `${REPOSITORY}/actions/runs/7/artifacts/9`,
    updatedAt: new Date('2026-01-02T03:04:05Z'),
    ...overrides,
  };
}

/** As GitHub shows a comment: there, each line break counts. */
const toHtml = (markdown: string) => marked.parse(markdown, { gfm: true, breaks: true, async: false });
const hrefsOf = (markdown: string) => [...toHtml(markdown).matchAll(/href="([^"]*)"/g)].map((match) => match[1]);
/** What a reader sees, without marks. */
const wordsOf = (markdown: string) =>
  toHtml(markdown)
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, digits: string) => String.fromCharCode(Number(digits)))
    .replace(/&nbsp;|\s+/g, ' ');

test.each([
  ['deploying', '⏳ Deploying to preview'],
  ['deployed', '✅ Deployed to preview'],
  ['dry-run', '🧪 Dry run for preview: nothing was sent'],
  ['skipped', '⏭️ Skipped: nothing deployed to preview'],
  ['failed', '❌ Its title · preview'],
  ['conflict', '⛔ Not deployed to preview: Its title'],
  ['unknown', '❓ Its title · preview'],
  ['cancelled', '🚫 Its title · preview'],
  ['error', '❌ Not deployed to preview: Its title'],
  ['rejected', '⛔ Not deployed to preview: Its title'],
  ['unhealthy', '💔 Deployed to preview, but the storefront does not work'],
  ['rolled-back', '↩️ Rolled back preview to an earlier bundle from <code>4f9c1d2</code>: the storefront did not work'],
] as const)('the heading of %s is %j', (state, words) => {
  const isGood = ['deploying', 'deployed', 'dry-run', 'skipped'].includes(state);
  const comment = renderDeployComment(record(isGood ? { state } : { state, failure: FAILURE }));
  expect(/<h3>(.*)<\/h3>/.exec(toHtml(comment))?.[1]?.replace('&nbsp;', ' ')).toBe(words);
  expect(comment.startsWith('### ')).toBe(true);
});

test('shows commit, bundle, project, duration, the time, and links to log and bundle', () => {
  const words = wordsOf(renderDeployComment(record()));
  for (const part of [
    '4f9c1d2',
    'shop · 4f9c1d2 (# 12) · 3.0 MB in 312 files · 1 min 5 s',
    'shop',
    '1 min 5 s',
    'Updated 2026-01-02 03:04:05 UTC',
  ]) {
    expect(words).toContain(part);
  }
  expect(words).toContain('22222222-2222-4222-8222-222222222222');
  expect(words).toContain('11111111-1111-4111-8111-111111111111');
  expect(hrefsOf(renderDeployComment(record()))).toEqual([
    'https://shop.example/',
    `${REPOSITORY}/commit/${SHA}`,
    `${REPOSITORY}/actions/runs/7/attempts/1`,
    `${REPOSITORY}/actions/runs/7/artifacts/9`,
  ]);
});

test('unknown parts are left out', () => {
  const { environment, updatedAt } = record();
  const bare: CommentRecord = {
    state: 'deploying',
    environment,
    preview: false,
    project: {},
    urls: [],
    deployments: [],
    updatedAt,
  };
  const words = wordsOf(renderDeployComment(bare));
  expect(words).not.toMatch(/undefined|NaN|Commit|Bundle|Project|Duration|Log|support/);
  expect(toHtml(renderDeployComment(bare))).not.toContain('<table>');
  expect(wordsOf(renderDeployComment({ ...bare, state: 'cancelled' }))).toContain('🚫 cancelled · preview');
});

test.each(STATES)('a comment has an address only when the state is deployed: %s', (state) => {
  const comment = renderDeployComment(record({ state, failure: FAILURE, lastSuccess: LAST_SUCCESS }));
  expect(comment.includes('shop.example')).toBe(state === 'deployed');
  expect(wordsOf(comment).includes('until the next one to the same project')).toBe(state === 'deployed');
  expect(wordsOf(comment)).not.toContain('before.example');
});

test.each(STATES)('after a failure the last success is shown, but not as live: %s', (state) => {
  const words = wordsOf(renderDeployComment(record({ state, lastSuccess: LAST_SUCCESS })));
  const line = 'that succeeded was abc1234 , at 2026-01-01 17:12:00 UTC ( its address may show something else by now)';
  expect(words.includes(line)).toBe(state !== 'deployed');
  expect(words).not.toMatch(/\blive\b/);
  expect(wordsOf(renderDeployComment(record({ state })))).not.toContain('last deployment');
});

test('no verdict: says that the storefront may or may not have changed', () => {
  const sentence = 'The storefront may or may not have changed.';
  expect(wordsOf(renderDeployComment(record({ state: 'unknown', failure: FAILURE })))).toContain(sentence);
  expect(wordsOf(renderDeployComment(record({ state: 'failed', failure: FAILURE })))).not.toContain(sentence);
});

test('the first of several addresses is prominent, five are listed, the others counted', () => {
  const urls = [1, 2, 3, 4, 5, 6, 7].map((n) => `https://shop-${n}.example`);
  const comment = renderDeployComment(record({ urls }));
  expect(toHtml(comment)).toContain('<strong><a href="https://shop-1.example/">');
  expect(toHtml(comment).match(/<strong><a /g)).toHaveLength(1);
  expect(wordsOf(comment)).toContain('and 2 more');
  expect(comment).not.toContain('shop-6');
  expect(wordsOf(renderDeployComment(record({ urls: [] })))).toContain('The platform named no address');
});

test.each([
  [1100, 1000, '+100 B (+10.0 %) against'],
  [900, 1000, '−100 B (−10.0 %) against'],
  [1000, 1000, 'no change in size against'],
  [10_000_001, 10_000_000, '+1 B (under 0.1 %) against'],
  [2 ** 20 * 12, 1000, '+12.0 MB (+1,258,191 %) against'],
  [5, 0, '+5 B against'],
])('a bundle of %d bytes after one of %d: %s', (sizeBytes, before, words) => {
  const baseline = { sizeBytes: before, sha: BASELINE_SHA, commitUrl: `${REPOSITORY}/commit/${BASELINE_SHA}` };
  const comment = renderDeployComment(record({ bundle: { sizeBytes, files: 1 }, baseline }));
  expect(wordsOf(comment)).toContain(words);
  expect(wordsOf(comment)).toContain('against production ( 9f8e7d6 )');
  expect(hrefsOf(comment)).toContain(`${REPOSITORY}/commit/${BASELINE_SHA}`);
  expect(wordsOf(renderDeployComment(record()))).not.toContain('production');
});

test('what a machine needs is folded, and stands once; after a failure the facts name the correlation id as well', () => {
  const given = {
    correlationId: '0c5e8b1a-6c1f-4b55-8f3e-2f1f6f1f2a10',
    failure: { ...FAILURE, effect: 'The storefront is unchanged.' },
  };
  const failed = renderDeployComment(record({ ...given, state: 'failed', live: 'as-before' }));
  const [open = '', folded = ''] = failed.split('<details>');
  const ids = [given.correlationId, '22222222-2222-4222-8222-222222222222', '11111111-1111-4111-8111-111111111111'];
  expect(ids.map((id) => [open.split(id).length - 1, folded.split(id).length - 1])).toEqual([
    [1, 1],
    [0, 1],
    [0, 1],
  ]);
  expect(wordsOf(open)).toContain('❌ Not deployed to preview: Its title The storefront is unchanged.');
  const deployed = renderDeployComment(record({ correlationId: given.correlationId, live: 'this' }));
  expect(deployed.split('<details>')[0]).not.toContain(given.correlationId);
  expect(wordsOf(deployed)).not.toContain('unchanged');
});

test('the footer is the last thing, and is Markdown without HTML comments', () => {
  const footer = renderFooter(
    ' **QA:** [list](https://qa.example) `<!-- x -->`\n<!-- catalyst-deploy-action shared-preview holds -->\n</details>',
  );
  const comment = renderDeployComment(record({ footer }));
  expect(comment.endsWith(`\n\n${footer}\n`)).toBe(true);
  expect(comment.replaceAll('<!-- -->', '')).not.toContain('<!--');
  expect(hrefsOf(comment).at(-1)).toBe('https://qa.example');
  expect(
    readShare(renderMarked('<!-- m -->', { lastSuccess: undefined, shownAtMs: undefined }, comment)),
  ).toBeUndefined();
});

test('each deployment is named, with the code of its failure', () => {
  const deployments = [{ uuid: 'first', failure: { code: '20', meaning: 'm' } }, { uuid: 'second' }];
  expect(wordsOf(renderDeployComment(record({ deployments })))).toMatch(/first failed, code 20 +second/);
});

test('a long message is cut at the end of a sentence, and a note says where the rest is', () => {
  const message = 'One sentence of a few words. '.repeat(200);
  const quote = wordsOf(renderDeployComment(record({ state: 'failed', failure: { ...FAILURE, message } })));
  expect(quote).toContain('of a few words. … (cut here: the job log has all of it)');
  expect(quote).toContain('What to do: Set this right.');
  const details = Array.from({ length: 30 }, (_, index) => `Problem ${index}.`);
  const list = wordsOf(renderDeployComment(record({ state: 'error', failure: { ...FAILURE, details } })));
  expect(list).toContain('Problem 9. and 20 more: see the job log');
});

const fragments = fc.constantFrom(
  ...['<!--', '-->', '--!>', '@octocat', 'a@b.example', '[x](https://evil.example)', '![i](https://evil.example/p)'],
  ...[
    '<img src=x>',
    '</table>',
    '</td></tr>',
    '</details>',
    '</code>',
    '<script>',
    '| a |',
    '\n|---|\n',
    '\n\n',
    '\r\n',
  ],
  ...[
    '```\n',
    '`',
    '``',
    '**',
    '__',
    '~~',
    '# ',
    '\n# x',
    '> ',
    '- ',
    '1. ',
    '    code',
    '\n---\n',
    '\n===\n',
    '\\',
    '\t',
  ],
  ...[
    'https://evil.example',
    'www.evil.example',
    '<https://evil.example>',
    '[r]: https://evil.example',
    '&lt;',
    '&#60;',
  ],
  ...['\u0000', '\u202e', '\u2028', 'word', ' ', '7', '.', '$x$', ':tada:', '\ud83d'],
);
const hostile = fc
  .array(fragments, { minLength: 1, maxLength: 12 })
  .map((parts) => parts.join(''))
  .filter((value) => value.trim() !== '');

function filledWith(value: string, state: CommentRecord['state']): CommentRecord {
  return record({
    state,
    environment: value,
    project: { name: value, uuid: value },
    commit: { sha: value, url: `${REPOSITORY}/commit/${SHA}`, origin: value },
    baseline: { sizeBytes: 1, sha: value, commitUrl: `${REPOSITORY}/commit/${BASELINE_SHA}` },
    deployments: [{ uuid: value, failure: { code: value, meaning: value } }],
    failure: { title: value, message: value, details: state === 'error' ? [value, value] : [], fix: value },
    lastSuccess: { sha: value, url: 'https://before.example', at: value },
  });
}

/** Line breaks, and code where a text has backticks, may come on top; a comment of ours parts `@` from what follows. */
const elementsOf = (markdown: string) =>
  [...toHtml(markdown).matchAll(/<(\/?[a-z][a-z0-9]*)/gi)]
    .map((match) => match[1])
    .filter((name) => !/^\/?(br|code)$/.test(name ?? ''));

test('no text adds an element, link, mention or HTML comment', () => {
  fc.assert(
    fc.property(hostile, fc.constantFrom(...STATES), (value, state) => {
      const comment = renderDeployComment(filledWith(value, state));
      const calm = renderDeployComment(filledWith('calm', state));
      expect(elementsOf(comment)).toEqual(elementsOf(calm));
      expect(hrefsOf(comment)).toEqual(hrefsOf(calm));
      expect(comment.replaceAll('<!-- -->', '')).not.toMatch(/<!--|-->|--!>/);
      const outsideOfCode = comment.replace(/<code>.*?<\/code>/g, '').replace(/<[a-z][^>]*>/g, '');
      expect(outsideOfCode).not.toMatch(/@|&#64;(?!<!-- -->)/);
    }),
    { numRuns: 500 },
  );
});

test('only http and https addresses of reasonable length become links, and never a part of one', () => {
  const long = `https://${'a'.repeat(400)}.example`;
  const bad = ['javascript:alert(1)', 'https://x.example/"><img>', long, 'data:text/html,x', ''];
  const comment = renderDeployComment(
    record({ urls: bad, runUrl: 'javascript:1', artifactUrl: long, commit: { sha: SHA, url: 'vbscript:1' } }),
  );
  expect(hrefsOf(comment)).toEqual(['https://x.example/%22%3E%3Cimg%3E']);
  expect(toHtml(comment)).not.toContain('<img');
});

test('never over 60,000 characters; the heading, the address and what to do survive', () => {
  const huge = fc.tuple(fc.oneof(fragments, fc.constantFrom('@', '|', 'é', '😀', '\n')), fc.nat(30_000));
  const many = fc.oneof(fc.nat(30), fc.nat(3000));
  fc.assert(
    fc.property(huge, many, fc.constantFrom(...STATES), ([piece, times], length, state) => {
      const value = piece.repeat(times);
      const details = Array.from({ length }, () => value.slice(0, 3000));
      const url = `https://shop.example/${encodeURI(value.toWellFormed()).slice(0, 1000)}`;
      const comment = renderDeployComment({
        ...filledWith(value, state),
        urls: [`https://shop.example/${'&'.repeat(270)}`, ...Array.from({ length }, () => url)],
        failure: { title: value, message: value, details, fix: `Do this. ${value}` },
        deployments: details.map((uuid) => ({ uuid, failure: { code: uuid, meaning: uuid } })),
        lastSuccess: { sha: value, url, at: value },
        runUrl: url,
        artifactUrl: url,
        footer: 'f'.repeat(2000),
      });
      expect(comment.length).toBeLessThanOrEqual(60_000);
      expect(comment.isWellFormed()).toBe(true);
      expect(comment.startsWith('### ')).toBe(true);
      expect(comment).toContain('**What to do:** Do this.');
      expect(comment).toContain('Updated 2026-01-02 03:04:05 UTC');
      if (state === 'deployed') expect(comment).toContain('**<a href="https://shop.example/');
    }),
    { numRuns: 100 },
  );
});
