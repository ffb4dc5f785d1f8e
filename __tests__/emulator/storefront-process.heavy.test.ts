/** The platform as a process of its own: nothing of it is left once it ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { fetchPage } from '../../scripts/served-page.ts';
import { onCleanUp, temporaryFolder } from '../clean-up.ts';
import { timeoutMs } from '../timeouts.ts';
import { createDeployment, createZip, openEvents, readEvents, readJson, upload } from './helpers.ts';
import { describeServed } from './storefront-helpers.ts';

const CLI = fileURLToPath(new URL('../../emulator/cli.ts', import.meta.url));
/** Asks for what no program listens at, so that a request that is let through fails at once. */
const WORKER = `export default { async fetch() { return new Response(String((await fetch('http://127.0.0.1:9/x?key=1')).status)); } }`;
const LIMIT_MS = timeoutMs(60_000);

describeServed('the command with --serve', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('leaves no process and no folder after %s', async (signal) => {
    const folder = temporaryFolder();
    const args = ['--port', '0', '--serve', '--serve-port', '0', '--project', 'shop', '--step-ms', '1'];
    const child = spawn(process.execPath, [CLI, ...args], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = once(child, 'close');
    // Its end also ends the wait for a line that does not come.
    const limit = setTimeout(() => child.kill(), LIMIT_MS);
    onCleanUp(async () => {
      clearTimeout(limit);
      child.kill();
      await closed;
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const readUntil = async (pattern: RegExp) => {
      let seen = '';
      while (!pattern.test(seen)) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`The end came before ${pattern}: ${seen}`);
        seen += `${value}\n`;
      }
      return seen;
    };
    const printed = await readUntil(/^Requests/m);
    const setting = (name: string) => new RegExp(`^CATALYST_${name}=(.+)$`, 'm').exec(printed)?.[1] ?? '';
    const emulator = {
      origin: setting('API_HOST'),
      storeHash: setting('STORE_HASH'),
      accessToken: setting('ACCESS_TOKEN'),
      projects: [{ uuid: setting('PROJECT_UUID') }],
    } as unknown as Emulator;
    const zip = createZip([{ name: 'output/worker.js', content: WORKER }]);
    const { data } = await readJson(createDeployment(emulator, await upload(emulator, zip)));
    expect((await readEvents(await openEvents(emulator, data.deployment_uuid))).join()).toContain('completed');
    const address = /http:\/\/shop\.localhost:\d+/.exec(printed)?.[0] ?? '';
    expect((await fetchPage(address)).body).toBe('403');
    expect(await readUntil(/^storefront: denied/m)).toContain(
      'denied GET http://127.0.0.1:9/x (--serve-allow 127.0.0.1:9 ',
    );
    const children = descendantsOf(child.pid ?? 0);
    expect(children.some((pid) => commandOf(pid).includes('workerd'))).toBe(true);
    child.kill(signal);
    expect(await closed).toEqual([0, null]);
    expect(children.filter((pid) => commandOf(pid) !== '')).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });
});

/** Ids of the processes that it has started, and of those that they have. */
function descendantsOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  const children = text === '' ? [] : text.split(' ').map(Number);
  return children.flatMap((one) => [one, ...descendantsOf(one)]);
}

/** `''`: it has ended. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
