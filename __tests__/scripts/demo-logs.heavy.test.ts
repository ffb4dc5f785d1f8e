import { expect, test } from '@jest/globals';
import { describeServed, isInstalled } from '../emulator/storefront-helpers.ts';
import { runDemo } from './demo-process.ts';

(isInstalled ? test.skip : test)('without miniflare it says what to run', async () => {
  const { code, text } = await runDemo('logs');
  expect({ code, text }).toEqual({ code: 1, text: expect.stringContaining('npm run serve:install') });
});

describeServed('the demo of worker logs', () => {
  test('shows annotations, the support bundle and the log of a worker that throws', async () => {
    const { code, text } = await runDemo('logs');
    const after = (heading: string) => text.slice(text.indexOf(`\n${heading}\n`));
    const annotations = after('Annotations').split('\nOutputs')[0];
    expect(annotations).toContain('was asked to fail: /boom');
    expect(annotations).toContain('could not be fetched');
    expect(after('The support bundle')).toMatch(/^ {2}\S+-diagnostics-attempt-1.*\n {4}README\.txt +\d+ bytes\n/m);
    expect(after('From worker-logs.jsonl').split('\nStep summary')[0]).toContain('was asked to fail: /boom');
    const line = /^ {2}\[\d{4}-\S+Z\] GET http:\S+\/boom \(500\) \[ERROR\] .*was asked to fail: \/boom$/m;
    expect(after('The file that `file` names')).toMatch(line);
    expect(text).not.toContain('demo-storefront-token');
    expect(code).toBe(0);
  });
});
