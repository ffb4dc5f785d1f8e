import { describe, expect, test } from '@jest/globals';
import { planSiteUrl, updateSiteUrl } from '../../src/actions/site-url.ts';
import type { ChannelsClient } from '../../src/bigcommerce/channels.ts';
import type { VerificationRecord } from '../../src/domain/verification/checks.ts';
import { ActionError, CancelledError } from '../../src/errors.ts';
import { NetworkError } from '../../src/net/errors.ts';
import type { DeployEvent } from '../../src/report/deploy-record.ts';
import { createFakeRun } from '../fake-run.ts';
import { endOf } from './end-of.ts';

const OLD = 'https://old.example';
const LIVE = 'https://shop.host.example';

interface Story {
  url?: string;
  urls?: readonly string[];
  state?: VerificationRecord['state'];
  channels?: Partial<ChannelsClient>;
  signal?: AbortSignal;
}

async function tell({ url, urls = [LIVE, 'https://www.example'], state, channels, signal }: Story) {
  const run = createFakeRun<DeployEvent>();
  const sent: string[] = [];
  const client: ChannelsClient = {
    readSite: async () => ({ url: OLD, customCheckoutUrl: undefined }),
    updateSite: async (channelId, to) => {
      sent.push(`${channelId}: ${to}`);
      return { url: to, customCheckoutUrl: undefined };
    },
    ...channels,
  };
  const live = { urls, verification: state === undefined ? undefined : { state } };
  const dependencies = { channels: client, run, signal: signal ?? new AbortController().signal };
  const error = await endOf(updateSiteUrl({ channelId: 3, url }, live, dependencies));
  const records = run.eventsOf('site-url').map(({ siteUrl }) => siteUrl);
  return { error, sent, run, states: records.map((one) => one.state), last: records.at(-1) };
}

test('the canonical address becomes the site URL, and each step is known before it is taken', async () => {
  const { error, sent, states, last, run } = await tell({ state: 'healthy' });
  expect(error).toBeUndefined();
  expect(sent).toEqual([`3: ${LIVE}`]);
  expect(states).toEqual(['reading', 'updating', 'updated']);
  expect(last).toEqual({ channelId: 3, state: 'updated', url: LIVE, before: OLD });
  expect(run.results).toEqual([`${LIVE} (channel 3; before: ${OLD})`]);
});

test.each(['inconclusive', 'skipped', undefined] as const)(
  'a verification that is %s does not keep it',
  async (state) => {
    expect((await tell({ state: state as never })).sent).toHaveLength(1);
  },
);

test('a storefront that does not work gets no shoppers', async () => {
  const { error, sent, states, run } = await tell({ state: 'unhealthy' });
  expect([error, sent, states]).toEqual([undefined, [], ['kept']]);
  expect(run.warnings).toHaveLength(1);
});

test('the same address is not sent', async () => {
  const { sent, states } = await tell({ url: `${OLD}/` });
  expect([sent, states]).toEqual([[], ['reading', 'unchanged']]);
});

test('without an address there is nothing to set it to', async () => {
  const { error, sent, last } = await tell({ urls: [] });
  expect(error).toMatchObject({ title: 'Site URL not updated', outcome: 'deployed' });
  expect(error?.message).toMatch(
    /^The storefront is live, and the site URL of channel 3 was not updated\. The platform named no/,
  );
  expect(error?.fix).toContain('`site-url`');
  expect(sent).toEqual([]);
  expect(last).toMatchObject({ state: 'failed' });
  expect((await tell({ urls: [], url: LIVE })).sent).toEqual([`3: ${LIVE}`]);
});

test.each([
  ['read', { readSite: async () => Promise.reject(new ActionError('No.', { fix: 'Do it.' })) }, undefined],
  ['set', { updateSite: async () => Promise.reject(new ActionError('No.', { fix: 'Do it.' })) }, OLD],
])('a site that cannot be %s leaves the outcome as it is', async (_, channels, before) => {
  const { error, last } = await tell({ channels });
  expect(error).toMatchObject({
    title: 'Site URL not updated',
    outcome: 'deployed',
    fix: expect.stringMatching(/^Do it\. /),
  });
  expect(error?.message).toBe(`The storefront is live at ${LIVE}, and the site URL of channel 3 was not updated. No.`);
  expect(last).toEqual({ channelId: 3, state: 'failed', url: LIVE, ...(before !== undefined && { before }) });
});

describe('a request of which it is not known whether it was carried out', () => {
  const lost = new NetworkError('Setting the site URL', {
    ...{ method: 'PUT', url: new URL('https://api.example'), outcome: 'broke off', delivery: 'lost-answer' },
  });
  const story = (after: ChannelsClient['readSite']) => {
    const reads = [async () => ({ url: OLD, customCheckoutUrl: undefined }), after];
    return {
      updateSite: async () => Promise.reject(lost),
      readSite: async (channelId: number) => await (reads.shift() ?? after)(channelId),
    };
  };

  test('was, if the site has the address now', async () => {
    const { error, states, run } = await tell({
      channels: story(async () => ({ url: LIVE, customCheckoutUrl: undefined })),
    });
    expect(error).toBeUndefined();
    expect(states).toEqual(['reading', 'updating', 'updated']);
    expect(run.results).toEqual([`${LIVE} (channel 3; before: ${OLD})`]);
  });

  test.each<[string, ChannelsClient['readSite']]>([
    ['has not (yet)', async () => ({ url: OLD, customCheckoutUrl: undefined })],
    ['cannot be read', async () => Promise.reject(new ActionError('No.'))],
  ])('may still be, if the site %s', async (_, after) => {
    const { error, last } = await tell({ channels: story(after) });
    expect(error?.message).toContain(
      'whether the site URL of channel 3 was updated is not known. Setting the site URL',
    );
    expect(error?.title).toBe('Site URL may not have been updated');
    expect(last).toMatchObject({ state: 'unknown', before: OLD });
  });

  test('nor what became of one that gave another address', async () => {
    const updateSite = async () => ({ url: 'https://other.example', customCheckoutUrl: undefined });
    const { error, last } = await tell({ channels: { updateSite } });
    expect(error?.message).toMatch(
      /is not known\. The platform took .* and answered that it is https:\/\/other\.example\./,
    );
    expect(last).toMatchObject({ state: 'unknown' });
  });

  test('none was sent where the site could not be read before', async () => {
    const { sent, last } = await tell({ channels: { readSite: async () => Promise.reject(lost) } });
    expect([sent, last?.state]).toEqual([[], 'failed']);
  });
});

test('a cancellation is what ends it, and the last state is that of the request', async () => {
  const stop = new AbortController();
  const reason = new CancelledError('The job was cancelled.');
  const updateSite = async () => {
    stop.abort(reason);
    throw new Error('the connection is gone');
  };
  const { error, states } = await tell({ channels: { updateSite }, signal: stop.signal });
  expect(error).toBe(reason);
  expect(states).toEqual(['reading', 'updating']);
});

test('a dry run says what it would do', () => {
  const run = createFakeRun<DeployEvent>();
  planSiteUrl({ channelId: 3, url: LIVE }, run);
  expect(run.lines).toEqual([`Site URL of channel 3: would be set to ${LIVE}, unless it is that already.`]);
  expect(run.eventsOf('site-url')).toMatchObject([{ siteUrl: { state: 'planned', url: LIVE } }]);
});
