/** Files as people have them, and links that lead where they should not: what is read, sent and reported of them. */
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { PULL_REQUEST, pullRequestEvent } from './github-harness.ts';
import {
  annotationsOf,
  csvOf,
  DOMAIN,
  expectEnd,
  FILE,
  jobsOf,
  redirectsPlatform,
  runExport,
  runImport,
  SITE_ID,
  storedRedirects,
  verdictOf,
  workspaceWith,
} from './redirects-harness.ts';
import { addAll, manyOf, runPlan, runSync } from './redirects-sync-harness.ts';

test("a fork's link to a file of the machine is rejected, and nothing of it is shown anywhere", async () => {
  const emulator = await redirectsPlatform();
  emulator.github.addPullRequest({ number: PULL_REQUEST, headRepository: 'mona/storefront' });
  const secret = 'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG';
  const home = workspaceWith({ credentials: `[default]\n${secret}\n` });
  const workspace = workspaceWith();
  symlinkSync(join(home, 'credentials'), join(workspace, FILE));
  symlinkSync(join(home, 'credentials'), join(workspace, 'list.yaml'));
  const runs = [
    await runPlan({ emulator, workspace, inputs: { 'access-token': '' } }),
    await runPlan({ emulator, workspace }),
    await runPlan({ emulator, workspace, inputs: { file: 'list.yaml' } }),
    await runImport({ emulator, workspace }),
    await runExport({ emulator, workspace }),
  ];
  for (const run of runs) {
    expectEnd(run, 'error');
    expect(verdictOf(run).message).toContain(`leads out of the workspace, to ${join(home, 'credentials')}.`);
    for (const text of [run.lines.join('\n'), run.stderr, run.summary]) {
      expect(text).not.toContain('aws_secret');
      expect(text).not.toContain('wJalr');
    }
  }
  expect(emulator.requests).toEqual([]);
});

test('a file of a spreadsheet, with semicolons and emptied rows, is imported with commas', async () => {
  const emulator = await redirectsPlatform();
  const csv = `\ufeffsep=;\n${csvOf('/a,/b,,', '/c,,Product,12').replaceAll(',', ';')};;;;\n;;;;\n`;
  const run = await runImport({ emulator, csv });
  expectEnd(run, 'complete', { completed: '2' });
  expect(run.lines.join('\n')).toContain('Its cells are separated by semicolons.');
  expect(jobsOf(emulator, 'import')[0]?.file?.text).toBe(csvOf('/a,/b,,', '/c,,Product,12'));
  expect(storedRedirects(emulator)).toEqual(['/a → /b', '/c → product 12']);
  const again = await runPlan({ emulator, csv, event: pullRequestEvent(emulator) });
  expectEnd(again, 'unchanged', { unchanged: '2' });
});

test("another system's file is named in the log and the summary, with a row to go by", async () => {
  const emulator = await redirectsPlatform();
  const run = await runImport({ emulator, csv: 'Redirect from,Redirect to\n/old,/new\n' });
  expectEnd(run, 'error');
  expect(annotationsOf(run, 'error')).toEqual([
    {
      level: 'error',
      title: 'Format of another system',
      message: 'This is the format of Shopify (URL redirects). (line 1)',
      file: FILE,
      line: 1,
    },
    expect.objectContaining({ title: 'Format of another system' }),
  ]);
  expect(run.summary.split('Shopify &#40;URL redirects&#41;')).toHaveLength(2);
  const way = 'Line 2 becomes: `www.example.com,/old,/new,,`.';
  expect(verdictOf(run).message).toContain(way);
  expect(emulator.requests).toEqual([]);
});

test('an answer of the API is a file for sync, also one that is read in a thread of its own', async () => {
  const emulator = await redirectsPlatform();
  addAll(emulator, manyOf(600));
  const data = emulator.redirects.list.map(({ id, fromPath, to }) => ({
    id,
    site_id: SITE_ID,
    from_path: fromPath,
    to,
    to_url: `https://${DOMAIN}${to.type === 'url' ? to.url : ''}`,
  }));
  const text = JSON.stringify({ data, meta: {} }, null, 2);
  expect(text.length).toBeGreaterThan(64 * 1024);
  const workspace = workspaceWith({ 'site.json': text });
  const run = await runSync({ emulator, workspace, inputs: { file: 'site.json', delete: 'true' } });
  expectEnd(run, 'unchanged', { unchanged: '600', removed: '0' });
});
