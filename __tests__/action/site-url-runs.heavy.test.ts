/** The site URL of a channel, which follows a deployment that is live and verified. */
import { describe, expect, test } from '@jest/globals';
import type { Emulator, EmulatorOptions } from '../../emulator/emulator.ts';
import { onPullRequest } from './github-harness.ts';
import { callsOf, failureOf, platform, startDeploy, warningsOf } from './harness.ts';
import { deployVerified, lastStatuses, startVerified, verifiedPlatform } from './verify-harness.ts';

const OLD = 'https://old.example.com';
const INPUTS = { 'update-site-url': 'true', 'channel-id': '1' };
const SITE_CALLS = ['getChannelSite', 'setChannelSite'];

function siteCallsOf(emulator: Emulator): string[] {
  return callsOf(emulator).filter((call) => SITE_CALLS.includes(call));
}

/** A platform whose first channel is at another address. */
async function movedPlatform(answers = (_path: string, _build: number) => 200, options: EmulatorOptions = {}) {
  const story = await verifiedPlatform(answers, options);
  const [channel] = story.emulator.channels.list;
  if (channel === undefined) throw new Error('the emulator has no channel');
  channel.siteUrl = OLD;
  return { ...story, channel };
}

describe('the site URL', () => {
  test('becomes the address of the deployment, after the verification', async () => {
    const { emulator, shop, channel } = await movedPlatform();
    const run = await deployVerified({ emulator, inputs: INPUTS });
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatchObject({ outcome: 'deployed', 'site-url-before': OLD, url: shop.url });
    expect(channel.siteUrl).toBe(shop.url);
    expect(siteCallsOf(emulator)).toEqual(SITE_CALLS);
    const put = emulator.requests.find(({ call }) => call === 'setChannelSite');
    expect(put?.body).toEqual({ url: shop.url });
    // Nobody asks the storefront any more.
    const askedAtMs = performance.timeOrigin + (shop.requests.at(-1)?.atMs ?? Number.POSITIVE_INFINITY);
    expect(put?.startedAtMs).toBeGreaterThan(Math.floor(askedAtMs));
    expect(run.lines).toContain(`Site URL: ${shop.url} (channel 1; before: ${OLD})`);
    expect(run.lines.join('\n')).toContain(`Channel 1 is at ${OLD}`);
    expect(run.summary).toContain('Site URL');
    expect(run.summary).toContain(OLD);
    expect(warningsOf(run)).toBe('');
  });

  test('that is the same already is left alone: nothing is sent', async () => {
    const { emulator, shop, channel } = await movedPlatform();
    channel.siteUrl = `${shop.url.toUpperCase().replace('HTTP', 'http')}/`;
    const run = await deployVerified({ emulator, inputs: INPUTS });
    expect(run.outputs).toMatchObject({ outcome: 'deployed', 'site-url-before': channel.siteUrl });
    expect(siteCallsOf(emulator)).toEqual(['getChannelSite']);
    expect(run.lines).toContain(`Site URL: ${shop.url} (channel 1; as before)`);
  });

  test('is the one that is given', async () => {
    const { emulator, channel } = await movedPlatform();
    const inputs = { ...INPUTS, 'site-url': 'Www.Example.com' };
    const run = await deployVerified({ emulator, inputs });
    expect(run.exitCode).toBe(0);
    expect(channel.siteUrl).toBe('https://www.example.com');
  });

  test('moves without verification, too, and leaves nothing alone that is not asked for', async () => {
    const { emulator, channel } = await movedPlatform();
    expect((await deployVerified({ emulator, inputs: { verify: 'off' } })).exitCode).toBe(0);
    expect([siteCallsOf(emulator), channel.siteUrl]).toEqual([[], OLD]);
    const run = await deployVerified({ emulator, inputs: { ...INPUTS, verify: 'off' } });
    expect(run.outputs).toMatchObject({ outcome: 'deployed', 'site-url-before': OLD });
    expect(callsOf(emulator)).not.toContain('listDomains');
  });

  test('leaves a checkout behind on another domain: a warning', async () => {
    const { emulator, channel } = await movedPlatform();
    channel.checkoutUrl = 'https://checkout.old.com';
    const inputs = { ...INPUTS, 'site-url': 'www.example.com' };
    const run = await deployVerified({ emulator, inputs });
    expect(run.exitCode).toBe(0);
    expect(warningsOf(run)).toMatch(/checkout of channel 1 stays at https:\/\/checkout\.old\.com/);
  });
});

describe('nothing is asked about the site', () => {
  test('in a dry run, which says what it would do', async () => {
    const { emulator } = await movedPlatform();
    const run = await deployVerified({ emulator, inputs: { ...INPUTS, 'dry-run': 'true' } });
    expect(run.outputs).toMatchObject({ outcome: 'dry-run' });
    expect(emulator.requests).toEqual([]);
    expect(run.lines.join('\n')).toContain(
      'Site URL of channel 1: would be set to the address of the deployment, unless it is that already.',
    );
    expect(run.summary).toContain('channel 1: would be set to the address of the deployment');
  });

  test('when the storefront does not work', async () => {
    const { emulator, channel } = await movedPlatform((path, build) => (path === '/' && build === 1 ? 500 : 200));
    const inputs = { ...INPUTS, 'verify-timeout-seconds': '1' };
    const run = await deployVerified({ emulator, inputs });
    expect(run.outputs).toMatchObject({ outcome: 'unhealthy' });
    expect([siteCallsOf(emulator), channel.siteUrl]).toEqual([[], OLD]);
  });

  test('when it does not work, and only a warning is wished for', async () => {
    const { emulator, channel } = await movedPlatform((path, build) => (path === '/' && build === 1 ? 500 : 200));
    const inputs = { ...INPUTS, 'verify-timeout-seconds': '1', 'on-verify-failure': 'warn' };
    const run = await deployVerified({ emulator, inputs });
    expect(run.exitCode).toBe(0);
    expect([siteCallsOf(emulator), channel.siteUrl]).toEqual([[], OLD]);
    expect(warningsOf(run)).toContain('The site URL of channel 1 was not updated, since the storefront does not work.');
  });

  test('in a run for a pull request, with a warning; but in one for production', async () => {
    const { emulator, channel } = await movedPlatform();
    const run = await onPullRequest({ emulator, inputs: INPUTS });
    expect(run.exitCode).toBe(0);
    expect([siteCallsOf(emulator), channel.siteUrl]).toEqual([[], OLD]);
    expect(warningsOf(run)).toContain('update-site-url: it is ignored, since this run is for pull request #7.');
    const merged = await onPullRequest({ emulator, inputs: { ...INPUTS, environment: 'production' } });
    expect(merged.exitCode).toBe(0);
    expect(siteCallsOf(emulator)).toEqual(SITE_CALLS);
  });

  test.each([
    ['no channel', { 'update-site-url': 'true' }, 'channel-id: It is not given, and `update-site-url` is true.'],
    ['a channel that is none', { ...INPUTS, 'channel-id': 'one' }, 'channel-id: "one" is not a whole number.'],
    ['a preview', { ...INPUTS, preview: 'shared', 'pull-request': '7' }, 'update-site-url: It is true, and `preview`'],
    ['plain http', { ...INPUTS, 'site-url': 'http://shop.example' }, 'site-url: "http://shop.example" is not https.'],
  ])('with %s, which is an error before anything is sent', async (_, inputs, message) => {
    const emulator = await platform();
    const run = await startDeploy({ emulator, inputs }).finished;
    expect(run.exitCode).toBe(1);
    expect(failureOf(run).message).toContain(message);
    expect(emulator.requests).toEqual([]);
  });
});

describe('a site URL that is refused', () => {
  const refused = async (fault: object, inputs: Record<string, string> = {}) => {
    const story = await movedPlatform();
    story.emulator.addFault({ times: 'always', ...fault } as never);
    return { ...story, run: await deployVerified({ emulator: story.emulator, inputs: { ...INPUTS, ...inputs } }) };
  };

  test.each([
    [
      'a token that is no longer good',
      'getChannelSite',
      401,
      'Make sure that the secret behind `access-token` holds the token of a store-level API account of this store.',
    ],
    ['a missing scope', 'setChannelSite', 403, '"Sites & Routes: modify (store_sites)", or both'],
    ['an unknown channel', 'getChannelSite', 404, 'Check `channel-id`'],
    ['an address that does not fit', 'setChannelSite', 422, 'give another one as `site-url`'],
  ])('for %s: red, and the storefront is live', async (_, call, status, fix) => {
    const { emulator, run, shop, channel } = await refused({ call, effect: 'status', status });
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'healthy', url: shop.url });
    const failure = failureOf(run);
    expect(failure.title).toBe('Site URL not updated');
    expect(failure.message).toContain(`The storefront is live at ${shop.url}, and the site URL of channel 1 was not`);
    expect(failure.message).toContain(fix);
    expect(failure.message).toContain('catalyst channels update --channel-id 1 --hostname shop.localhost');
    expect(run.summary).toMatch(/^## ⚠️ Deployed to production, but setting the site URL failed\n/);
    expect(run.lines).toContain('Outcome: deployed, but setting the site URL failed');
    expect(channel.siteUrl).toBe(OLD);
    // What is live works: a rollback may go back to it.
    expect(lastStatuses(emulator).at(-1)).toMatchObject({
      state: 'success',
      description: expect.stringMatching(/^Deployed in .*, but setting the site URL failed: deployment /),
    });
    expect(run.outputs['site-url-before']).toBe(call === 'setChannelSite' ? OLD : undefined);
  });

  test('for one of the two scopes: nothing is sent', async () => {
    const accessToken = 'token-without-sites';
    const { emulator } = await movedPlatform(undefined, {
      tokens: {
        [accessToken]: [
          'store_infrastructure_deployments_manage',
          'store_infrastructure_projects_manage',
          'store_channel_settings',
        ],
      },
    });
    const run = await deployVerified({ emulator, inputs: { ...INPUTS, 'access-token': accessToken } });
    expect(run.outputs).toMatchObject({ outcome: 'deployed' });
    expect(failureOf(run).message).toContain('"Channel Settings: modify (store_channel_settings)"');
    expect(siteCallsOf(emulator)).toEqual(['getChannelSite']);
  });

  test('by a platform that is down: whether it was set is not known', async () => {
    const { run } = await refused({
      ...{ call: 'setChannelSite', effect: 'status', status: 503, headers: { 'retry-after': '100000' } },
    });
    expect(run.outputs).toMatchObject({ outcome: 'deployed' });
    expect(failureOf(run).message).toContain('whether the site URL of channel 1 was updated is not known');
    expect(run.lines.join('\n')).toContain(`Site URL: channel 1: may or may not be set to `);
  });

  test('by an answer that names another address', async () => {
    const body = { data: { id: 1000, url: 'https://other.example', channel_id: 1 } };
    const { run } = await refused({ call: 'setChannelSite', effect: 'status', status: 200, body });
    expect(failureOf(run).message).toContain('answered that it is https://other.example');
  });

  test('for a moment only is set all the same', async () => {
    const { emulator, channel, shop } = await movedPlatform();
    emulator.addFault({ call: 'getChannelSite', effect: 'status', status: 500, times: 1 });
    emulator.addFault({ call: 'setChannelSite', effect: 'lost-answer', times: 1 });
    emulator.addFault({ call: 'setChannelSite', effect: 'reset-before', times: 1 });
    const run = await deployVerified({ emulator, inputs: INPUTS });
    expect(run.outputs).toMatchObject({ outcome: 'deployed', 'site-url-before': OLD });
    expect(run.exitCode).toBe(0);
    expect(channel.siteUrl).toBe(shop.url);
  });
});

test('a job that is cancelled meanwhile says that it is live, and what is not known', async () => {
  const { emulator } = await movedPlatform();
  emulator.addFault({ call: 'setChannelSite', effect: 'hang', times: 'always' });

  const started = startVerified({ emulator, inputs: INPUTS });
  await emulator.waitForRequest('setChannelSite');
  started.kill('SIGINT');
  const run = await started.finished;
  expect(run.outputs).toMatchObject({ outcome: 'cancelled', verification: 'healthy' });
  expect(failureOf(run).message).toMatch(
    /completed deployment \S+ before: it is live, and the site URL of channel 1 may or may not be updated/,
  );
  expect(run.lines).toContain('Outcome: cancelled (it is live; the site URL of channel 1 may or may not be updated)');
  expect(lastStatuses(emulator).at(-1)).toMatchObject({
    state: 'error',
    description: expect.stringMatching(/^Live, but/),
  });
});
