import { DAMAGES } from '../../emulator/faults/answer-faults.ts';
import type { FaultEffect } from '../../emulator/services.ts';

/** What a client can know of a call that a fault has hit. */
export type FaultKind =
  /** No request arrived. */
  | { kind: 'not-sent' }
  /** Nothing that can be used came back; `isDone`: the work was done all the same; `mayArrive`: a short answer is there in time. */
  | { kind: 'lost'; isDone: boolean; mayArrive?: true }
  /** An answer came that the API does not give; the work was done. */
  | { kind: 'unreadable'; how: (typeof DAMAGES)[number] }
  /** A refusal. `waitMs`: it names that wait. */
  | { kind: 'status'; status: number; waitMs?: number }
  /** The answer is right, and takes its time. */
  | { kind: 'slow' }
  /** An event stream that ends or falls silent. */
  | { kind: 'stream' }
  /** The runner's clock is off. */
  | { kind: 'clock' };

/** A column: what happens to the call. */
export interface Column {
  /** `503`, `503 always` */
  name: string;
  /** The column of the table in the document that it is counted in. */
  group: string;
  fault: FaultKind;
  /** Each such call is hit, and not the first one alone. */
  isPersistent: boolean;
  /** Undefined for what no fault of the platform is: a refused connection, a clock. */
  effect?: (context: ColumnContext) => FaultEffect;
  /** By how much the runner's clock is ahead, in ms. */
  clockAheadMs?: number;
  /** A run that mostly waits: many are run at once. */
  isWaiting?: true;
}

export interface ColumnContext {
  /** Of a server that nothing may be sent to. */
  foreignOrigin: string;
}

/** IANA's registry of HTTP status codes, from 400 to 511; all others of this range are unassigned. */
const ASSIGNED: ReadonlySet<number> = new Set([
  ...range(400, 417),
  ...[421, 422, 423, 424, 425, 426, 428, 429, 431, 451],
  ...range(500, 508),
  ...[510, 511],
]);

/** Whether another try may help (API document, section 1, "Errors"; RFC 9110, section 15.5.9; RFC 8470, section 5.2). */
export const TRANSIENT: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

interface Common {
  name: string;
  group: string;
  fault: FaultKind;
  effect: NonNullable<Column['effect']>;
  isWaiting?: true;
}

/** The first call alone, and each one. */
function both(column: Common, { always = column.isWaiting }: { always?: true | undefined } = {}): Column[] {
  return [
    { ...column, isPersistent: false },
    { ...column, name: `${column.name} always`, isPersistent: true, ...(always && { isWaiting: always }) },
  ];
}

const CONNECTIONS: readonly Column[] = [
  { name: 'refused', group: 'refused', fault: { kind: 'not-sent' }, isPersistent: true, isWaiting: true },
  ...both(
    {
      name: 'reset before the body',
      group: 'reset',
      fault: { kind: 'lost', isDone: false },
      effect: () => ({ effect: 'reset-before' }),
    },
    { always: true },
  ),
  ...both(
    {
      name: 'reset after the body',
      group: 'reset',
      fault: { kind: 'lost', isDone: false },
      effect: () => ({ effect: 'reset-mid-request' }),
    },
    { always: true },
  ),
  ...both(
    {
      name: 'lost answer',
      group: 'lost answer',
      fault: { kind: 'lost', isDone: true },
      effect: () => ({ effect: 'lost-answer' }),
    },
    { always: true },
  ),
  ...both(
    {
      name: 'reset in the answer',
      group: 'lost answer',
      fault: { kind: 'lost', isDone: true },
      effect: () => ({ effect: 'reset-in-body' }),
    },
    { always: true },
  ),
  ...both({
    name: 'hang',
    group: 'hang',
    fault: { kind: 'lost', isDone: false },
    effect: () => ({ effect: 'hang' }),
    isWaiting: true,
  }),
  ...both({
    name: 'trickle',
    group: 'hang',
    fault: { kind: 'lost', isDone: true, mayArrive: true },
    effect: () => ({ effect: 'slow-body', delayMs: 1000, chunkBytes: 1 }),
    isWaiting: true,
  }),
  {
    name: 'slow answer',
    group: 'slow',
    fault: { kind: 'slow' },
    isPersistent: true,
    effect: () => ({ effect: 'delay', delayMs: 1500 }),
    isWaiting: true,
  },
];

function groupOf(status: number): string {
  if (!ASSIGNED.has(status)) return 'unassigned';
  if (TRANSIENT.has(status)) return status === 429 ? '429' : '408, 425, 500, 502–504';
  return status < 500 ? '4xx' : '501, 505–511';
}

const STATUSES: readonly Column[] = range(400, 511).flatMap((status) => {
  const common: Common = {
    name: `${status}`,
    group: groupOf(status),
    fault: { kind: 'status', status },
    effect: () => ({ effect: 'status', status }),
  };
  // What is final ends at the first one.
  return TRANSIENT.has(status) ? both(common, { always: true }) : [{ ...common, isPersistent: true }];
});

const BODIES: readonly Column[] = DAMAGES.flatMap((how) =>
  both(
    {
      name: `body: ${how}`,
      group: 'body',
      fault: { kind: 'unreadable', how },
      effect: () => ({ effect: 'damaged', how }),
    },
    { always: true },
  ),
);

const PAGE = '<!DOCTYPE html><html><head><title>Access denied</title></head></html>';

const PROXIES: readonly Column[] = [403, 503].map((status) => ({
  name: `${status} with a page`,
  group: 'page',
  fault: { kind: 'status', status },
  isPersistent: true,
  effect: () => ({ effect: 'status', status, body: PAGE, headers: { 'content-type': 'text/html' } }),
  ...(status === 503 && { isWaiting: true }),
}));

const REDIRECTS: readonly Column[] = [301, 302, 303, 307, 308].map((status) => ({
  name: `${status} to another host`,
  group: 'redirect',
  fault: { kind: 'status', status },
  isPersistent: true,
  effect: ({ foreignOrigin }) => ({ effect: 'redirect', status, location: `${foreignOrigin}/elsewhere` }),
}));

const LAST_DATE = 'Thu, 01 Jan 2099 00:00:00 GMT';

/** By status: what names the wait, and how long it is. */
const WAITS: readonly Column[] = [429, 503].flatMap((status) =>
  (
    [
      ['0 s', '0', 0],
      ['1 s', '1', 1000],
      ['1 h', '3600', 3_600_000],
      ['2099 s', '2099', 2_099_000],
      ['until 2099', LAST_DATE, Number.POSITIVE_INFINITY],
    ] as const
  ).map(([words, retryAfter, waitMs]) => ({
    name: `${status}, wait ${words}`,
    group: 'named wait',
    fault: { kind: 'status', status, waitMs } as const,
    isPersistent: waitMs > 1000,
    effect: () => ({ effect: 'status', status, headers: { 'retry-after': retryAfter } }) as const,
  })),
);

/** The wait is named as a date, of a server whose clock is right. */
const CLOCKS: readonly Column[] = [-600_000, 600_000].map((clockAheadMs) => ({
  name: `clock ${clockAheadMs < 0 ? '−' : '+'}10 min`,
  group: 'clock',
  fault: { kind: 'clock' },
  isPersistent: false,
  clockAheadMs,
  effect: () => {
    const date = new Date();
    const later = new Date(date.getTime() + 2000).toUTCString();
    return { effect: 'status', status: 503, headers: { date: date.toUTCString(), 'retry-after': later } };
  },
  isWaiting: true,
}));

/** For the calls that open an event stream. */
export const STREAM_COLUMNS: readonly Column[] = (
  [
    ['ended at once', { effect: 'cut-after', events: 0 }],
    ['ended after an event', { effect: 'cut-after', events: 1 }],
    ['reset after an event', { effect: 'reset-after', events: 1 }],
    ['silent', { effect: 'silence', events: 0 }],
    ['byte by byte', { effect: 'chunking', chunking: 'bytes' }],
    ['malformed events', { effect: 'malformed' }],
    ['unknown events', { effect: 'unknown' }],
  ] as const
).map(([words, effect]) => ({
  name: `stream ${words}`,
  group: 'stream',
  fault: { kind: 'stream' },
  isPersistent: false,
  effect: () => effect,
  ...(words === 'silent' && { isWaiting: true }),
}));

export const COLUMNS: readonly Column[] = [
  ...CONNECTIONS,
  ...STATUSES,
  ...PROXIES,
  ...REDIRECTS,
  ...BODIES,
  ...WAITS,
  ...CLOCKS,
  ...STREAM_COLUMNS,
];
