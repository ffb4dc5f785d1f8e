/** The site URL of a channel where things take long: a storefront that is taken back, answers that do not come. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { callsOf, failureOf, warningsOf } from './harness.ts';
import { newRun } from './rollback-harness.ts';
import {
  buildId,
  deployVerified,
  nthBuild,
  plain,
  shopFor,
  startVerified,
  verifiedPlatform,
} from './verify-harness.ts';

const INPUTS = { 'update-site-url': 'true', 'channel-id': '1' };

const siteCallsOf = (emulator: Emulator) => callsOf(emulator).filter((call) => /ChannelSite$/.test(call));
const siteUrlOf = (emulator: Emulator) => emulator.channels.list[0]?.siteUrl;

test('a deployment that is rolled back leaves the site URL as it is', async () => {
  // The first build works, the second does not, the third deployment brings the first one back.
  const { emulator } = await verifiedPlatform((path, deployments) => {
    const build = [0, 1, 2, 1][deployments] ?? 0;
    return path === '/BUILD_ID' ? plain(buildId(build)) : build === 2 ? 500 : 200;
  });
  await deployVerified({ emulator, env: newRun(emulator) });
  const before = siteUrlOf(emulator);
  const inputs = { ...INPUTS, 'on-verify-failure': 'rollback', 'verify-timeout-seconds': '2' };
  const run = await deployVerified({ emulator, workspace: nthBuild(2), env: newRun(emulator), inputs });
  expect(run.outputs).toMatchObject({ outcome: 'rolled-back' });
  expect(emulator.deployments).toHaveLength(3);
  expect([siteCallsOf(emulator), siteUrlOf(emulator)]).toEqual([[], before]);
  expect(run.outputs['site-url-before']).toBeUndefined();
});

test.each([
  ['that works gets no site URL: the project itself does', 200, 'deployed'],
  ['that rejects the build leaves the site URL as it is', 500, 'rejected'],
])('a rehearsal %s', async (_, status, outcome) => {
  const { emulator, shop } = await verifiedPlatform(() => 200);
  emulator.addProject('stage');
  await shopFor(emulator, (path) => (path === '/' ? status : 200), 'stage', 1);
  const before = siteUrlOf(emulator);
  const inputs = { ...INPUTS, 'rehearsal-project': 'stage', 'verify-timeout-seconds': '2' };
  const run = await deployVerified({ emulator, inputs });
  expect(run.outputs).toMatchObject({ outcome });
  expect(siteUrlOf(emulator)).toBe(outcome === 'deployed' ? shop.url : before);
  expect(callsOf(emulator).filter((call) => call === 'listDomains')).toHaveLength(outcome === 'deployed' ? 1 : 0);
});

test('an answer that does not come in time is asked for again', async () => {
  const { emulator, shop } = await verifiedPlatform(() => 200);
  emulator.addFault({ call: 'getChannelSite', effect: 'hang', times: 1 });
  emulator.addFault({ call: 'setChannelSite', effect: 'hang', times: 1 });
  const run = await deployVerified({ emulator, inputs: INPUTS });
  expect(run.outputs).toMatchObject({ outcome: 'deployed' });
  expect(run.exitCode).toBe(0);
  expect(siteUrlOf(emulator)).toBe(shop.url);
  expect(siteCallsOf(emulator)).toEqual(['getChannelSite', 'getChannelSite', 'setChannelSite', 'setChannelSite']);
});

test.each([
  ['that never comes', { effect: 'lost-answer' }],
  ['of 500', { effect: 'status-after-work', status: 500 }],
])('an answer %s: the site says that it is set, and the run is green', async (_, fault) => {
  const { emulator, shop } = await verifiedPlatform(() => 200);
  const before = siteUrlOf(emulator);
  emulator.addFault({ call: 'setChannelSite', times: 'always', ...fault } as never);
  const run = await deployVerified({ emulator, inputs: INPUTS });
  expect(run.exitCode).toBe(0);
  expect(run.outputs).toMatchObject({ outcome: 'deployed', 'site-url-before': before });
  expect(siteUrlOf(emulator)).toBe(shop.url);
  expect(run.lines).toContain(`Site URL: ${shop.url} (channel 1; before: ${before})`);
  expect(siteCallsOf(emulator).at(-1)).toBe('getChannelSite');
  expect(warningsOf(run)).toBe('');
});

test('requests that are never answered: red, and the message says that it may have been set', async () => {
  const { emulator } = await verifiedPlatform(() => 200);
  emulator.addFault({ call: 'setChannelSite', effect: 'reset-mid-request', times: 'always' });
  const run = await deployVerified({ emulator, inputs: INPUTS });
  expect(run.exitCode).toBe(1);
  expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'healthy' });
  expect(failureOf(run).message).toContain('whether the site URL of channel 1 was updated is not known');
  expect(run.lines.join('\n')).toContain('Site URL: channel 1: may or may not be set to ');
});

test('a site that is never read: red, and nothing was sent', async () => {
  const { emulator } = await verifiedPlatform(() => 200);
  emulator.addFault({ call: 'getChannelSite', effect: 'status', status: 502, times: 'always' });
  const run = await deployVerified({ emulator, inputs: INPUTS });
  expect(run.outputs).toMatchObject({ outcome: 'deployed' });
  expect(failureOf(run).message).toContain('the site URL of channel 1 was not updated');
  expect(siteCallsOf(emulator)).not.toContain('setChannelSite');
});

test('a job that is cancelled while the site is read: nothing was sent, and it says so', async () => {
  const { emulator } = await verifiedPlatform(() => 200);
  emulator.addFault({ call: 'getChannelSite', effect: 'hang', times: 'always' });
  const started = startVerified({ emulator, inputs: INPUTS });
  await emulator.waitForRequest('getChannelSite');
  started.kill('SIGTERM');
  const run = await started.finished;
  expect(run.outputs).toMatchObject({ outcome: 'cancelled' });
  expect(failureOf(run).message).toContain('it is live, and the site URL of channel 1 is as it was');
  expect(siteCallsOf(emulator)).toEqual(['getChannelSite']);
});
