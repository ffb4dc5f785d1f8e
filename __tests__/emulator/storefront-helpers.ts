import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe } from '@jest/globals';
import { createParser } from 'eventsource-parser';
import type { Emulator } from '../../emulator/emulator.ts';
import { unlessAborted } from '../../emulator/time-limit.ts';
import { fetchPage } from '../../scripts/served-page.ts';
import { timeoutMs } from '../timeouts.ts';
import { callApi, createDeployment, createZip, readJson, upload } from './helpers.ts';

export const isInstalled = existsSync(
  new URL('../../emulator/services/storefront/node_modules/miniflare', import.meta.url),
);
if (!isInstalled) process.stderr.write("Skipped: storefronts need miniflare; run 'npm run serve:install'.\n");

/** `describe`, skipped where miniflare is not installed. */
export const describeServed = isInstalled ? describe : describe.skip;

export function addressOf(emulator: Emulator, index = 0): string {
  return emulator.storefronts.addressOf(emulator.projects[index]?.uuid ?? '') ?? '';
}

/** Deploys a worker, and waits for the verdict. */
export async function deployWorker(
  emulator: Emulator,
  worker: string,
  more: { files?: Record<string, string>; body?: object } = {},
) {
  const files = Object.entries({ 'worker.js': worker, ...more.files });
  const zip = createZip(files.map(([name, content]) => ({ name: `output/${name}`, content })));
  const answer = await readJson(createDeployment(emulator, await upload(emulator, zip), more.body));
  const uuid: string = answer.data.deployment_uuid;
  return await emulator.waitForDeployment((one) => one.deploymentUuid === uuid && one.endedAtMs !== undefined);
}

/**
 * Opens the log tail of the first project. What is returned waits for so many events, and closes the tail.
 * @throws where the stream ends before
 */
export async function openTail(emulator: Emulator): Promise<(count: number) => Promise<unknown[]>> {
  const { body } = await callApi(emulator, `/logs/${emulator.projects[0]?.uuid}/tail`);
  return async (count) => {
    const events: unknown[] = [];
    const parser = createParser({ onEvent: ({ data }) => events.push(JSON.parse(data)) });
    const decoder = new TextDecoder();
    for await (const chunk of body ?? []) {
      parser.feed(decoder.decode(chunk, { stream: true }));
      if (events.length >= count) return events;
    }
    throw new Error(`The tail ended after ${events.length} of ${count} events.`);
  };
}

/** An option that hears what the platform tells of its storefronts. `next` waits for what comes from now on. */
export function createNotes() {
  const notes = new EventEmitter();
  return {
    onServeNote: (note: string) => void notes.emit('note', note),
    next: async () => {
      const [note] = await once(notes, 'note', { signal: AbortSignal.timeout(timeoutMs(30_000)) });
      return note as string;
    },
  };
}

/** Asks for the page over and over while something is done. @returns what was answered, in its order */
export async function askDuring(address: string, work: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      const { status, body } = await fetchPage(address);
      seen.push(`${status} ${body}`);
    }
  })();
  try {
    await work();
  } finally {
    isOver = true;
    await asking;
  }
  return seen;
}

/** Until the build of this deployment answers. */
export async function waitForBuild(emulator: Emulator, { deploymentUuid }: { deploymentUuid: string }): Promise<void> {
  const limit = AbortSignal.timeout(timeoutMs(30_000));
  await unlessAborted(emulator.storefronts.waitForBuild(deploymentUuid), limit);
}

/** A worker whose pages have these words. */
export function page(words: string): string {
  return `export default { fetch: () => new Response(${JSON.stringify(words)}) }`;
}
