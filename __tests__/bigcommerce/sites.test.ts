/** Sites of channels and domains of projects: what is asked, and what becomes of odd answers. */
import { describe, expect, test } from '@jest/globals';
import { createChannelsClient } from '../../src/bigcommerce/channels.ts';
import { createDomainsClient } from '../../src/bigcommerce/domains.ts';
import { isUncertain } from '../../src/net/errors.ts';
import { endOf } from '../actions/end-of.ts';
import { type Answer, loseAnswer, type Seen, serveRecorded } from './small-server.ts';

async function clients(answer: (seen: Seen, before: number) => Answer) {
  const server = await serveRecorded(answer);
  const retries: string[] = [];
  const signal = new AbortController().signal;
  const api = { ...server, signal, onRetry: (what: string) => void retries.push(what) };
  return {
    ...{ channels: createChannelsClient(api), domains: createDomainsClient(api), requests: server.requests, retries },
  };
}

const json = (data: unknown, meta: unknown = {}) => ({ json: { data, meta } });

describe('the site of a channel', () => {
  test('is asked with the token, and its checkout is known only where it has an address of its own', async () => {
    const urls = [
      { url: 'https://checkout.example', type: 'checkout' },
      { url: 'https://store-abc.example', type: 'canonical' },
      { type: 7 },
    ];
    const site = { id: 1000, channel_id: 1, url: 'https://shop.example', urls };
    const { channels, requests } = await clients((_, before) =>
      json(before === 0 ? { ...site, is_checkout_url_customized: true } : site),
    );
    expect(await channels.readSite(1)).toEqual({
      url: 'https://shop.example',
      customCheckoutUrl: 'https://checkout.example',
    });
    expect(await channels.readSite(1)).toEqual({ url: 'https://shop.example', customCheckoutUrl: undefined });
    expect(requests[0]).toMatchObject({ method: 'GET', headers: { 'x-auth-token': 'token' } });
    expect(requests[0]?.url.pathname).toBe('/stores/abc/v3/channels/1/site');
  });

  test('is set by one request, whose answer is narrower', async () => {
    const { channels, requests } = await clients(() => json({ id: 1000, channel_id: 7, url: 'https://new.example' }));
    expect(await channels.updateSite(7, 'https://new.example')).toMatchObject({ url: 'https://new.example' });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: 'PUT', headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(`${requests[0]?.body}`)).toEqual({ url: 'https://new.example' });
  });

  test('is set again after a fault, a lost answer and an answer that is not the API’s', async () => {
    const answers: Answer[] = [{ status: 503 }, loseAnswer, json({ id: 1 }), json({ url: 'https://new.example' })];
    const { channels, requests, retries } = await clients((_, before) => answers[before] ?? { status: 500 });
    expect(await channels.updateSite(7, 'https://new.example')).toMatchObject({ url: 'https://new.example' });
    expect(requests).toHaveLength(4);
    expect(new Set(retries)).toEqual(new Set(['Setting the site URL of channel 7']));
  });

  test.each([
    [401, {}, /Make sure that the secret behind `access-token` holds the token of a store-level API account/],
    [
      403,
      {},
      /"Channel Settings: modify \(store_channel_settings\)" or the scope "Sites & Routes: modify \(store_sites\)", or both/,
    ],
    [404, {}, /Check `channel-id` and `store-hash`/],
    [422, { errors: { url: 'is taken' } }, /does not take this address .* `site-url`/],
    [422, {}, /refused it: give another one as `site-url`/],
    [423, {}, /locked/],
  ])('that is refused with %i says what to do, and is not asked again', async (status, body, fix) => {
    const { channels, requests } = await clients(() => ({ status, json: body }));
    const error = await endOf(channels.updateSite(7, 'https://new.example'));
    expect(error?.message).toContain(`Setting the site URL of channel 7: PUT`);
    expect(error?.message).toContain(`answered ${status}`);
    expect(error?.fix).toMatch(fix);
    expect(isUncertain(error)).toBe(false);
    expect(requests).toHaveLength(1);
  });

  test('may have been set where the platform had a fault that does not end', async () => {
    const { channels } = await clients(() => ({ status: 503, headers: { 'retry-after': '100000' } }));
    expect(isUncertain(await endOf(channels.updateSite(7, 'https://new.example')))).toBe(true);
  });
});

describe('the domains of a project', () => {
  test('are read with their records, as far as they are given', async () => {
    const ownership = { type: 'TXT', name: '_ownership.taken.example', value: '0a1b' };
    const data = [
      { domain: 'ok.example', project_uuid: 'p', verification_status: 'verified' },
      {
        domain: 'www.shop.example',
        verification_status: 'pending',
        pointing_records: { a_record_value: '198.51.100.10', cname_record_value: 'p.host.example' },
      },
      { domain: 'apex.example', verification_status: 'failed', pointing_records: { cname_record_value: null } },
      { domain: 'odd.example', verification_status: 7, pointing_records: 'none' },
      { domain: 'own.example', verification_status: 'pending', ownership_verification: ownership },
      { domain: 'taken.example', verification_status: 'failed', pointing_records: null },
      null,
      { domain: 'a b\n::error::x', verification_status: 'pending' },
    ];
    const { domains, requests } = await clients(() => json(data, { ownership_verification: ownership }));
    expect(await domains.listDomains('p')).toEqual([
      { domain: 'ok.example', status: 'verified', records: [] },
      {
        domain: 'www.shop.example',
        status: 'pending',
        records: [
          { type: 'A', name: 'www.shop.example', value: '198.51.100.10' },
          { type: 'CNAME', name: 'www.shop.example', value: 'p.host.example' },
        ],
      },
      { domain: 'apex.example', status: 'failed', records: [] },
      { domain: 'odd.example', status: 'unknown', records: [] },
      { domain: 'own.example', status: 'pending', records: [ownership] },
      { domain: 'taken.example', status: 'failed', records: [ownership] },
    ]);
    expect(requests.map(({ url }) => url.pathname)).toEqual(['/stores/abc/v3/infrastructure/projects/p/domains']);
  });

  test.each([
    ['a fault', { status: 503 }],
    ['a refusal', { status: 403 }],
    ['a lost answer', loseAnswer],
    ['another list', json('none')],
  ] satisfies [string, Answer][])('are asked once: %s ends it', async (_, answer) => {
    const { domains, requests, retries } = await clients(() => answer);
    expect(await endOf(domains.listDomains('p'))).toBeInstanceOf(Error);
    expect(requests).toHaveLength(1);
    expect(retries).toEqual([]);
  });
});
