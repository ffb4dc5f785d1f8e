import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { timeoutMs } from '../timeouts.ts';
import { useEmulator } from './helpers.ts';
import { useVendorTool } from './vendor-tool-helpers.ts';

const LIMIT_MS = timeoutMs(120_000);
const DOMAIN = 'www.example.com';

const tool = useVendorTool();

const on = (emulator: Emulator, ...args: string[]) => tool.run(emulator, ['domains', ...args]);

test(
  'domains add, list, status and remove change what the project has',
  async () => {
    await using emulator = await useEmulator({ tls: true, domainVerifyMs: 'never' });
    const added = await on(emulator, 'add', DOMAIN);
    expect(added.output).toContain(`Domain ${DOMAIN} added.`);
    expect(added.output).toContain(`${DOMAIN} pending`);
    expect(added.output).toMatch(/A {6}198\.51\.100\.10\n +CNAME {2}\S+/);
    expect(emulator.domains.list).toEqual([
      { domain: DOMAIN, projectUuid: emulator.projects[0]?.uuid, status: 'pending' },
    ]);
    expect((await on(emulator, 'add', DOMAIN)).output).toContain('The project has this domain already.');
    expect((await on(emulator, 'add', 'not a domain')).output).toContain('domain: must be a domain name');
    emulator.domains.setStatus(DOMAIN, 'verified');
    expect((await on(emulator, 'list')).output).toContain(`${DOMAIN} active`);
    expect((await on(emulator, 'list', '--status', 'pending')).output).toContain('No custom domains found.');
    expect((await on(emulator, 'list', '--domain', 'other.example.com')).output).toContain('No custom domains found.');
    expect((await on(emulator, 'status', DOMAIN)).output).toContain(`${DOMAIN} active`);
    expect((await on(emulator, 'remove', DOMAIN, '--force')).output).toContain(`Domain ${DOMAIN} removed.`);
    expect(emulator.domains.list).toEqual([]);
    expect((await on(emulator, 'status', DOMAIN)).output).toContain('The domain was not found.');
    expect(emulator.violations).toEqual([]);
  },
  2 * LIMIT_MS,
);

test(
  'domains add --wait sees the verification',
  async () => {
    await using emulator = await useEmulator({ tls: true, domainVerifyMs: 'never' });
    const { done } = tool.start(emulator, ['domains', 'add', DOMAIN, '--wait']);
    await emulator.waitForRequestEnd('getDomain');
    emulator.domains.setStatus(DOMAIN, 'verified');
    expect(await done).toMatchObject({ code: 0, output: expect.stringContaining(`${DOMAIN} active`) });
  },
  LIMIT_MS,
);

test(
  'domains transfer moves a domain to another project, once it is asked of the one that has it',
  async () => {
    await using emulator = await useEmulator({ tls: true, domainVerifyMs: 'never', projects: ['one', 'two'] });
    const [one, two] = emulator.projects.map(({ uuid }) => uuid);
    if (one === undefined || two === undefined) throw new Error('There are no two projects.');
    await on(emulator, 'add', DOMAIN);
    const conflict = await on(emulator, 'add', DOMAIN, '--project-uuid', two);
    expect(conflict.code).toBe(1);
    expect(conflict.output).toContain(
      `catalyst domains transfer ${DOMAIN} --project-uuid ${one} --to-project-uuid ${two}`,
    );
    const elsewhere = await on(emulator, 'transfer', DOMAIN, '--project-uuid', two, '--to-project-uuid', one);
    expect(elsewhere.output).toContain(`is on project "one" (${one})`);
    const moved = await on(emulator, 'transfer', DOMAIN, '--to-project-uuid', two);
    expect(moved.output).toContain(`Domain ${DOMAIN} transferred.`);
    expect(emulator.domains.list).toEqual([{ domain: DOMAIN, projectUuid: two, status: 'pending' }]);
  },
  LIMIT_MS,
);

test(
  "domains claim takes another store's domain over, once its record is in the DNS",
  async () => {
    await using emulator = await useEmulator({ tls: true, domainVerifyMs: 'never' });
    const { name, value } = emulator.domains.addForeign(DOMAIN);
    for (const command of ['add', 'claim']) {
      const { code, output } = await on(emulator, command, DOMAIN);
      expect(code).toBe(1);
      for (const part of ['Type:  TXT', `Name:  ${name}`, `Value: ${value}`]) expect(output).toContain(part);
    }
    expect(emulator.domains.list).toEqual([]);
    emulator.domains.publishOwnership(DOMAIN);
    expect((await on(emulator, 'claim', DOMAIN)).output).toContain(`Domain ${DOMAIN} claimed.`);
    expect(emulator.domains.list).toMatchObject([{ domain: DOMAIN, status: 'pending' }]);
  },
  LIMIT_MS,
);
