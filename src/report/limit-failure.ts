import { limitChars } from './format.ts';
import type { FailureRecord } from './run-record.ts';

export interface FailureLimits {
  messageChars: number;
  detailChars: number;
  details: number;
}

/** A failure that fits, whatever it says; what is cut says so. */
export function limitFailure(failure: FailureRecord | undefined, limits: FailureLimits): FailureRecord | undefined {
  if (failure === undefined) return undefined;
  const { message, details, detailCount, fix } = failure;
  const shown = details.slice(0, limits.details).map((detail) => cut(detail, limits.detailChars));
  const rest = (detailCount ?? details.length) - shown.length;
  if (details.length > shown.length) shown.push(`and ${rest} more: see the job log`);
  return {
    ...failure,
    message: cut(message, limits.messageChars),
    details: shown,
    fix: fix === undefined ? undefined : cut(fix, limits.messageChars),
  };
}

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
