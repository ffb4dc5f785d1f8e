import type { MalformedKind, StreamFault, UnknownKind } from './stream-faults.ts';

export type Payload = Readonly<Record<string, unknown>>;

const HOSTILE_TEXT =
  '\r\n::error title=pwned::hostile\n</td></details><img src=x onerror=alert(1)> | `a` [b](javascript:c) \u001b[31m\u202e\u0000 @everyone';

/** What a stream is about, in the words that faults need. */
interface StreamWords {
  /** The field that has the status. */
  status: string;
  underWay: string;
  success: string;
  verdicts: readonly unknown[];
  /** Fields of a state under way beside the status. */
  rest: Payload;
  wrongTypes: Payload;
  /** What an unknown step looks like; an unknown field where there are no steps. */
  unknownStep: Payload;
}

const DEPLOYMENT: StreamWords = {
  status: 'deployment_status',
  underWay: 'in_progress',
  success: 'completed',
  verdicts: ['completed', 'failed'],
  rest: { event: null },
  wrongTypes: { deployment_status: 7, event: 'deploying', error: [10], deployment_hostnames: {} },
  unknownStep: { event: { step: 'warming_caches', progress: 1 } },
};

const JOB: StreamWords = {
  status: 'status',
  underWay: 'working',
  success: 'complete',
  verdicts: ['complete', 'aborted', 'failed'],
  rest: {},
  wrongTypes: { status: 7, completed_items: 'many', failed_items: null, total_items: {}, errors: 'none' },
  unknownStep: { phase: 'warming_caches' },
};

function wordsOf(payload: Payload): StreamWords {
  return 'job_id' in payload ? JOB : DEPLOYMENT;
}

/** An event that is broken in one way, in place of this state. */
export function renderMalformed(kind: MalformedKind, payload: Payload, hugeBytes: number): string {
  const words = wordsOf(payload);
  const { [words.status]: _, ...rest } = payload;
  switch (kind) {
    case 'invalid-json':
      return `{"${words.status}": "${words.success}", "event": `;
    case 'json-null':
      return 'null';
    case 'json-string':
      return `"${words.success}"`;
    case 'array':
      return JSON.stringify([{ [words.status]: words.success }]);
    case 'missing-status':
      return JSON.stringify(rest);
    case 'wrong-types':
      return JSON.stringify({ ...rest, ...words.wrongTypes });
    case 'empty-data':
      return '';
    case 'huge': {
      const padding = 'x'.repeat(hugeBytes);
      return JSON.stringify({ ...rest, [words.status]: words.underWay, ...words.rest, padding });
    }
  }
}

/** Events about the same thing with a step or a status that nobody knows. */
export function listUnknown(kinds: readonly UnknownKind[], payload: Payload): Payload[] {
  const { status, underWay, rest, unknownStep } = wordsOf(payload);
  const { deployment_uuid: uuid, job_id: id, completed_items: completed, total_items: total } = payload;
  const subject =
    id === undefined ? { deployment_uuid: uuid } : { job_id: id, completed_items: completed, total_items: total };
  const base = { ...subject, [status]: underWay, ...rest };
  return [
    ...(kinds.includes('step') ? [{ ...base, ...unknownStep }] : []),
    ...(kinds.includes('status') ? [{ ...base, [status]: 'paused' }] : []),
  ];
}

/** The state with hostile text in some of its fields. */
export function dressHostile(payload: Payload, fault: Extract<StreamFault, { effect: 'hostile' }>): Payload {
  const text = fault.text ?? HOSTILE_TEXT;
  const fields = fault.fields ?? ['step', 'hostname', 'message'];
  const { status: statusField, verdicts } = wordsOf(payload);
  const { event, [statusField]: status, deployment_hostnames: hostnames, logs, errors } = payload;
  return {
    ...payload,
    ...(fields.includes('step') && typeof event === 'object' && event !== null && { event: { ...event, step: text } }),
    ...(fields.includes('hostname') &&
      hostnames !== undefined && { deployment_url: text, deployment_hostnames: [text] }),
    // A verdict stays one, or the stream would never come to an end.
    ...(fields.includes('status') && status !== undefined && !verdicts.includes(status) && { [statusField]: text }),
    ...(fields.includes('message') &&
      Array.isArray(errors) && { errors: errors.map((error: object) => ({ ...error, message: text })) }),
    ...(Array.isArray(logs) && { logs: logs.map((log: object) => ({ ...log, messages: [text] })) }),
  };
}
