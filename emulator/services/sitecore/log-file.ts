import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { stat, truncate } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { HOSTILE_MESSAGE } from '../../faults/hostile-text.ts';
import type { LogKind } from './faults.ts';
import type { Rejection } from './records.ts';

const STRANGERS = 3;
const DEFAULT_HUGE_BYTES = 64 * 1_048_576;
/** Lines that no reader of JSON objects understands. */
const BAD_LINES = [
  '{"ref": ',
  'null',
  '"text"',
  '[]',
  '{}',
  '{"ref":7,"code":{},"message":[]}',
  '',
  'Internal error',
  '\0',
];
const HOSTILE_LINE = { ref: HOSTILE_MESSAGE, code: HOSTILE_MESSAGE, message: HOSTILE_MESSAGE };

export interface LogForm {
  kinds: readonly LogKind[];
  hugeBytes: number | undefined;
}

/** "A gzipped JSON-lines error log: `{ref, code, message}` per refused record" (API document, section 3), or nearly. */
export class LogFile {
  readonly path: string;
  readonly #form: LogForm;
  readonly #head: NodeJS.ReadWriteStream;
  readonly #written: Promise<void>;
  #hasBadLines = false;

  constructor(path: string, form: LogForm) {
    this.path = path;
    this.#form = form;
    this.#head = this.#is('not-gzip') ? new PassThrough() : createGzip({ level: 1 });
    this.#written = pipeline(this.#head, createWriteStream(path));
    // Awaited in `finish`; until then, a failure must not count as unhandled.
    this.#written.catch(() => {});
  }

  async add(rejection: Rejection): Promise<void> {
    if (this.#is('empty')) return;
    const line = JSON.stringify(rejection);
    for (let copy = this.#is('repeats') ? 2 : 1; copy > 0; copy -= 1) await this.#write(`${line}\n`);
    await this.#addBadLines();
  }

  async finish(): Promise<void> {
    const { hugeBytes = DEFAULT_HUGE_BYTES } = this.#form;
    await this.#addBadLines();
    if (this.#is('hostile')) await this.#write(`${JSON.stringify(HOSTILE_LINE)}\n`);
    if (this.#is('strangers')) {
      for (let index = 0; index < STRANGERS; index += 1) await this.#write(renderStranger());
    }
    if (this.#is('huge')) {
      // A few refs again and again, within the window of gzip, or it could not make it small.
      const lines = Array.from({ length: 100 }, renderStranger).join('');
      for (let bytes = 0; bytes < hugeBytes; bytes += lines.length) await this.#write(lines);
    }
    if (this.#is('huge-line')) {
      const piece = 'x'.repeat(65_536);
      await this.#write(`{"ref":"${randomUUID()}","code":400,"message":"`);
      for (let bytes = 0; bytes < hugeBytes; bytes += piece.length) await this.#write(piece);
      await this.#write('"}\n');
    }
    this.#head.end();
    await this.#written;
    if (this.#is('truncated')) await truncate(this.path, Math.floor(((await stat(this.path)).size * 2) / 3));
  }

  /** Ends it unfinished. */
  async abandon(): Promise<void> {
    this.#head.end();
    await this.#written.catch(() => {});
  }

  /** After the first rejection, to see which client stops reading there. */
  async #addBadLines(): Promise<void> {
    if (!this.#is('bad-lines') || this.#hasBadLines) return;
    this.#hasBadLines = true;
    await this.#write(`${BAD_LINES.join('\n')}\n`);
  }

  #is(kind: LogKind): boolean {
    return this.#form.kinds.includes(kind);
  }

  async #write(text: string): Promise<void> {
    if (!this.#head.write(text)) await Promise.race([once(this.#head, 'drain'), this.#written]);
  }
}

function renderStranger(): string {
  return `${JSON.stringify({ ref: randomUUID(), code: 400, message: 'Nobody sent this record.' })}\n`;
}
