/** `npm run demo -- --serve`: the deployed storefront runs, and can be looked at in a browser. */
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { Emulator } from '../emulator/emulator.ts';
import type { FinishedRun } from './action-runner.ts';
import { runInPlatform, VARIABLES } from './demo-platform.ts';
import { printHeading, printLine, printOutputs, writeDemoFile } from './demo-print.ts';
import { fetchPage, type ServedPage } from './served-page.ts';

/** Pages that are fetched, and the status that each answers with. */
const PAGES: readonly (readonly [path: string, status: number])[] = [
  ['/', 200],
  ['/products/enamel-mug/', 200],
  ['/cart', 308],
  ['/cart/', 200],
  ['/reviews/', 200],
  ['/boom', 500],
  ['/no-such-page', 404],
  ['/BUILD_ID', 200],
];

/** From the last page on: the platform hears of an exception when its request is over. */
const TAIL_TIMEOUT_MS = 10_000;

/** Deploys the demo's storefront to a platform that serves it. @returns the run, whose output `url` is its address */
export async function deployServed(
  emulator: Emulator,
  workspace: string,
  onLine?: (line: string) => void,
): Promise<FinishedRun> {
  const inputs = { 'project-name': 'demo-storefront', ...VARIABLES };
  return await runInPlatform(emulator, { workspace, inputs, ...(onLine === undefined ? {} : { onLine }) });
}

/** @returns whether it was deployed, and each page was answered as it should be */
export async function showServed(emulator: Emulator, workspace: string, isOnce: boolean): Promise<boolean> {
  // From the start on: whenever Ctrl+C comes, files and processes are cleaned up.
  const interrupted = isOnce ? undefined : Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  console.log('What follows is the job log as GitHub shows it.\n');
  const run = await deployServed(emulator, workspace, printLine);
  printOutputs(run);
  writeDemoFile('summary', 'summary-served', 'Step summary', run.summary);
  rmSync(run.runnerTemp, { recursive: true, force: true });
  const { url = '', 'project-uuid': projectUuid = '' } = run.outputs;
  if (run.exitCode !== 0 || url === '') return false;
  const isGood = await showPages(emulator, url, projectUuid);
  if (interrupted !== undefined) {
    printHeading(`Open ${url}/ in a browser; Ctrl+C ends it.`);
    await interrupted;
  }
  return isGood;
}

/** @returns whether each page was answered as it should be, and the tail had the exception of the one that throws */
async function showPages(emulator: Emulator, url: string, projectUuid: string): Promise<boolean> {
  const tail = await openTail(emulator, projectUuid);
  try {
    printHeading(`Pages of ${url}`);
    let isGood = true;
    for (const [path, expectedStatus] of PAGES) {
      const startedMs = performance.now();
      const page = await fetchPage(url, path);
      console.log(`  ${renderFetched(path, page, { expectedStatus, durationMs: performance.now() - startedMs })}`);
      if (page.status !== expectedStatus) isGood = false;
    }
    printHeading('What the log tail said of /boom');
    const exception = await tail.readException(TAIL_TIMEOUT_MS);
    console.log(`  ${exception ?? 'nothing'}`);
    return isGood && exception !== undefined;
  } finally {
    tail.close();
  }
}

/** A line on a page: what it is, where it leads, what failed in it, and a status that should be another one. */
export function renderFetched(
  path: string,
  { status, headers, body }: ServedPage,
  { expectedStatus, durationMs }: { expectedStatus: number; durationMs: number },
): string {
  const title = /<title>(.*?)<\/title>/.exec(body)?.[1]?.replaceAll('&amp;', '&');
  const digests = [...body.matchAll(/data-dgst="(\d+)"|\$RX\("[^"]*","(\d+)"\)/g)].map((match) => match[1] ?? match[2]);
  const notes = [
    headers.location === undefined ? title : `→ ${headers.location}`,
    path === '/BUILD_ID' ? body : undefined,
    digests.length > 0 ? `failed while it rendered: digests ${digests.join(', ')}` : undefined,
    status === expectedStatus ? undefined : `status ${expectedStatus} was expected`,
  ].filter((note) => note !== undefined);
  return `${status} ${path} in ${Math.round(durationMs)} ms  ${notes.join('; ')}`.trimEnd();
}

interface Tail {
  /** The first exception of the project's worker; undefined: none came in time. */
  readException(timeoutMs: number): Promise<string | undefined>;
  close(): void;
}

/** Opens the project's log tail, as the vendor's tool does. @throws Error when the platform refuses it */
async function openTail({ origin, storeHash, accessToken }: Emulator, projectUuid: string): Promise<Tail> {
  const ended = new AbortController();
  const response = await fetch(`${origin}/stores/${storeHash}/v3/infrastructure/logs/${projectUuid}/tail`, {
    headers: { 'X-Auth-Token': accessToken, Accept: 'text/event-stream' },
    signal: ended.signal,
  });
  const { ok, status, body } = response;
  if (!ok || body === null) throw new Error(`the log tail was refused with status ${status}`);
  return {
    close: () => ended.abort(),
    readException: async (timeoutMs) => {
      const timer = setTimeout(() => ended.abort(), timeoutMs);
      try {
        return await findException(body);
      } catch (error) {
        if (!ended.signal.aborted) throw error;
        return undefined;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

async function findException(body: ReadableStream<Uint8Array>): Promise<string | undefined> {
  for await (const { data } of body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())) {
    const { request, exceptions } = JSON.parse(data);
    const exception = exceptions?.[0];
    if (exception === undefined) continue;
    return `${request?.method} ${request?.url} ${request?.status_code}: ${exception.name}: ${exception.message}`;
  }
  return undefined;
}
