/** A storefront in memory, whose time passes with waits alone. */
import { checkStorefront } from '../../../src/actions/verification/check-storefront.ts';
import type { PageResult } from '../../../src/domain/verification/checks.ts';
import type { PageAnswer, PageRequest } from '../../../src/domain/verification/page.ts';
import { noAnswer, page, SHOP } from '../../domain/verification/answers.ts';
import { createFakeRun } from '../../fake-run.ts';
import { createFakeClock } from './fake-clock.ts';

export interface Asked {
  path: string;
  atMs: number;
  /** How often this path was asked, with this time. */
  count: number;
  timeoutMs: number;
}

/** A status, or an answer; and how long it takes. */
export type Reply = number | PageAnswer | { after: number; reply: number | PageAnswer };
export type Storefront = (asked: Asked) => Reply;

export const ID = '/BUILD_ID';
export const OLD = page(200, 'old');

/** Answers `/BUILD_ID` with the build `new`, unless the storefront has an answer of its own: `undefined` is none. */
export function setUp(storefront: (asked: Asked) => Reply | undefined, signal = new AbortController().signal) {
  const clock = createFakeClock();
  const run = createFakeRun();
  const asked: Asked[] = [];
  const requests: PageRequest[] = [];
  let atOnce = 0;
  let mostAtOnce = 0;
  const get = async (request: PageRequest): Promise<PageAnswer> => {
    requests.push(request);
    const { timeoutMs } = request;
    const path = request.url.pathname + request.url.search;
    const count = asked.filter((one) => one.path === path).length + 1;
    const one = { path, atMs: clock.nowMs(), count, timeoutMs };
    asked.push(one);
    const answer = storefront(one) ?? (path === ID ? page(200, 'new') : 200);
    const { after, reply } = typeof answer === 'object' && 'after' in answer ? answer : { after: 10, reply: answer };
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    await clock.pause(Math.min(after, timeoutMs), request.signal).finally(() => {
      atOnce -= 1;
    });
    if (after > timeoutMs) return noAnswer('timeout');
    return typeof reply === 'number' ? page(reply) : reply;
  };
  const pages = { get, close: async () => {} };
  const dependencies = { pages, signal, clock, phase: phaseOf(run) };
  const timesOf = (path: string) => asked.filter((one) => one.path === path).map(({ atMs }) => atMs);
  return { dependencies, asked, requests, run, clock, timesOf, mostAtOnce: () => mostAtOnce };
}

function phaseOf(run: ReturnType<typeof createFakeRun>) {
  let phase: Parameters<Parameters<typeof run.phase>[1]>[0] | undefined;
  void run.phase('Verify', async (one) => {
    phase = one;
  });
  if (phase === undefined) throw new Error('no phase');
  return phase;
}

interface Wanted {
  paths?: string[];
  buildId?: string | undefined;
  timeoutMs?: number;
  before?: PageResult[];
  urls?: [string, ...string[]];
}

export function requestOf({ paths = ['/'], timeoutMs = 60_000, before = [], urls = [SHOP], ...more }: Wanted) {
  const buildId = 'buildId' in more ? more.buildId : 'new';
  return { urls, checks: paths.map((path) => ({ path })), headers: { 'x-key': 'k' }, buildId, timeoutMs, before };
}

export async function check(storefront: (asked: Asked) => Reply | undefined, wanted: Wanted = {}) {
  const shop = setUp(storefront);
  const record = await checkStorefront(requestOf(wanted), shop.dependencies);
  const { pages } = record;
  return { ...shop, record, pages, first: pages[0] };
}

/** That of paths but the build's. */
export const pagesBy = (storefront: Storefront) => (asked: Asked) =>
  asked.path === ID ? undefined : storefront(asked);
