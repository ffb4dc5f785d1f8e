/** What the gate writes for people: comment, check run, summary. Nothing in them can break out or ring. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { marked } from 'marked';
import { type GateDecision, VERDICTS } from '../../src/domain/preview-gate.ts';
import { GATE_ENDS, renderClosedCheck, renderOpenCheck } from '../../src/report/gate-check.ts';
import type { GateRecord } from '../../src/report/gate-record.ts';
import { GATE_REPORT } from '../../src/report/gate-report.ts';
import { renderGateSummary } from '../../src/report/gate-summary.ts';
import { renderClaimComment, renderHeldBackComment } from '../../src/report/preview-comment.ts';

const SHA = '4f9c1d2e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d';
const REPOSITORY = 'https://github.com/acme/shop';
const COMMIT = { sha: SHA, url: `${REPOSITORY}/commit/${SHA}` };
const RUN_URL = `${REPOSITORY}/actions/runs/7/attempts/1`;
const LAST_SUCCESS = { sha: `abc1234${'0'.repeat(33)}`, url: 'https://before.example', at: '2026-01-01T17:12:00.000Z' };
const PHASE = { title: 'Decide', startMs: 0, endMs: 600, state: 'done' as const };
const DECISION = Object.keys(VERDICTS) as GateDecision[];

const toHtml = (markdown: string) => marked.parse(markdown, { gfm: true, breaks: true, async: false });
const hrefsOf = (markdown: string) => [...toHtml(markdown).matchAll(/href="([^"]*)"/g)].map((match) => match[1]);
/** What a reader's browser would act on; line breaks, and code where a text has backticks, may come on top. */
const elementsOf = (markdown: string) =>
  [...toHtml(markdown).matchAll(/<(\/?[a-z][a-z0-9]*)/gi)]
    .map((match) => match[1]?.toLowerCase() ?? '')
    .filter((name) => !/^\/?(br|code)$/.test(name));

function record(decision: GateDecision | undefined, overrides: Partial<GateRecord> = {}): GateRecord {
  return {
    startedAt: new Date('2026-01-02T03:04:05Z'),
    durationMs: 700,
    correlationId: '00000000-0000-4000-8000-000000000000',
    networkUsed: false,
    phases: [],
    warnings: [],
    outcome: 'decided',
    settings: { policy: 'newest', environment: 'preview', commandPhrase: 'redeploy preview' },
    eventName: 'push',
    pullRequest: { number: 7, url: `${REPOSITORY}/pull/7` },
    commit: COMMIT,
    newest: 12,
    commander: 'mona',
    ...(decision === undefined ? {} : { decision }),
    ...overrides,
  };
}

interface Texts {
  login: string;
  environment: string;
  phrase: string;
  url: string;
}

const HARMLESS: Texts = { login: 'mona', environment: 'preview', phrase: 'redeploy', url: 'https://before.example' };

/** Everything that the gate writes, with these texts in it. */
function allTexts({ login, environment, phrase, url }: Texts): string[] {
  const lastSuccess = { ...LAST_SUCCESS, url };
  const known = { environment, commit: COMMIT, lastSuccess };
  const check = { environment, login, runUrl: RUN_URL };
  const settings = { policy: 'newest', environment, commandPhrase: phrase } as const;
  return [
    ...[true, false].flatMap((holds) => [
      renderHeldBackComment({ ...known, holds, newest: 12, commandPhrase: phrase }),
      renderHeldBackComment({ ...known, holds, newest: undefined, commandPhrase: phrase }),
      renderClaimComment({ ...known, holds, login, runUrl: RUN_URL }),
    ]),
    renderOpenCheck(check).summary,
    ...GATE_ENDS.map((end) => renderClosedCheck(end, check).summary),
    ...DECISION.map((decision) =>
      renderGateSummary(record(decision, { settings, commander: login, eventName: login })),
    ),
  ];
}

const fragments = fc.constantFrom(
  ...[
    '-->',
    '<!--',
    '<script>',
    '</td></table>',
    '`',
    '```',
    '@mona',
    '#12',
    'acme/shop#2',
    'gh-1',
    '[a](https://evil.example)',
  ],
  ...[
    '![a](//evil.example)',
    '| a |',
    '\n# b',
    '\n- c',
    '\r\n',
    '\u202e',
    '\0',
    '&lt;',
    'https://evil.example',
    'www.evil.example',
  ],
);
const hostile = fc.array(fc.oneof(fragments, fc.string({ unit: 'binary' }))).map((pieces) => pieces.join(''));

test('whatever a login, an environment or a phrase is, it adds no element, link, mention or reference', () => {
  const calm = allTexts(HARMLESS).map(elementsOf);
  fc.assert(
    fc.property(hostile, hostile, hostile, (login, environment, phrase) => {
      const texts = allTexts({ ...HARMLESS, login: `x${login}`, environment: `x${environment}`, phrase: `x${phrase}` });
      expect(texts.map(elementsOf)).toEqual(calm);
      for (const markdown of texts) {
        expect(markdown.replaceAll('<!-- -->', '')).not.toMatch(/<!--|-->/);
        expect(markdown).not.toMatch(/[@`]|(?<!&)#\d/);
        for (const href of hrefsOf(markdown))
          expect(href).toMatch(/^https:\/\/(github\.com\/acme\/shop\/|before\.example)/);
      }
    }),
  );
});

test('an address out of a comment is a link only where it is one of the web', () => {
  for (const url of ['javascript:alert(1)', 'data:text/html,x', 'not one', `https://a.example/${'x'.repeat(400)}`]) {
    const hrefs = allTexts({ ...HARMLESS, url }).flatMap(hrefsOf);
    expect(hrefs.filter((href) => !href?.startsWith(REPOSITORY))).toEqual([]);
  }
});

describe('a comment', () => {
  const held = { environment: 'preview', commit: COMMIT, newest: 12, commandPhrase: 'redeploy preview' };

  test('does not say when it was written, so that it stays the same while there is nothing new', () => {
    const once = renderHeldBackComment({ ...held, holds: true, lastSuccess: LAST_SUCCESS });
    expect(renderHeldBackComment({ ...held, holds: true, lastSuccess: { ...LAST_SUCCESS } })).toBe(once);
    expect(once).toContain('2026-01-01 17:12:00 UTC');
    expect(once).not.toMatch(/Updated|actions\/runs/);
  });

  test.each([
    [true, LAST_SUCCESS, /the preview shows <code>abc1234<\/code> of this pull request.*its address/],
    [true, undefined, /the preview shows an earlier commit of this pull request/],
    [false, LAST_SUCCESS, /succeeded was <code>abc1234<\/code>.*may show something else by now/],
  ])('of one that holds the preview (%p) says what it shows', (holds, lastSuccess, words) => {
    expect(renderHeldBackComment({ ...held, holds, lastSuccess })).toMatch(words);
    expect(renderClaimComment({ ...held, holds, lastSuccess, login: 'mona', runUrl: undefined })).toMatch(words);
  });

  test('of one that has nothing yet says nothing of it', () => {
    const body = renderHeldBackComment({ ...held, holds: false, lastSuccess: undefined });
    expect(body).not.toMatch(/shows|succeeded/);
  });

  test('fits, however long the texts are', () => {
    const long = '<'.repeat(60_000);
    const texts = { login: long, environment: long, phrase: '<'.repeat(100), url: `https://a.example/${long}` };
    for (const markdown of allTexts(texts).slice(0, -DECISION.length)) expect(markdown.length).toBeLessThan(10_000);
  });
});

describe('a check run', () => {
  const check = { environment: 'preview', login: 'mona', runUrl: undefined };

  test('is a success only where the command was accepted', () => {
    const conclusions = GATE_ENDS.map((end) => [end, renderClosedCheck(end, check).conclusion]);
    expect(Object.fromEntries(conclusions)).toEqual({
      accepted: 'success',
      'handed-on': 'cancelled',
      failed: 'failure',
      cancelled: 'cancelled',
    });
  });

  test('says where to look, with and without an address', () => {
    expect(renderOpenCheck(check).summary).toMatch(/See the run\.$/);
    expect(hrefsOf(renderClosedCheck('failed', { ...check, runUrl: RUN_URL }).summary)).toEqual([RUN_URL]);
  });
});

describe('the summary', () => {
  test.each(DECISION)('of "%s" has the decision, why, and the facts', (decision) => {
    const markdown = renderGateSummary(record(decision));
    const { deploys, reason } = VERDICTS[decision];
    expect(markdown.split('\n')[0]).toBe(
      `## ${deploys ? '✅ Deploying' : '⏭️ Not deploying'} &#35;<!-- -->7 to preview`,
    );
    expect(markdown).toContain(`<code>${reason}</code>`);
    expect(markdown.split('\n\n')[1]?.length).toBeGreaterThan(10);
    expect(markdown).not.toContain('undefined');
    expect(hrefsOf(markdown)).toEqual([`${REPOSITORY}/pull/7`, COMMIT.url]);
  });

  test('of a failure shows no decision', () => {
    const effect = 'This run deploys nothing.';
    const failure = { title: 'It broke', effect, message: 'Something broke.', details: [], fix: 'Mend it.' };
    const markdown = renderGateSummary(record('command', { failure }));
    expect(markdown).toMatch(/^## ❌ Not deployed to preview: It broke\n\nThis run deploys nothing\.\n/);
    expect(GATE_REPORT.effectOf?.(record('command'), 'error')).toBe(effect);
    expect(markdown).toContain('**What to do:** Mend it.');
    expect(markdown).not.toMatch(/Deploying|takeover/);
  });

  test('of an event that is none of its business is two lines', () => {
    const { pullRequest: _pullRequest, commit: _commit, ...rest } = record('other-event', { phases: [PHASE] });
    expect(renderGateSummary(rest)).toBe(
      '## ⏭️ Nothing to deploy\n\nThe event is push&#58; the gate decides on pull requests, and on comments on them · reason <code>not-applicable</code> · 0.7 s\n',
    );
    expect(renderGateSummary({ ...rest, warnings: ['Mind this.'] })).toContain('Mind this.');
  });

  test('has in one line what it is about, and folds the rest, which the short one leaves out', () => {
    const commit = { ...COMMIT, origin: '#7' };
    const known = record('not-newest', { phases: [PHASE], commit, comment: { url: `${REPOSITORY}/pull/7#c` } });
    const facts = `<a href="${REPOSITORY}/pull/7">&#35;<!-- -->7</a> · <a href="${COMMIT.url}">4f9c1d2</a> · policy <code>newest</code> · <a href="${REPOSITORY}/pull/7#c">comment</a> · 0.7 s`;
    const [full, short] = (['full', 'short'] as const).map((detail) => renderGateSummary(known, detail));
    expect(full?.match(/<summary>.*<\/summary>/g)).toEqual([
      '<summary>Phases (slowest: Decide, 0.6 s)</summary>',
      '<summary>Details</summary>',
    ]);
    expect(full?.startsWith(`${short?.trimEnd()}\n\n<details>`)).toBe(true);
    expect(short?.split('\n\n').slice(2)).toEqual([
      '**What to do:** To deploy it anyway, comment <code>redeploy preview</code> on the pull request&#59; only people with write access to the repository can give the command.',
      `${facts}\n`,
    ]);
  });

  test('of a failure says where it stopped, and under which correlation id', () => {
    const failure = { title: 'It broke', message: 'Something broke.', details: [], fix: 'Mend it.' };
    const phases = [{ ...PHASE, state: 'failed' as const }];
    const failed = record('command', { outcome: 'error', failure, phases, networkUsed: true });
    const { decision: _, ...undecided } = failed;
    expect(renderGateSummary(undecided)).toContain(
      ' · stopped at <em>Decide</em> after 0.7 s · correlation id <code>00000000-0000-4000-8000-000000000000</code>\n',
    );
    expect(renderGateSummary({ ...undecided, outcome: 'cancelled' })).toMatch(/^## 🚫 It broke\n/);
  });

  test('of an event without a pull request', () => {
    const { pullRequest: _pullRequest, commit: _commit, newest: _newest, ...rest } = record('other-event');
    expect(renderGateSummary(rest)).toContain('## ⏭️ Nothing to deploy\n');
  });
});
