import { expect, test } from '@jest/globals';
import { beginDomainLook } from '../../src/actions/domains.ts';
import type { ProjectDomain } from '../../src/bigcommerce/domains.ts';
import { ActionError } from '../../src/errors.ts';
import { createFakeRun } from '../fake-run.ts';

const domain = (name: string, status: string): ProjectDomain => ({ domain: name, status, records: [] });

async function look(found: Promise<ProjectDomain[]>, signal = new AbortController().signal) {
  const run = createFakeRun();
  const finish = beginDomainLook('the-project', { domains: { listDomains: () => found }, run, signal, lastWaitMs: 1 });
  await finish();
  return run;
}

test('domains that are verified are not mentioned', async () => {
  const run = await look(Promise.resolve([domain('a.example', 'verified'), domain('b.example', 'pending')]));
  expect(run.warnings).toEqual([expect.stringMatching(/^The domain b\.example of the project is not verified yet/)]);
  expect(run.debugLines).toEqual([]);
});

test('of many, some are shown and the others named', async () => {
  const many = Array.from({ length: 30 }, (_, index) => domain(`d${index}.example`, 'failed'));
  const { warnings } = await look(Promise.resolve(many));
  expect(warnings).toHaveLength(5);
  expect(warnings.at(-1)).toMatch(
    /^26 more domains of the project are not verified: d4\.example \(failed\), .*, and 6 more\.$/,
  );
  expect((await look(Promise.resolve(many.slice(0, 5)))).warnings).toHaveLength(5);
});

test.each([
  ['refused', Promise.reject(new ActionError('No scope.'))],
  ['not answered in time', new Promise<ProjectDomain[]>(() => {})],
])('what is %s warns of nothing', async (_, found) => {
  found.catch(() => {});
  const run = await look(found);
  expect(run.warnings).toEqual([]);
  expect(run.debugLines).toHaveLength(1);
});

test('a cancelled run is told nothing', async () => {
  const run = await look(Promise.resolve([domain('b.example', 'pending')]), AbortSignal.abort(new Error('stop')));
  expect(run.warnings).toEqual([]);
});
