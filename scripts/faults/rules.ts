import type { Call } from '../../emulator/services.ts';
import { CALL_WORDS } from './call-words.ts';
import { type Column, TRANSIENT } from './columns.ts';

/**
 * How a run ends, compared with one without a fault: `same`; `warned`, the same but for a warning; `red: <outcome>`;
 * `green: <outcome>`, another good end.
 */
export type End = 'same' | 'warned' | `red: ${string}` | `green: ${string}`;

/** What a failure of a call means to a run (API document). The first of `ends` that is listed is the usual one. */
export interface CallRule {
  /** The call fails for good. */
  ends: readonly End[];
  /** Its answer is lost each time; `ends` unless given. Of a call that must not be made twice. */
  lost?: readonly End[];
  /** Its answer is lost once; it is made again, or looked for, unless given: `same`. */
  lostOnce?: readonly End[];
  /** In addition: it hangs or trickles, which may take the whole minute that a run has. */
  waited?: readonly End[];
  /** Its stream is cut, or brings what is no event; unless given `same`, or `warned` where that is counted. */
  stream?: readonly End[];
  /** A transient refusal comes once; unless given `same`. */
  refusedOnce?: readonly End[];
  /** The host is down from then on; `ends` unless given. */
  down?: readonly End[];
  /** Refusals that mean something else. */
  statuses?: Readonly<Record<number, readonly End[]>>;
  /** Answers that cannot be read, where they are not like lost ones. */
  unreadable?: Readonly<Record<string, readonly End[]>>;
  /** Other names of it in messages. */
  words?: RegExp;
}

const SAME: readonly End[] = ['same'];
/** The longest wait that a step of one minute has time for. */
const LONGEST_WAIT_MS = 60_000;

/** All ends of a cell that are right. */
export function predictEnds({ rule }: { rule: CallRule }, { fault, group, isPersistent }: Column): readonly End[] {
  const { ends, lost = ends, lostOnce = SAME, refusedOnce = SAME, down = ends } = rule;
  switch (fault.kind) {
    case 'slow':
      return SAME;
    case 'stream':
      // Events that cannot be read are counted in a warning.
      return rule.stream ?? ['same', 'warned'];
    case 'clock':
      return refusedOnce;
    case 'not-sent':
      return down;
    case 'lost':
      return [
        ...(isPersistent ? lost : lostOnce),
        ...(fault.mayArrive === true ? SAME : []),
        ...(group === 'hang' ? (rule.waited ?? []) : []),
      ];
    case 'unreadable':
      // An answer that is far too large is no reason to ask for it again.
      return (
        rule.unreadable?.[fault.how] ?? [...(isPersistent ? lost : lostOnce), ...(fault.how === 'huge' ? ends : [])]
      );
    case 'status': {
      const { status, waitMs = 0 } = fault;
      const meant = rule.statuses?.[status];
      if (meant !== undefined) return meant;
      if (!TRANSIENT.has(status) || isPersistent || waitMs > LONGEST_WAIT_MS) {
        // A server's fault leaves open whether it was done (RFC 9110, section 15.6).
        return status >= 500 && !NOT_DONE.has(status) ? lost : ends;
      }
      return status === 429 ? SAME : refusedOnce;
    }
  }
}

/** 501: it cannot be done; 505: nor this version of HTTP; 507: no room (API document, "Errors"); 511: a network on the way. */
const NOT_DONE: ReadonlySet<number> = new Set([501, 505, 507, 511]);

/** Whether a message says which call it is about; the reader of one about a whole host finds that. */
export function namesCall(message: string, row: { call: Call; rule: CallRule }, { fault }: Column): boolean {
  if (fault.kind === 'not-sent') return /refused|connection/.test(message);
  return CALL_WORDS[row.call]?.test(message) === true || row.rule.words?.test(message) === true;
}
