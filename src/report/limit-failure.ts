import { limitChars } from './format.ts';
import { prose } from './markdown.ts';
import type { FailureRecord } from './run-record.ts';

export interface FailureLimits {
  messageChars: number;
  detailChars: number;
  details: number;
}

/** A failure that fits, whatever it says; what is cut says so. */
export function limitFailure(failure: FailureRecord | undefined, limits: FailureLimits): FailureRecord | undefined {
  if (failure === undefined) return undefined;
  const { message, details, fix } = failure;
  const shown = details.slice(0, limits.details).map((detail) => cut(detail, limits.detailChars));
  return {
    ...failure,
    message: cut(message, limits.messageChars),
    details: withRest(shown, failure),
    fix: fix === undefined ? undefined : cut(fix, limits.messageChars),
  };
}

/** The same in bytes of what is shown: an honest text takes little more than its characters, whatever others may. */
export interface FailureRoom {
  /** For the message, and as much for the advice. */
  messageBytes: number;
  detailBytes: number;
  /** For all details together. */
  detailsBytes: number;
  details: number;
}

/** A failure that fits, whatever it says: explanations stay whole, as long as all of them have the room. */
export function fitFailure(failure: FailureRecord | undefined, room: FailureRoom): FailureRecord | undefined {
  if (failure === undefined) return undefined;
  const { message, details, fix } = failure;
  const shown: string[] = [];
  let left = room.detailsBytes;
  for (const detail of details.slice(0, room.details)) {
    const fitting = fitText(detail, room.detailBytes);
    left -= Buffer.byteLength(prose(fitting));
    if (left < 0) break;
    shown.push(fitting);
  }
  return {
    ...failure,
    message: fitText(message, room.messageBytes),
    details: withRest(shown, failure),
    fix: fix === undefined ? undefined : fitText(fix, room.messageBytes),
  };
}

/** Those that are shown, and how many there are besides. */
function withRest(shown: readonly string[], { details, detailCount = details.length }: FailureRecord): string[] {
  if (details.length <= shown.length) return [...shown];
  return [...shown, `and ${detailCount - shown.length} more: see the job log`];
}

/** As much of a text as takes at most so many bytes once it is shown; what is cut says so. */
export function fitText(value: string, maxBytes: number, render: (text: string) => string = prose): string {
  const whole = value.trim();
  // An entity has 13 bytes at most, each time for a character.
  if (whole.length * 13 <= maxBytes) return whole;
  let fitting = whole;
  for (let bytes = sizeOf(fitting, render); bytes > maxBytes; bytes = sizeOf(fitting, render)) {
    fitting = cut(whole, Math.floor((Math.min(fitting.length, whole.length) * maxBytes * 0.9) / bytes));
  }
  return fitting;
}

const sizeOf = (value: string, render: (text: string) => string) => Buffer.byteLength(render(value));

/** Cut where a line, a sentence or a word ends, when there is such a place in the last third. */
function cut(value: string, maxChars: number): string {
  const whole = value.trim();
  if (whole.length <= maxChars) return whole;
  const start = limitChars(whole, maxChars);
  const end = [/\n/g, /[.;!?] /g, /\s/g]
    .map((pattern) => [...start.matchAll(pattern)].at(-1)?.index ?? 0)
    .find((index) => index > (maxChars * 2) / 3);
  return `${start.slice(0, end === undefined ? undefined : end + 1).trimEnd()} … (cut here: the job log has all of it)`;
}
