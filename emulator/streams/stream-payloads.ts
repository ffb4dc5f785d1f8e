import type { MalformedKind, StreamFault, UnknownKind } from './stream-faults.ts';

export type Payload = Readonly<Record<string, unknown>>;

const HOSTILE_TEXT =
  '\r\n::error title=pwned::hostile\n</td></details><img src=x onerror=alert(1)> | `a` [b](javascript:c) \u001b[31m\u202e\u0000 @everyone';

/** What faults need to know of the payloads of a stream. */
export interface StreamKind {
  /** The field that has the status. */
  status: string;
  inProgress: string;
  success: string;
  verdicts: readonly unknown[];
  /** The fields that say what an event is about. */
  subject: readonly string[];
  /** Fields of a state in progress beside the status. */
  rest: Payload;
  wrongTypes: Payload;
  /** What an unknown step looks like; an unknown field if there are no steps. */
  unknownStep: Payload;
}

/** An event that is broken in one way, in place of this state. */
export function renderMalformed(kind: MalformedKind, payload: Payload, hugeBytes: number, stream: StreamKind): string {
  const { [stream.status]: _, ...rest } = payload;
  switch (kind) {
    case 'invalid-json':
      return `{"${stream.status}": "${stream.success}", "event": `;
    case 'json-null':
      return 'null';
    case 'json-string':
      return `"${stream.success}"`;
    case 'array':
      return JSON.stringify([{ [stream.status]: stream.success }]);
    case 'missing-status':
      return JSON.stringify(rest);
    case 'wrong-types':
      return JSON.stringify({ ...rest, ...stream.wrongTypes });
    case 'empty-data':
      return '';
    case 'huge': {
      const padding = 'x'.repeat(hugeBytes);
      return JSON.stringify({ ...rest, [stream.status]: stream.inProgress, ...stream.rest, padding });
    }
  }
}

/** Events about the same thing with an unknown step or status. */
export function listUnknown(kinds: readonly UnknownKind[], payload: Payload, stream: StreamKind): Payload[] {
  const { status, inProgress, subject, rest, unknownStep } = stream;
  const subjectFields = Object.fromEntries(subject.map((name) => [name, payload[name]]));
  const base = { ...subjectFields, [status]: inProgress, ...rest };
  return [
    ...(kinds.includes('step') ? [{ ...base, ...unknownStep }] : []),
    ...(kinds.includes('status') ? [{ ...base, [status]: 'paused' }] : []),
  ];
}

/** The state with hostile text in some of its fields. */
export function addHostileText(
  payload: Payload,
  fault: Extract<StreamFault, { effect: 'hostile' }>,
  stream: StreamKind,
): Payload {
  const text = fault.text ?? HOSTILE_TEXT;
  const fields = fault.fields ?? ['step', 'hostname', 'message'];
  const { status: statusField, verdicts } = stream;
  const { event, [statusField]: status, deployment_hostnames: hostnames, logs, errors } = payload;
  return {
    ...payload,
    ...(fields.includes('step') && typeof event === 'object' && event !== null && { event: { ...event, step: text } }),
    ...(fields.includes('hostname') &&
      hostnames !== undefined && { deployment_url: text, deployment_hostnames: [text] }),
    // A verdict stays as it is, or the stream would never end.
    ...(fields.includes('status') && status !== undefined && !verdicts.includes(status) && { [statusField]: text }),
    ...(fields.includes('message') &&
      Array.isArray(errors) && { errors: errors.map((error: object) => ({ ...error, message: text })) }),
    ...(Array.isArray(logs) && { logs: logs.map((log: object) => ({ ...log, messages: [text] })) }),
  };
}
