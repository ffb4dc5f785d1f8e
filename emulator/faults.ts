import type {
  AnswerFault,
  Chunking,
  DeploymentFault,
  Fault,
  FaultEffect,
  FaultRecord,
  StreamEndingFault,
  StreamFault,
} from './fault-types.ts';
import type { JobFault } from './services/redirects/job-faults.ts';
import type { BatchFault } from './services/sitecore/batch-faults.ts';
import { isBatchFault } from './services/sitecore/batch-faults.ts';
import type { Call } from './types.ts';

/** All that hits one request. */
export interface AppliedFaults {
  answer: AnswerFault | undefined;
  deployment: DeploymentFault | undefined;
  job: readonly JobFault[];
  batch: readonly BatchFault[];
  ending: StreamEndingFault | undefined;
  stream: readonly StreamFault[];
}

type Sort = {
  sort: 'answer' | 'deployment' | 'job-end' | 'job-rows' | 'ending' | `batch:${string}` | `stream:${string}`;
};

/** Faults of one sort exclude each other on one request, and so stand in a queue. */
const SORTS: Readonly<Record<Exclude<FaultEffect['effect'], StreamFault['effect']>, Sort['sort']>> = {
  status: 'answer',
  'reset-before': 'answer',
  'reset-mid-request': 'answer',
  'reset-in-body': 'answer',
  'lost-answer': 'answer',
  'status-after-work': 'answer',
  'slow-body': 'answer',
  delay: 'answer',
  hang: 'answer',
  'stall-upload': 'answer',
  redirect: 'answer',
  conflict: 'answer',
  'upload-gone': 'answer',
  'job-running': 'answer',
  'part-fails': 'answer',
  'rate-limit': 'answer',
  'hostile-error': 'answer',
  fail: 'deployment',
  'job-ends': 'job-end',
  'refuse-rows': 'job-rows',
  'refuse-records': 'batch:records',
  'batch-ends': 'batch:end',
  'batch-stays': 'batch:stay',
  'batch-status': 'batch:status',
  'batch-counts': 'batch:counts',
  'batch-location': 'batch:location',
  'batch-log': 'batch:log',
  'log-expired': 'batch:log-url',
  'cut-after': 'ending',
  'reset-after': 'ending',
  silence: 'ending',
};

const LINE_ENDINGS: readonly Chunking[] = ['lf', 'crlf', 'cr'];

interface Entry extends FaultRecord {
  skipLeft: number;
  /** For a fault with a duration: when it is over. */
  endsAtMs: number | undefined;
}

/** The faults that were asked for, and which of them hit a request. */
export class Faults {
  #entries: Entry[] = [];

  get records(): readonly FaultRecord[] {
    return this.#entries;
  }

  add(fault: Fault): void {
    this.#entries.push({ fault, applied: 0, done: false, skipLeft: fault.skip ?? 0, endsAtMs: undefined });
  }

  clear(): void {
    this.#entries = [];
  }

  /** The faults that hit this request; each is used up by one. */
  take(call: Call): AppliedFaults {
    const bySort = new Map<string, Fault>();
    for (const entry of this.#entries) {
      if (!isMeant(entry.fault, call) || isOver(entry)) continue;
      if (entry.skipLeft > 0) {
        entry.skipLeft -= 1;
        continue;
      }
      const sort = sortOf(entry.fault);
      if (bySort.has(sort)) continue;
      bySort.set(sort, entry.fault);
      apply(entry);
    }
    return groupFaults([...bySort.values()]);
  }
}

function isMeant(fault: Fault, call: Call): boolean {
  return fault.call === call || (fault.call === 'github.any' && call.startsWith('github.'));
}

function groupFaults(faults: readonly Fault[]): AppliedFaults {
  return {
    answer: faults.find(isAnswerFault),
    deployment: faults.find((fault) => fault.effect === 'fail'),
    job: faults.filter((fault) => fault.effect === 'job-ends' || fault.effect === 'refuse-rows'),
    batch: faults.filter(isBatchFault),
    ending: faults.find(isEndingFault),
    stream: faults.filter(isStreamFault),
  };
}

function isAnswerFault(fault: Fault): fault is Fault & AnswerFault {
  return sortOf(fault) === 'answer';
}

function isEndingFault(fault: Fault): fault is Fault & StreamEndingFault {
  return sortOf(fault) === 'ending';
}

function isStreamFault(fault: Fault): fault is Fault & StreamFault {
  return sortOf(fault).startsWith('stream:');
}

function sortOf(fault: Fault): string {
  if (fault.effect === 'chunking') return `stream:${LINE_ENDINGS.includes(fault.chunking) ? 'line-ending' : 'split'}`;
  return Object.hasOwn(SORTS, fault.effect) ? SORTS[fault.effect as keyof typeof SORTS] : `stream:${fault.effect}`;
}

function isOver(entry: Entry): boolean {
  if (entry.endsAtMs !== undefined && Date.now() >= entry.endsAtMs) entry.done = true;
  return entry.done;
}

function apply(entry: Entry): void {
  const { fault } = entry;
  entry.applied += 1;
  if ((fault.effect === 'conflict' || fault.effect === 'job-running') && fault.durationMs !== undefined) {
    entry.endsAtMs ??= Date.now() + fault.durationMs;
    return;
  }
  const times = fault.times ?? 1;
  if (times !== 'always' && entry.applied >= times) entry.done = true;
}
