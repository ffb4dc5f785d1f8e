import type { MalformedKind, StreamFault } from './fault-types.ts';
import { MALFORMED_KINDS, UNKNOWN_KINDS } from './fault-types.ts';
import type { LineEnding, SseFields } from './sse.ts';
import { BYTE_ORDER_MARK, encodeSseComment, encodeSseEvent } from './sse.ts';

export type Payload = Readonly<Record<string, unknown>>;

const DEFAULT_HUGE_BYTES = 1_048_576;
const DEFAULT_COPIES = 3;
const MULTIBYTE_TEXT = 'déployé – 展開 – 🚀';
const HOSTILE_TEXT =
  '\r\n::error title=pwned::hostile\n</td></details><img src=x onerror=alert(1)> | `a` [b](javascript:c) \u001b[31m\u202e\u0000 @everyone';

interface DressingOptions {
  faults: readonly StreamFault[];
  /** `documented`: each event carries `event: message`; `bare`: `data:` lines alone (API document, section 1). */
  form: 'bare' | 'documented';
}

/** Turns payloads into the text of an event stream, dressed up as the faults ask. */
export class StreamDressing {
  readonly #faults: readonly StreamFault[];
  readonly #form: 'bare' | 'documented';
  readonly lineEnding: LineEnding;
  #sent = 0;

  constructor({ faults, form }: DressingOptions) {
    this.#faults = faults;
    this.#form = form;
    this.lineEnding = this.#readLineEnding();
  }

  /** What comes before anything else. */
  renderOpening(): string {
    const retry = this.#find('retry');
    const mark = this.#find('bom') === undefined ? '' : BYTE_ORDER_MARK;
    return mark + (retry === undefined ? '' : encodeSseEvent({ retryMs: retry.retryMs }, this.lineEnding));
  }

  /** One state, with all that the faults put around it. */
  renderState(payload: Payload, id: string): string {
    const isFirst = this.#sent === 0;
    const parts: string[] = [];
    if (this.#find('comments') !== undefined) parts.push(encodeSseComment('keep-alive', this.lineEnding));
    for (const data of this.#listMalformed(payload)) parts.push(this.#encode({ data }));
    if (isFirst)
      for (const extra of this.#listUnknown(payload)) parts.push(this.#encode({ data: this.#stringify(extra) }));
    const event = this.#encode({
      data: this.#stringify(this.#dressPayload(payload)),
      ...(this.#find('id') !== undefined && { id }),
    });
    const repeat = this.#find('repeat');
    parts.push(event.repeat(repeat === undefined ? 1 : (repeat.copies ?? DEFAULT_COPIES)));
    this.#sent += 1;
    return parts.join('');
  }

  renderComment(): string {
    return encodeSseComment('keep-alive', this.lineEnding);
  }

  #find<E extends StreamFault['effect']>(effect: E): Extract<StreamFault, { effect: E }> | undefined {
    return this.#faults.find((fault): fault is Extract<StreamFault, { effect: E }> => fault.effect === effect);
  }

  #readLineEnding(): LineEnding {
    for (const fault of this.#faults) {
      if (fault.effect === 'chunking' && fault.chunking === 'crlf') return '\r\n';
      if (fault.effect === 'chunking' && fault.chunking === 'cr') return '\r';
    }
    return '\n';
  }

  #encode(fields: SseFields): string {
    return encodeSseEvent(this.#form === 'documented' ? { event: 'message', ...fields } : fields, this.lineEnding);
  }

  #stringify(payload: Payload): string {
    return this.#find('multiline') === undefined ? JSON.stringify(payload) : JSON.stringify(payload, null, 2);
  }

  #dressPayload(payload: Payload): Payload {
    let dressed = payload;
    if (this.#faults.some((fault) => fault.effect === 'chunking' && fault.chunking === 'split-multibyte')) {
      dressed = { ...dressed, note: MULTIBYTE_TEXT };
    }
    const unknown = this.#find('unknown');
    if (unknown !== undefined && (unknown.kinds ?? UNKNOWN_KINDS).includes('field')) {
      dressed = { ...dressed, region: 'moon-1', queue_position: 3, nested: { list: [null, { deep: true }] } };
    }
    const hostile = this.#find('hostile');
    return hostile === undefined ? dressed : dressHostile(dressed, hostile);
  }

  #listUnknown(payload: Payload): Payload[] {
    const unknown = this.#find('unknown');
    if (unknown === undefined) return [];
    const kinds = unknown.kinds ?? UNKNOWN_KINDS;
    const base = { deployment_uuid: payload['deployment_uuid'], deployment_status: 'in_progress', event: null };
    const extras: Payload[] = [];
    if (kinds.includes('step')) extras.push({ ...base, event: { step: 'warming_caches', progress: 1 } });
    if (kinds.includes('status')) extras.push({ ...base, deployment_status: 'paused' });
    return extras;
  }

  #listMalformed(payload: Payload): string[] {
    const malformed = this.#find('malformed');
    if (malformed === undefined) return [];
    const kinds = malformed.kinds ?? MALFORMED_KINDS;
    const next = kinds[this.#sent % Math.max(kinds.length, 1)];
    const chosen = this.#sent === 0 ? kinds : next === undefined ? [] : [next];
    return chosen.map((kind) => renderMalformed(kind, payload, malformed.hugeBytes ?? DEFAULT_HUGE_BYTES));
  }
}

function renderMalformed(kind: MalformedKind, payload: Payload, hugeBytes: number): string {
  const { deployment_status: _, ...rest } = payload;
  switch (kind) {
    case 'invalid-json':
      return '{"deployment_status": "completed", "event": ';
    case 'json-null':
      return 'null';
    case 'json-string':
      return '"completed"';
    case 'array':
      return '[{"deployment_status":"completed"}]';
    case 'missing-status':
      return JSON.stringify(rest);
    case 'wrong-types':
      return JSON.stringify({
        ...rest,
        deployment_status: 7,
        event: 'deploying',
        error: [10],
        deployment_hostnames: {},
      });
    case 'empty-data':
      return '';
    case 'huge':
      return JSON.stringify({ ...rest, deployment_status: 'in_progress', event: null, padding: 'x'.repeat(hugeBytes) });
  }
}

function dressHostile(payload: Payload, fault: Extract<StreamFault, { effect: 'hostile' }>): Payload {
  const text = fault.text ?? HOSTILE_TEXT;
  const fields = fault.fields ?? ['step', 'hostname'];
  const { event, deployment_status: status, deployment_hostnames: hostnames, logs } = payload;
  const isVerdict = status === 'completed' || status === 'failed';
  return {
    ...payload,
    ...(fields.includes('step') && typeof event === 'object' && event !== null && { event: { ...event, step: text } }),
    ...(fields.includes('hostname') &&
      hostnames !== undefined && { deployment_url: text, deployment_hostnames: [text] }),
    // A verdict stays one, or the stream would never come to an end.
    ...(fields.includes('status') && status !== undefined && !isVerdict && { deployment_status: text }),
    ...(Array.isArray(logs) && { logs: logs.map((log: object) => ({ ...log, messages: [text] })) }),
  };
}
