/**
 * How long a refusal asks the client to wait, in milliseconds; undefined when it names no time.
 *
 * A 429 may carry `X-Rate-Limit-Time-Reset-Ms` (milliseconds), `X-Retry-After` and `Retry-After` (seconds, or an HTTP
 * date: RFC 9110, section 10.2.3); the longest counts (API document, section 1, "Errors"). On other statuses the rate
 * limit header only reports the quota, so it does not count there. GitHub names the moment of the reset instead, in
 * seconds since 1970, and refuses with 403 or 429 (its REST API, "Rate limits for the REST API").
 *
 * Such moments refer to the server's clock, known from its `Date` header: the runner's may be minutes off.
 * @param localMs this runner's clock, which counts where the answer has no `Date`
 */
export function namedWaitMs(
  status: number,
  headers: Readonly<Record<string, string>>,
  localMs: number = Date.now(),
): number | undefined {
  const nowMs = parseHttpDate(headers['date']) ?? localMs;
  const waits = [
    status === 429 ? millisecondsOf(headers['x-rate-limit-time-reset-ms'], 1) : undefined,
    millisecondsOf(headers['x-retry-after'], 1000),
    millisecondsOf(headers['retry-after'], 1000) ?? untilDate(headers['retry-after'], nowMs),
    status === 403 || status === 429 ? untilReset(headers, nowMs) : undefined,
  ].filter((wait) => wait !== undefined);
  return waits.length === 0 ? undefined : Math.max(...waits);
}

/** A header that came twice is one text with a comma; the longest of its numbers counts. */
function millisecondsOf(text: string | undefined, unitMs: number): number | undefined {
  const numbers = (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => /^\d{1,12}(\.\d+)?$/.test(part));
  return numbers.length === 0 ? undefined : Math.max(...numbers.map((number) => Math.ceil(Number(number) * unitMs)));
}

function untilDate(text: string | undefined, nowMs: number): number | undefined {
  const atMs = parseHttpDate(text);
  return atMs === undefined ? undefined : Math.max(0, atMs - nowMs);
}

/**
 * The three forms of RFC 9110, section 5.6.7, each in UTC, whether it says so or not. Node parses more as a date: `-1`,
 * and `in 10 minutes`.
 * @returns milliseconds since 1970; undefined for anything else
 */
export function parseHttpDate(text = ''): number | undefined {
  const date = text.trim();
  if (!/^[a-z]{3,9},? [\w -]{6,14}\d\d:\d\d:\d\d(?: \d{4}| GMT| UTC)?$/i.test(date)) return undefined;
  const ms = Date.parse(/ (?:GMT|UTC)$/i.test(date) ? date : `${date} GMT`);
  return Number.isNaN(ms) ? undefined : ms;
}

function untilReset(headers: Readonly<Record<string, string>>, nowMs: number): number | undefined {
  if (headers['x-ratelimit-remaining'] !== '0') return undefined;
  const atMs = millisecondsOf(headers['x-ratelimit-reset'], 1000);
  // One second more: the moment is given in whole seconds.
  return atMs === undefined ? undefined : Math.max(0, atMs - nowMs) + 1000;
}

/** `8 s`, `60 min`, `3 h`, `26,331 days`: a wait that was asked for, in words. */
export function waitWords(waitMs: number): string {
  const units = [
    ['days', 24 * 60 * 60_000],
    ['h', 60 * 60_000],
    ['min', 60_000],
  ] as const;
  for (const [unit, unitMs] of units) {
    if (waitMs >= 2 * unitMs) return `${Math.round(waitMs / unitMs).toLocaleString('en-US')} ${unit}`;
  }
  return `${Math.ceil(waitMs / 1000)} s`;
}

/** The wait that a failure carries, if it is a refusal that names one; else 0. */
export function namedWaitOf(error: unknown): number {
  const wait = typeof error === 'object' && error !== null && 'namedWaitMs' in error ? error.namedWaitMs : undefined;
  return typeof wait === 'number' ? wait : 0;
}
