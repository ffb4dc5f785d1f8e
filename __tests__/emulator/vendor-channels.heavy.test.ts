import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { timeoutMs } from '../timeouts.ts';
import { useEmulator } from './helpers.ts';
import { useVendorTool } from './vendor-tool-helpers.ts';

const LIMIT_MS = timeoutMs(120_000);
const SITE = 'https://www.example.com';

const tool = useVendorTool();

test(
  "channels info and update show and change a channel's site and checkout",
  async () => {
    await using emulator = await useEmulator({ tls: true });
    const [channel] = emulator.channels.list;
    const on = (command: string, ...args: string[]) =>
      tool.run(emulator, ['channels', command, '--channel-id', '1', ...args]);
    const before = await on('info');
    expect(before.output).toContain(`Storefront  ${channel?.canonicalUrl}`);
    expect(before.output).toContain('no checkout URL of its own');
    expect(before.code).toBe(0);
    const update = await on('update', '--hostname', 'www.example.com', '--checkout-url', 'checkout.example.com');
    expect(update.output).toContain(`site URL to ${SITE}.`);
    expect(update.output).toContain('checkout URL to https://checkout.example.com.');
    expect(channel).toMatchObject({ siteUrl: SITE, checkoutUrl: 'https://checkout.example.com' });
    const refused = await on('update', '--checkout-url', 'checkout.other.com');
    expect(refused.code).not.toBe(0);
    expect(channel).toMatchObject({ checkoutUrl: 'https://checkout.example.com' });
    expect((await on('update', '--remove-checkout-url')).output).toContain('Removed the custom checkout URL');
    expect(channel).toMatchObject({ siteUrl: SITE, checkoutUrl: undefined });
    expect(emulator.violations).toEqual([]);
  },
  LIMIT_MS,
);

test(
  "channels create and link write a channel's variables, by the vendor's gateway",
  async () => {
    await using emulator = await useEmulator({ tls: true });
    const storefront = await tool.directory('shop');
    const gateway = ['--cli-api-origin', emulator.origin];
    const variables = () => readFile(join(storefront, '.env.local'), 'utf8');
    const choices = ['--locale', 'en', '--additional-locales', 'es', '--no-sample-data', '--link'];
    const create = ['channels', 'create', '--name', 'Second', ...choices, ...gateway];
    expect((await tool.run(emulator, create, storefront)).output).toContain('Created channel 2.');
    expect(emulator.channels.list).toMatchObject([{ id: 1 }, { id: 2, name: 'Second', platform: 'catalyst' }]);
    expect(await variables()).toContain('BIGCOMMERCE_CHANNEL_ID=2\n');
    const link = ['channels', 'link', '--channel-id', '1', ...gateway];
    expect((await tool.run(emulator, link, storefront)).output).toContain('Linked to channel 1');
    expect(await variables()).toContain('BIGCOMMERCE_CHANNEL_ID=1\n');
    expect(await variables()).toContain(`BIGCOMMERCE_STORE_HASH=${emulator.storeHash}\n`);
    const unknown = await tool.run(emulator, ['channels', 'link', '--channel-id', '9', ...gateway], storefront);
    expect(unknown.code).not.toBe(0);
    expect(emulator.violations).toEqual([]);
  },
  LIMIT_MS,
);
