import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../answers.ts';
import type { AppliedFaults } from '../faults/applied.ts';
import { splitBySize } from '../sending.ts';
import { splitInsideCharacters, splitIntoBytes } from './sse.ts';
import { APPEARANCE_FAULTS, ENDING_FAULTS, type StreamFault } from './stream-faults.ts';
import type { Payload, StreamKind } from './stream-payloads.ts';
import { StreamRenderer } from './stream-renderer.ts';

const DEFAULT_DRIP_MS = 20;

export interface EventStreamOptions {
  form: 'bare' | 'documented';
  kind: StreamKind;
  faults: AppliedFaults;
  headers: Record<string, string>;
  /** The server ends the stream after so long, whatever the state (API document, section 1, "Event stream"). */
  cutMs: number;
  /** A comment this often; undefined: none. */
  keepAliveMs?: number | undefined;
  /** Called once, when the stream is over for any reason. */
  onClose: () => void;
}

/** One open event stream: sends states, and ends, breaks or falls silent as the faults ask. */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #options: EventStreamOptions;
  readonly #appearance: readonly StreamFault[];
  readonly #renderer: StreamRenderer;
  readonly #timers: NodeJS.Timeout[] = [];
  #writing: Promise<void> = Promise.resolve();
  #states = 0;
  /** Nothing more is sent: it was ended, broken, or has fallen silent. */
  #isOver = false;

  constructor(response: ServerResponse, options: EventStreamOptions) {
    this.#response = response;
    this.#options = options;
    this.#appearance = options.faults.all(APPEARANCE_FAULTS);
    this.#renderer = new StreamRenderer({ ...options, faults: this.#appearance });
    response.once('close', () => this.#close());
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      connection: 'keep-alive',
      ...options.headers,
    });
    response.flushHeaders();
    this.#write(this.#renderer.renderOpening());
    this.#startTimers();
    this.#endIfDue();
  }

  /** One state of what the stream is about. */
  send(payload: Payload, id: string): void {
    if (this.#isOver) return;
    const text = this.#renderer.renderState(payload, id);
    if (this.#options.faults.answer?.effect === 'reset-in-body') {
      this.#write(text.slice(0, text.length / 2));
      this.#break();
      return;
    }
    this.#write(text);
    this.#states += 1;
    this.#endIfDue();
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopTimers();
    this.#writing = this.#writing.then(() => void this.#response.end());
  }

  #endIfDue(): void {
    const [ending] = this.#options.faults.all(ENDING_FAULTS);
    if (ending === undefined || this.#states < ending.events) return;
    if (ending.effect === 'cut-after') this.end();
    else if (ending.effect === 'reset-after') this.#break();
    else {
      this.#isOver = true;
      this.#stopTimers();
    }
  }

  #startTimers(): void {
    const { cutMs, keepAliveMs } = this.#options;
    this.#timers.push(setTimeout(() => this.end(), cutMs));
    const comments = this.#appearance.find((fault) => fault.effect === 'comments');
    for (const everyMs of [keepAliveMs, comments?.everyMs]) {
      if (everyMs !== undefined) {
        this.#timers.push(setInterval(() => this.#write(this.#renderer.renderComment()), everyMs));
      }
    }
  }

  #stopTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #write(text: string): void {
    const bytes = Buffer.from(text);
    if (bytes.length === 0) return;
    const { answer } = this.#options.faults;
    const pieces = this.#split(bytes);
    // Pieces go one after the other, and the next event only after the last piece of this one.
    this.#writing = this.#writing.then(async () => {
      for (const piece of pieces) {
        if (this.#response.destroyed) return;
        if (answer?.effect === 'slow-body') await sleep(answer.delayMs ?? DEFAULT_DRIP_MS, undefined, { ref: false });
        this.#response.write(piece);
        // Node sends what is written in one turn as one chunk.
        if (pieces.length > 1) await nextTurn();
      }
    });
  }

  #split(bytes: Buffer): Buffer[] {
    const { answer } = this.#options.faults;
    const isSplitBy = (chunking: string) =>
      this.#appearance.some((fault) => 'chunking' in fault && fault.chunking === chunking);
    if (answer?.effect === 'slow-body') return splitBySize(bytes, answer.chunkBytes ?? 1);
    if (isSplitBy('bytes')) return splitIntoBytes(bytes);
    if (isSplitBy('split-multibyte')) return splitInsideCharacters(bytes);
    return [bytes];
  }

  #break(): void {
    this.#isOver = true;
    this.#stopTimers();
    // What was written so far must reach the client, so the socket goes only once it was handed over.
    this.#writing = this.#writing.then(() => void this.#response.write('', () => this.#response.destroy()));
  }

  #close(): void {
    this.#isOver = true;
    this.#stopTimers();
    this.#options.onClose();
  }
}

/** What a stream of states is about. */
export interface StateSource {
  render: () => Payload;
  version: () => number;
  isOver: () => boolean;
  /** Calls `listener` on each change of state; returns what stops it. */
  subscribe: (listener: () => void) => () => void;
}

/** On connecting the current state comes at once, then each change; the stream ends with a verdict, or is cut. */
export function createStatesAnswer(source: StateSource, options: Omit<EventStreamOptions, 'onClose'>): Answer {
  return {
    kind: 'stream',
    open: (response) => {
      let unsubscribe = () => {};
      const stream = new EventStream(response, { ...options, onClose: () => unsubscribe() });
      const send = () => {
        stream.send(source.render(), `${source.version()}`);
        if (source.isOver()) stream.end();
      };
      unsubscribe = source.subscribe(send);
      send();
    },
  };
}
