/** Whether a run that failed has changed anything: said where it is certain, and only there. */
import { expect, test } from '@jest/globals';
import { batchEffect, cleanupEffect, redirectsEffect, storefrontEffect } from '../../src/report/effects.ts';
import { BATCH, CLEANUP, DEPLOY, REDIRECTS } from './full-records.ts';

type Deploy = Parameters<typeof storefrontEffect>[0];

function deploy(stage: Deploy['remote']['stage'], change: Partial<Deploy> = {}): Deploy {
  const { rehearsal: _, restored: __, verification: ___, isVerifying: ____, ...record } = DEPLOY;
  return { ...record, deployments: [], remote: { stage, deploymentUuid: undefined }, ...change } as Deploy;
}

test.each([
  ['nothing-sent', 'The storefront is unchanged.'],
  ['not-created', 'The storefront is unchanged.'],
  ['failed', 'The storefront is unchanged.'],
  ['creating', 'The storefront may or may not have changed.'],
  ['created', 'The storefront may or may not have changed.'],
  ['completed', undefined],
] as const)('a storefront after %s', (stage, effect) => {
  expect(storefrontEffect(deploy(stage))).toBe(effect);
});

test('a storefront that the platform may have deployed after all, or of which other sections speak', () => {
  const deployments = [{ uuid: 'd', failure: { code: '60', meaning: 'no address' } }];
  expect(storefrontEffect(deploy('failed', { deployments }))).toBe('The storefront may or may not have changed.');
  expect(storefrontEffect(deploy('not-created', { rehearsal: DEPLOY.rehearsal as never }))).toBeUndefined();
});

test('redirects: unchanged before any job or write, and never claimed of an export or an unclear end', () => {
  const { applied: _, ...known } = REDIRECTS;
  const record = { ...known, command: 'sync', jobs: [] } as unknown as Parameters<typeof redirectsEffect>[0];
  expect(redirectsEffect(record, 'error')).toBe('The redirects are unchanged.');
  expect(redirectsEffect(record, 'unknown')).toBeUndefined();
  expect(redirectsEffect({ ...record, command: 'export' }, 'error')).toBeUndefined();
  expect(redirectsEffect({ ...record, jobs: REDIRECTS.jobs as never }, 'error')).toBeUndefined();
  expect(redirectsEffect({ ...record, applied: REDIRECTS.applied as never }, 'error')).toBeUndefined();
});

test('a batch and previews: unchanged only where none was begun', () => {
  const batch = BATCH as unknown as Parameters<typeof batchEffect>[0];
  expect(batchEffect({ ...batch, batches: [] }, 'error')).toBe('Sitecore CDP is unchanged.');
  expect(batchEffect({ ...batch, batches: [] }, 'unknown')).toBeUndefined();
  expect(batchEffect(batch, 'error')).toBeUndefined();
  const previews = (...fates: string[]) =>
    ({ ...CLEANUP, previews: fates.map((fate) => ({ fate })) }) as unknown as Parameters<typeof cleanupEffect>[0];
  expect(cleanupEffect(previews('kept', 'failed'), 'error')).toBe('No preview was deleted.');
  expect(cleanupEffect(previews('kept', 'gone'), 'error')).toBeUndefined();
  expect(cleanupEffect(previews('uncertain'), 'error')).toBeUndefined();
});
