import type { Parsed } from './parsers.ts';
import { showValue } from './problems.ts';
import { type ReadContext, readText, readValue } from './readers.ts';

/** A window of time, in ms since 1970. */
export interface LogWindow {
  startMs: number;
  endMs: number;
}

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['s', 1000],
  ['m', 60_000],
  ['h', 60 * 60_000],
  ['d', 24 * 60 * 60_000],
]);
/** The platform's limit for one query (API document, section 1). */
const MAX_WINDOW_MS = 7 * 24 * 60 * 60_000;
/** The same as in `action.yml`. */
const DEFAULT_SINCE_MS = 60 * 60_000;

/** A time in ISO 8601: a date, with a time of day or without. `Date.parse` alone takes far more. */
const ISO_TIME = /^(\d{4}-\d\d-\d\d)(?:(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d(?::?\d\d)?)?)?$/;
/** Seconds since 1970, from 2001 on: with fewer digits it is a day without its hyphens, or a year. */
const EPOCH_SECONDS = /^\d{10,11}$/;

/**
 * The window of `since`, or of `start` and `end`.
 * @param nowMs the end, unless it is given
 * @returns undefined when something is wrong, which is then in `problems`
 */
export function readLogWindow(context: ReadContext, nowMs: number): LogWindow | undefined {
  const sinceMs = readValue(context, 'since', parseSince, null);
  const startMs = readValue(context, 'start', parseTime, null);
  const endMs = readValue(context, 'end', parseTime, nowMs);
  if (sinceMs === undefined || startMs === undefined || endMs === undefined) return undefined;
  if (sinceMs !== null && startMs !== null) {
    context.problems.add({
      input: 'start',
      problem: 'It is given together with `since`, and both say where the window begins.',
      remedy: 'Give only one of the two.',
    });
    return undefined;
  }
  const window = { startMs: startMs ?? endMs - (sinceMs ?? DEFAULT_SINCE_MS), endMs };
  return isUsable(context, window) ? window : undefined;
}

function isUsable({ source, problems }: ReadContext, { startMs, endMs }: LogWindow): boolean {
  const isOrdered = startMs < endMs;
  if (isOrdered && endMs - startMs <= MAX_WINDOW_MS) return true;
  const end = readText(source, 'end');
  const until = end === '' ? 'now' : `\`end\`, ${showValue(end)}`;
  const start = showValue(readText(source, 'start'));
  problems.add({
    input: 'start',
    problem: isOrdered
      ? `${start} is more than 7 days before ${until}: the platform answers for 7 days at once.`
      : `${start} is not before ${until}.`,
    remedy: isOrdered ? 'Read one part after the other.' : 'Give a start before the end.',
  });
  return false;
}

/** `30m`, as ms. */
function parseSince(text: string): Parsed<number> {
  const allowed = 'a number with s, m, h or d, such as 30m, 6h or 2d; at most 7d.';
  const [, digits, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const unitMs = UNIT_MS.get(unit ?? '');
  if (digits === undefined || unitMs === undefined) return { ok: false, reason: 'is not a length of time', allowed };
  const ms = Number(digits) * unitMs;
  if (ms === 0) return { ok: false, reason: 'is too short', allowed };
  return ms <= MAX_WINDOW_MS ? { ok: true, value: ms } : { ok: false, reason: 'is too long', allowed };
}

/** ISO 8601, in UTC unless it says otherwise, or seconds since 1970; as ms. */
function parseTime(text: string): Parsed<number> {
  const ms = EPOCH_SECONDS.test(text) ? Number(text) * 1000 : parseIsoTime(text);
  if (Number.isFinite(ms)) return { ok: true, value: ms };
  const allowed =
    'ISO 8601, such as 2026-01-31T12:00:00Z (UTC, where no offset is given), or seconds since 1970, such as 1769860800.';
  return { ok: false, reason: 'is not a time', allowed };
}

function parseIsoTime(text: string): number {
  const [, day = '', timeOfDay = 'T00:00', offset = 'Z'] = ISO_TIME.exec(text) ?? [];
  // Of the 31st of a month that has none, Date.parse makes a day of the next one.
  if (new Date(`${day}T00:00Z`).getUTCDate() !== Number(day.slice(-2))) return Number.NaN;
  return Date.parse(`${day}${timeOfDay}${renderOffset(offset)}`);
}

/** `+01:00` of `+01`, `+0100` and itself. */
function renderOffset(offset: string): string {
  return offset === 'Z' ? offset : `${offset.slice(0, 3)}:${offset.slice(3).replace(':', '') || '00'}`;
}
