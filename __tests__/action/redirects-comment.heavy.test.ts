/** The pull request's comment about redirects, and the texts of files and servers in it, in the summary and in the log. */
import { expect, test } from '@jest/globals';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import {
  expectTame,
  MAX_COMMENT_CHARS,
  onlyComment,
  outsideCode,
  wordsOf,
  writesOf,
} from './github-comment-reading.ts';
import { githubCallsOf, ownComments } from './github-harness.ts';
import { warningsOf } from './harness.ts';
import {
  csvOf,
  expectEnd,
  expectNoSecret,
  FILE,
  manyRows,
  redirectsPlatform,
  SITE_ID,
  verdictOf,
  workspaceWith,
} from './redirects-harness.ts';
import { addAll, commentWords, manyOf, rowsOf, runPlan, siteOf, syncOnPullRequest } from './redirects-sync-harness.ts';

const CSV = csvOf('/new,/there,,');
const PLACES = ['https://github.com/acme/storefront/'];

test('without permission to comment: one warning that says how to get it, and the outcome as it is', async () => {
  for (const [start, outcome] of [
    [runPlan, 'planned'],
    [syncOnPullRequest, 'complete'],
  ] as const) {
    const emulator = await redirectsPlatform();
    // Either of the two would do.
    emulator.github.deny('pull-requests', 'read');
    emulator.github.deny('issues', 'read');
    const run = await start({ emulator, csv: CSV });
    expectEnd(run, outcome);
    expect(warningsOf(run)).toContain('The comment on pull request #7 could not be written.');
    expect(warningsOf(run)).toContain('pull-requests: write');
    expect(warningsOf(run).match(/could not be written/g)).toHaveLength(1);
    expect(ownComments(emulator)).toEqual([]);
  }
});

test.each([
  ['an empty token', { 'github-token': '' }],
  ['`comment: false`', { comment: 'false' }],
])('with %s, GitHub is not asked', async (_, inputs) => {
  const emulator = await redirectsPlatform();
  expectEnd(await runPlan({ emulator, csv: CSV, inputs }), 'planned');
  expect(githubCallsOf(emulator)).toEqual([]);
});

test('a push has no pull request to comment on', async () => {
  const emulator = await redirectsPlatform();
  expectEnd(await runPlan({ emulator, csv: CSV, event: { name: 'push', payload: {} } }), 'planned');
  expect(githubCallsOf(emulator)).toEqual([]);
});

test('two sites have a comment each', async () => {
  const emulator = await redirectsPlatform();
  const other = {
    emulator,
    csv: CSV.replaceAll('store.example', 'outlet.example'),
    inputs: { 'site-id': String(SITE_ID + 1) },
  };
  for (let run = 0; run < 2; run += 1) {
    await runPlan({ emulator, csv: CSV });
    await runPlan(other);
  }
  const words = ownComments(emulator).map(({ body }) => wordsOf(body));
  expect(words).toHaveLength(2);
  for (const domain of ['store.example.com', 'outlet.example.com']) {
    expect(words.filter((one) => one.includes(`Redirects of ${domain}: +1`))).toHaveLength(1);
  }
});

test('GitHub that is down costs a warning and some time, and nothing else', async () => {
  const emulator = await redirectsPlatform();
  emulator.addFault({ call: 'github.any', effect: 'status', status: 503, times: 'always' });
  const run = await syncOnPullRequest({ emulator, csv: CSV });
  expectEnd(run, 'complete', { completed: '1' });
  expect(warningsOf(run)).toContain('The comment on pull request #7 could not be written.');
  expect(run.durationMs).toBeLessThan(90_000);
});

const NASTY = [
  '--><script>alert(1)</script>',
  '@mona@acme/team#1',
  '![p](https://evil.example/p.png)[l](javascript:alert(1))',
  '</td></table></details><img/src=x/onerror=alert(1)>',
  '`c`|**b**||_i_|\\|',
  '::error::pwned',
  '##[error]pwned',
  '%0A::set-output::x',
  '$(id)`id`',
  '<!--catalyst-deploy-action-->',
  '\u202ertl',
];

/** No line is a command of the runner but those that the action itself gives. */
function expectNoCommands({ lines, everything, summary }: FinishedRun): void {
  const names = lines.flatMap((line) => /^\s*::([\w-]*)/.exec(line)?.[1] ?? []);
  expect(names.filter((name) => !['debug', 'group', 'endgroup', 'notice', 'warning', 'error'].includes(name))).toEqual(
    [],
  );
  expect(lines.filter((line) => line.startsWith('::error') && !/^::error (?:title|file)=/.test(line))).toEqual([]);
  // The runner reads no commands in a summary.
  expect(everything.replace(summary, outsideCode(summary))).not.toContain('##[');
}

function expectHarmless(run: FinishedRun): void {
  expectNoCommands(run);
  expect(outsideCode(run.summary)).not.toMatch(/<script|<img|\]\(javascript|<!--catalyst/);
}

test('paths and targets that mean harm, in the file and on the site, are shown as they are, and do none', async () => {
  const emulator = await redirectsPlatform();
  addAll(emulator, Object.fromEntries(NASTY.map((text, index) => [`/old-${index}${text}`, `/to-${text}`])));
  emulator.redirects.add({ fromPath: '/old\r\n::error::line\n# Big', to: '/to\n\n> quote' });
  const rows = NASTY.flatMap((text, index) => [
    `/new-${index}${text},/to-${text},,`,
    `/old-${index}${text},https://else.example/${text},,`,
  ]).map((row) => row.replaceAll('"', '""'));
  const plan = await runPlan({ emulator, csv: csvOf(...rows) });
  expectEnd(plan, 'planned', { added: '11', changed: '11', removed: '1' });
  const sync = await syncOnPullRequest({ emulator, csv: csvOf(...rows), inputs: { delete: 'true' } });
  expectEnd(sync, 'complete', { completed: '23' });
  for (const run of [plan, sync]) expectHarmless(run);
  for (const { body } of writesOf(emulator)) expectTame((body as { body: string }).body, PLACES);
  expect(commentWords(emulator)).toContain('/new-5::error::pwned');
});

test("a server's words that mean harm are quoted, and do none", async () => {
  const emulator = await redirectsPlatform();
  const words = `${NASTY.join(' ')}\r\n::error::line\n# Big`;
  emulator.addFault({
    call: 'upsertRedirects',
    effect: 'status',
    status: 422,
    times: 'always',
    body: { title: words, errors: { [words]: words } },
  });
  const run = await syncOnPullRequest({ emulator, csv: csvOf(`/a${NASTY[0]},/b,,`) });
  expectEnd(run, 'error');
  expectHarmless(run);
  expectTame(onlyComment(emulator).body, PLACES);
  expect(verdictOf(run).message).toContain('It concerns line 2 (/a--><script>');
});

test('secrets of both sides stay out of log, summary, comment and requests, whatever is echoed', async () => {
  const emulator = await redirectsPlatform();
  const { accessToken } = emulator;
  addAll(emulator, { [`/x-${accessToken}`]: `/y-${emulator.github.token}` });
  emulator.addFault({
    call: 'upsertRedirects',
    effect: 'status',
    status: 403,
    body: { title: `no ${accessToken} ${emulator.github.token}` },
  });
  const lines: string[] = [];
  const run = await syncOnPullRequest({ emulator, csv: CSV, onLine: (line) => lines.push(line) });
  expectEnd(run, 'error');
  expectNoSecret(run);
  expect(run.masks).toEqual(expect.arrayContaining([accessToken, emulator.github.token]));
  expect(onlyComment(emulator).body).not.toContain(accessToken);
  expect(onlyComment(emulator).body).not.toContain(emulator.github.token);
  expect(
    lines
      .filter((line) => line !== '')
      .slice(0, 2)
      .every((line) => line.startsWith('::add-mask::')),
  ).toBe(true);
  emulator.clearFaults();
  const plan = await runPlan({ emulator, csv: CSV });
  expectEnd(plan, 'planned');
  expect(onlyComment(emulator).body).not.toContain(accessToken);
});

test('a plan of 15,000 changes with long paths: comment and summary fit, and their counts are true', async () => {
  const emulator = await redirectsPlatform();
  const long = 'é&<'.repeat(80);
  addAll(emulator, manyOf(5000, `/gone-${long}`));
  addAll(emulator, manyOf(5000, '/change'));
  const rows = [
    ...manyRows(5000).map((row) => row.replace('/old', `/add-${long}`)),
    ...rowsOf(Object.fromEntries(Object.keys(manyOf(5000, '/change')).map((path) => [path, '/else']))),
  ];
  const workspace = workspaceWith({ [FILE]: csvOf(...rows) });
  const run = await runPlan({ emulator, workspace, inputs: { delete: 'true', 'max-deletes': '5000' } });
  expectEnd(run, 'planned', { added: '5000', changed: '5000', removed: '5000' });
  const { body } = onlyComment(emulator);
  expect(body.length).toBeLessThan(MAX_COMMENT_CHARS);
  expect(Buffer.byteLength(run.summary)).toBeLessThan(1024 * 1024);
  for (const text of [body, run.summary]) {
    const ending = /\n\nand (.*)\n/.exec(text)?.[1] ?? '';
    for (const [mark, words] of Object.entries({ '+ ': 'add', '! ': 'change', '- ': 'remove' })) {
      const shown = text.split('\n').filter((line) => line.startsWith(`${mark}/`)).length;
      const rest = Number((new RegExp(`([\\d,]+) more to ${words}`).exec(ending)?.[1] ?? '0').replaceAll(',', ''));
      expect(shown).toBeGreaterThan(10);
      expect(shown + rest).toBe(5000);
    }
  }
  expect(wordsOf(body)).toContain('Redirects of store.example.com: +5,000 ~5,000 −5,000');
  expect(Object.keys(siteOf(emulator))).toHaveLength(10_000);
});
