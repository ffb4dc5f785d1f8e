/** `npm run demo -- --serve`: the deployed storefront runs, and can be looked at in a browser. */
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { Emulator } from '../emulator/emulator.ts';
import type { FinishedRun } from './action-runner.ts';
import { runInPlatform, VARIABLES } from './demo-platform.ts';
import { printHeading, printLine, printOutputs } from './demo-print.ts';
import { fetchPage, type ServedPage } from './served-page.ts';

/** Pages that are fetched, and the status that each answers with. */
const PAGES: readonly (readonly [path: string, status: number])[] = [
  ['/', 200],
  ['/', 200],
  ['/products/enamel-mug/', 200],
  ['/cart', 308],
  ['/cart/', 200],
  ['/reviews/', 200],
  ['/boom', 500],
  ['/no-such-page', 404],
  ['/BUILD_ID', 200],
];

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
  console.log('What follows is the job log as GitHub shows it.\n');
  const run = await deployServed(emulator, workspace, printLine);
  printOutputs(run);
  rmSync(run.runnerTemp, { recursive: true, force: true });
  const { url = '', 'project-uuid': projectUuid = '' } = run.outputs;
  if (run.exitCode !== 0 || url === '') return false;
  const tail = tailUntilException(emulator, projectUuid);
  printHeading(`Pages of ${url}`);
  let isGood = true;
  for (const [path, status] of PAGES) {
    const startedMs = performance.now();
    const page = await fetchPage(url, path);
    printPage(path, page, performance.now() - startedMs);
    if (page.status !== status) isGood = false;
  }
  printHeading('What the log tail said of /boom');
  const exception = await tail;
  console.log(`  ${exception ?? 'nothing'}`);
  if (exception === undefined) isGood = false;
  if (!isOnce) await waitForInterrupt(url);
  return isGood;
}

function printPage(path: string, { status, headers, body }: ServedPage, durationMs: number): void {
  const title = /<title>(.*?)<\/title>/.exec(body)?.[1]?.replace('&amp;', '&');
  const digests = [...body.matchAll(/data-dgst="(\d+)"|\$RX\("[^"]*","(\d+)"\)/g)].map((match) => match[1] ?? match[2]);
  const notes = [
    headers.location === undefined ? title : `→ ${headers.location}`,
    path === '/BUILD_ID' ? body : undefined,
    digests.length > 0 ? `failed while it rendered: digests ${digests.join(', ')}` : undefined,
  ].filter((note) => note !== undefined);
  console.log(`  ${status} ${path} in ${Math.round(durationMs)} ms  ${notes.join('; ')}`.trimEnd());
}

/** @returns the first exception of the project's worker, read from the API as the vendor's tool does; undefined: none came */
async function tailUntilException(emulator: Emulator, projectUuid: string): Promise<string | undefined> {
  const { origin, storeHash, accessToken } = emulator;
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), TAIL_TIMEOUT_MS);
  try {
    const response = await fetch(`${origin}/stores/${storeHash}/v3/infrastructure/logs/${projectUuid}/tail`, {
      headers: { 'X-Auth-Token': accessToken, Accept: 'text/event-stream' },
      signal: ended.signal,
    });
    const events = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    for await (const { data } of events ?? []) {
      const log = JSON.parse(data);
      const exception = log.exceptions?.[0];
      if (exception === undefined) continue;
      return `${log.request?.method} ${log.request?.url} ${log.request?.status_code}: ${exception.name}: ${exception.message}`;
    }
  } catch (error) {
    if (!ended.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
  return undefined;
}

async function waitForInterrupt(url: string): Promise<void> {
  printHeading(`Open ${url}/ in a browser; Ctrl+C ends it.`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
}
