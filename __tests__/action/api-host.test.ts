/** An unusual API host is named in the log and the summary: an earlier step may have set it. */
import { expect, test } from '@jest/globals';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { batchPlatform, runBatch } from './batch-harness.ts';
import { cleanUp, closedPlatform } from './cleanup-harness.ts';
import { githubPlatform, onGitHub } from './github-harness.ts';
import { csvOf, redirectsPlatform } from './redirects-harness.ts';
import { runPlan } from './redirects-sync-harness.ts';
import { platformWith, rollBack } from './rollback-harness.ts';

function expectNamed(run: FinishedRun, origin: string, from: string, usual = 'api.bigcommerce.com', row = 'API host') {
  const line = `API host: ${origin}, from ${from}, and not ${usual}`;
  expect(run.lines.filter((one) => one.includes(line))).toHaveLength(1);
  expect(run.summary.replace(/&#(\d+);/g, (_, point) => String.fromCodePoint(Number(point)))).toMatch(
    new RegExp(`${row}(?::\\*\\*)? <code>(?:http://)?${RegExp.escape(origin.replace('http://', ''))}</code>`),
  );
}

test('a deployment to the host that CATALYST_API_HOST names', async () => {
  const emulator = await githubPlatform();
  const env = { CATALYST_API_HOST: emulator.origin };
  const run = await onGitHub({ emulator, env, inputs: { 'api-host': '' } });
  expect(run.outputs['outcome']).toBe('deployed');
  expectNamed(run, emulator.origin, 'CATALYST_API_HOST of the environment');
});

test('a dry run names the host that would get the token, but not the usual one', async () => {
  const emulator = await githubPlatform();
  const dry = { emulator, inputs: { 'dry-run': 'true', 'api-host': 'api.example.com' } };
  expectNamed(await onGitHub(dry), 'api.example.com', 'the input `api-host`');
  for (const host of ['', 'api.bigcommerce.com', 'https://API.bigcommerce.com:443/']) {
    const { lines, summary } = await onGitHub({ ...dry, inputs: { ...dry.inputs, 'api-host': host } });
    expect([...lines, summary].join('\n')).not.toContain('API host');
  }
});

test('the other actions name it, too', async () => {
  const redirects = await redirectsPlatform();
  expectNamed(await runPlan({ emulator: redirects, csv: csvOf('/a,/b,,') }), redirects.origin, 'the input `api-host`');
  const { emulator } = await platformWith(['one', 'two']);
  const dry = { 'dry-run': 'true' };
  expectNamed(await rollBack({ emulator, inputs: dry }), emulator.origin, 'the input `api-host`');
  const closed = await closedPlatform();
  expectNamed(await cleanUp({ emulator: closed, inputs: dry }), closed.origin, 'the input `api-host`');
});

test("a batch for another host than Sitecore's", async () => {
  const emulator = await batchPlatform();
  const run = await runBatch({ emulator });
  expectNamed(run, emulator.origin, 'the input `base-url`', "one of Sitecore's", 'host');
  const usual = await runBatch({
    emulator,
    inputs: { 'dry-run': 'true', 'base-url': 'api-engage-eu.sitecorecloud.io' },
  });
  expect(usual.lines.join('\n')).not.toContain('API host');
});
