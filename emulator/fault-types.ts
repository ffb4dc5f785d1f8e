import type { AnswerFault as GeneralFault } from './faults/answer-faults.ts';
import type { HostileErrorFault, RateLimitFault } from './services/github/faults.ts';
import type { JobFault, JobRunningFault, PartFailsFault } from './services/redirects/job-faults.ts';
import type { BatchFault } from './services/sitecore/batch-faults.ts';
import type { Call, Step } from './types.ts';

/** Malformed events that the `malformed` fault mixes in. */
export const MALFORMED_KINDS = [
  'invalid-json',
  'json-null',
  'json-string',
  'array',
  'missing-status',
  'wrong-types',
  'empty-data',
  'huge',
] as const;

export type MalformedKind = (typeof MALFORMED_KINDS)[number];

export const UNKNOWN_KINDS = ['step', 'field', 'status'] as const;

export type UnknownKind = (typeof UNKNOWN_KINDS)[number];

/** `message` is that of a refused row of an import. */
export const HOSTILE_FIELDS = ['step', 'hostname', 'status', 'message'] as const;

export type HostileField = (typeof HOSTILE_FIELDS)[number];

export const CHUNKINGS = ['bytes', 'split-multibyte', 'lf', 'crlf', 'cr'] as const;

/**
 * How an event stream is cut and ended: `bytes` sends each byte on its own, `split-multibyte` adds multi-byte text and
 * cuts inside of it; `lf`, `crlf` and `cr` choose the line ending. One of each sort may be active at the same time.
 */
export type Chunking = (typeof CHUNKINGS)[number];

/** What happens instead of, or to, the normal answer of one call. Only one of these hits a request. */
export type AnswerFault =
  | GeneralFault
  /** For calls of BigCommerce and Sitecore CDP: the work is done, and the answer is this error all the same. */
  | { effect: 'status-after-work'; status: number }
  /** 409 to this create call; with `durationMs`, to all create calls for so long from the first one on. */
  | { effect: 'conflict'; durationMs?: number }
  /** The upload that the create call names is removed from the store first. */
  | { effect: 'upload-gone' }
  /** For calls that start a job of redirects. */
  | JobRunningFault
  /** For calls that write or delete several redirects. */
  | PartFailsFault
  /** For calls of GitHub alone. */
  | RateLimitFault
  | HostileErrorFault;

/** What becomes of the deployment that a create call starts. */
export type DeploymentFault = { effect: 'fail'; code: number; atStep?: Step };

/** How an event stream ends. Only one of these hits a stream. `events` counts states sent on this connection. */
export type StreamEndingFault =
  | { effect: 'cut-after'; events: number }
  | { effect: 'reset-after'; events: number }
  /** Nothing more is sent, and the connection is held open past `streamCutMs` too. */
  | { effect: 'silence'; events: number };

/** What an event stream looks like. All that apply to a stream are applied together. */
export type StreamFault =
  | { effect: 'chunking'; chunking: Chunking }
  /** All the kinds come before the first state, then one between any two. */
  | { effect: 'malformed'; kinds?: readonly MalformedKind[]; hugeBytes?: number }
  /** Each state is sent so many times (3). */
  | { effect: 'repeat'; copies?: number }
  /** Extra events with an unknown step (of a job: an unknown field in its place) or status come before the first state; unknown fields stand in each. */
  | { effect: 'unknown'; kinds?: readonly UnknownKind[] }
  /** A `retry:` field of so many ms in the first event. */
  | { effect: 'retry'; retryMs: number }
  /** An `id:` field in each event: the version of the deployment's or the job's state. */
  | { effect: 'id' }
  | { effect: 'bom' }
  /** A comment before each event, and each `everyMs` where that is given. */
  | { effect: 'comments'; everyMs?: number }
  /** JSON spread over many `data:` lines. */
  | { effect: 'multiline' }
  /** Text that tries to break out of a log or a page, in string fields (step, hostname and message). */
  | { effect: 'hostile'; text?: string; fields?: readonly HostileField[] };

export type FaultEffect = AnswerFault | DeploymentFault | JobFault | BatchFault | StreamEndingFault | StreamFault;

/** `github.any` is each of GitHub's calls. */
export type FaultCall = Call | 'github.any';

/** Which requests a fault hits: those to `call`, after `skip` of them (0), `times` times (1). */
export interface FaultAddress {
  call: FaultCall;
  skip?: number;
  times?: number | 'always';
}

/**
 * A fault on request. Faults of the same sort for the same call stand in a queue: two `status` faults hit one request
 * each, in the order in which they were added. `skip` counts all requests to the call from the moment of adding, those that
 * another fault hits included; a fault that still skips lets the ones behind it go first.
 */
export type Fault = FaultAddress & FaultEffect;

/** A fault that was added, with what it did so far. */
export interface FaultRecord {
  fault: Fault;
  applied: number;
  done: boolean;
}
