import type { LineEnding, SseFields } from './sse.ts';
import { BYTE_ORDER_MARK, encodeSseComment, encodeSseEvent } from './sse.ts';
import type { StreamFault } from './stream-faults.ts';
import { MALFORMED_KINDS, UNKNOWN_KINDS } from './stream-faults.ts';
import type { Payload, StreamKind } from './stream-payloads.ts';
import { addHostileText, listUnknown, renderMalformed } from './stream-payloads.ts';

const DEFAULT_HUGE_BYTES = 1_048_576;
const DEFAULT_COPIES = 3;
const MULTIBYTE_TEXT = 'déployé – 展開 – 🚀';

interface RendererOptions {
  faults: readonly StreamFault[];
  /** `documented`: each event carries `event: message`; `bare`: `data:` lines alone (API document, section 1). */
  form: 'bare' | 'documented';
  kind: StreamKind;
}

/** Renders payloads as the text of an event stream, changed as the faults ask. */
export class StreamRenderer {
  readonly #faults: readonly StreamFault[];
  readonly #form: 'bare' | 'documented';
  readonly #kind: StreamKind;
  readonly lineEnding: LineEnding;
  #sent = 0;

  constructor({ faults, form, kind }: RendererOptions) {
    this.#faults = faults;
    this.#form = form;
    this.#kind = kind;
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
      data: this.#stringify(this.#changePayload(payload)),
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

  #changePayload(payload: Payload): Payload {
    let changed = payload;
    if (this.#faults.some((fault) => fault.effect === 'chunking' && fault.chunking === 'split-multibyte')) {
      changed = { ...changed, note: MULTIBYTE_TEXT };
    }
    const unknown = this.#find('unknown');
    if (unknown !== undefined && (unknown.kinds ?? UNKNOWN_KINDS).includes('field')) {
      changed = { ...changed, region: 'moon-1', queue_position: 3, nested: { list: [null, { deep: true }] } };
    }
    const hostile = this.#find('hostile');
    return hostile === undefined ? changed : addHostileText(changed, hostile, this.#kind);
  }

  #listUnknown(payload: Payload): Payload[] {
    const unknown = this.#find('unknown');
    return unknown === undefined ? [] : listUnknown(unknown.kinds ?? UNKNOWN_KINDS, payload, this.#kind);
  }

  #listMalformed(payload: Payload): string[] {
    const malformed = this.#find('malformed');
    if (malformed === undefined) return [];
    const kinds = malformed.kinds ?? MALFORMED_KINDS;
    const next = kinds[this.#sent % Math.max(kinds.length, 1)];
    const chosen = this.#sent === 0 ? kinds : next === undefined ? [] : [next];
    return chosen.map((kind) => renderMalformed(kind, payload, malformed.hugeBytes ?? DEFAULT_HUGE_BYTES, this.#kind));
  }
}
