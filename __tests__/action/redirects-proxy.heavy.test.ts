/** Import and export behind a real proxy, and no other way out: the upload, the events and the download go through it. */
import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { proxied } from './proxied-run.ts';
import { csvOf, expectEnd, manyRows, runExport, runImport, storedRedirects } from './redirects-harness.ts';
import { withTinyproxy } from './tinyproxy.ts';

withTinyproxy.each(['HTTPS_PROXY', 'https_proxy'])('an import and an export go through %s alone', async (variable) => {
  const { emulator, proxy, network, run } = await proxied({ tls: true });
  const csv = csvOf(...manyRows(3));
  expectEnd(await runImport({ ...run({ [variable]: proxy.url }), csv }), 'complete', { completed: '3' });
  expect(storedRedirects(emulator)).toHaveLength(3);
  const exported = await runExport({ ...run({ [variable]: proxy.url }) });
  expectEnd(exported, 'complete', { completed: '3' });
  expect(readFileSync(exported.outputs['file'] ?? '', 'utf8')).toBe(csv);
  expect(network.targets()).toEqual([`127.0.0.1:${proxy.port}`]);
});
