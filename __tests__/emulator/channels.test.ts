import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { sharesMainDomain } from '../../emulator/services/channels/main-domain.ts';
import { readJson, useEmulator } from './helpers.ts';

function call(emulator: Emulator, path: string, method = 'GET', body?: unknown, token = emulator.accessToken) {
  return fetch(`${emulator.origin}/stores/${emulator.storeHash}${path}`, {
    method,
    headers: { 'X-Auth-Token': token },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

const SITE = '/v3/channels/1/site';

test('a channel has a site; its url can be changed, and the answer to that is narrow', async () => {
  await using emulator = await useEmulator();
  const canonical = `https://store-${emulator.storeHash}-1.mybigcommerce.example`;
  const before = await readJson(call(emulator, SITE));
  expect(before.data).toEqual({
    id: 1000,
    url: canonical,
    channel_id: 1,
    ssl_status: null,
    is_checkout_url_customized: false,
    urls: [
      { url: canonical, type: 'primary' },
      { url: canonical, type: 'canonical' },
      { url: canonical, type: 'checkout' },
    ],
  });
  const changed = await call(emulator, SITE, 'PUT', { url: 'https://shop.example.com/' });
  expect([changed.status, (await readJson(changed)).data]).toEqual([
    200,
    { id: 1000, url: 'https://shop.example.com', channel_id: 1 },
  ]);
  expect((await readJson(call(emulator, SITE))).data.url).toBe('https://shop.example.com');
  expect(emulator.channels.list).toMatchObject([{ id: 1, siteUrl: 'https://shop.example.com' }]);
});

test.each([{ url: 'shop.example.com' }, { url: 'ftp://shop.example.com' }, { url: 7 }, [], {}])(
  'the body %j is refused',
  async (body) => {
    await using emulator = await useEmulator();
    for (const path of [SITE, `${SITE}/checkout-url`]) {
      const response = await call(emulator, path, 'PUT', body);
      expect([response.status, (await readJson(response)).errors]).toEqual([422, { url: expect.any(String) }]);
    }
  },
);

test('a checkout url must share its main domain with the storefront, and goes again', async () => {
  await using emulator = await useEmulator();
  await call(emulator, SITE, 'PUT', { url: 'https://www.example.com' });
  const put = (url: string) => call(emulator, `${SITE}/checkout-url`, 'PUT', { url });
  for (const url of ['https://checkout.other.com', 'http://checkout.example.com']) {
    expect((await put(url)).status).toBe(422);
  }
  const changed = await readJson(put('https://checkout.example.com'));
  expect(changed.data).toMatchObject({ is_checkout_url_customized: true });
  expect(changed.data.urls[2]).toEqual({ url: 'https://checkout.example.com', type: 'checkout' });
  expect((await call(emulator, `${SITE}/checkout-url`, 'DELETE')).status).toBe(200);
  expect((await readJson(call(emulator, SITE))).data).toMatchObject({ is_checkout_url_customized: false });
});

test('a channel without a checkout url of its own has that of the default channel', async () => {
  await using emulator = await useEmulator();
  emulator.channels.add('Second');
  await call(emulator, SITE, 'PUT', { url: 'https://default.example.com' });
  const { data } = await readJson(call(emulator, '/v3/channels/2/site'));
  expect([data.id, data.urls[2].url]).toEqual([1001, 'https://default.example.com']);
});

test('an unknown channel is 404, and a site takes both scopes', async () => {
  const tokens = { one: ['store_sites'], both: ['store_channel_settings', 'store_sites'] } as const;
  await using emulator = await useEmulator({ tokens });
  expect((await call(emulator, '/v3/channels/9/site')).status).toBe(404);
  expect((await call(emulator, '/v3/channels/9/site', 'PUT', { url: 'https://a.example' })).status).toBe(404);
  for (const [token, status] of [
    ['one', 403],
    ['both', 200],
    ['none', 401],
  ] as const) {
    expect((await call(emulator, SITE, 'GET', undefined, token)).status).toBe(status);
  }
});

test("channels are listed, and created by the vendor's gateway for its tool", async () => {
  await using emulator = await useEmulator();
  const gateway = '/cli-api/v3/channels';
  expect((await readJson(call(emulator, `${gateway}/catalyst/eligibility`))).data.eligible).toBe(true);
  expect((await call(emulator, `${gateway}/catalyst`, 'POST', { name: "Bob's" })).status).toBe(422);
  const { data } = await readJson(call(emulator, `${gateway}/catalyst`, 'POST', { name: 'Second' }));
  const { data: init } = await readJson(call(emulator, `${gateway}/2/init`));
  expect(data).toEqual({ id: 2, ...init });
  expect(init.envVars).toMatchObject({ BIGCOMMERCE_CHANNEL_ID: 2, BIGCOMMERCE_STORE_HASH: emulator.storeHash });
  const listed = await readJson(call(emulator, '/v3/channels?available=true&type=storefront'));
  expect(listed.data.map(({ id, name }: { id: number; name: string }) => [id, name])).toEqual([
    [1, 'Catalyst Storefront'],
    [2, 'Second'],
  ]);
});

test.each([
  ['a.example.com', 'example.com', true],
  ['a.example.com', 'b.EXAMPLE.com', true],
  ['example.co.uk', 'other.co.uk', false],
  ['a.example.co.uk', 'example.co.uk', true],
  ['127.0.0.1', '127.0.0.1', false],
  ['localhost', 'localhost', false],
])('%s and %s share their main domain: %j', (one, other, expected) => {
  expect(sharesMainDomain(one, other)).toBe(expected);
});
