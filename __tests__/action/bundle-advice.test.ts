import { expect, test } from '@jest/globals';
import { deploy, failureOf, platform, SMALL_BUILD, storefront, warningsOf } from './harness.ts';

test('a text that once hung packaging is deployed; log and summary show what exclude matched and what it did not', async () => {
  const emulator = await platform();
  const hanging = `-----BEGIN PRIVATE KEY-----\n${`A:${' '.repeat(200)}\n`.repeat(8)}!`;
  const workspace = storefront({ ...SMALL_BUILD, 'assets/pem.txt': hanging, 'assets/draft.html': 'x' });
  const run = await deploy({ emulator, workspace, inputs: { exclude: '/assets/draft.html\n"*.map"\noutput/x' } });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(emulator.deployments[0]?.files).toHaveLength(Object.keys(SMALL_BUILD).length + 1);
  const warnings = warningsOf(run);
  expect(warnings).toContain(
    String.raw`exclude: the pattern "\"*.map\"" matches nothing in .bigcommerce/dist. It is read with its quotes. Write: *.map`,
  );
  expect(warnings).toContain('Patterns are relative to the folder that is packaged. Write: /x');
  for (const shown of [run.lines.join('\n'), run.summary])
    expect(shown).toMatch(/1 file left out by (?:`|<code>)exclude/);
});

test('a token in worker.js: nothing is uploaded, and the advice does not drop worker.js', async () => {
  const emulator = await platform();
  const workspace = storefront({ ...SMALL_BUILD, 'worker.js': `export default '${emulator.accessToken}'` });
  const run = await deploy({ emulator, workspace });
  expect(run.outputs['outcome']).toBe('error');
  expect(failureOf(run).message).toMatch(/\.env files above all\), build again, and replace the access token\./);
  expect(run.everything).not.toMatch(/exclude: \/worker\.js/);
  expect(run.everything).not.toContain(emulator.accessToken);
  expect(emulator.requests).toEqual([]);
});
