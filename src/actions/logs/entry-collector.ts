import { type LogFormat, renderEvent } from '../../domain/worker-logs/formats.ts';
import { LogCounter, type LogKinds } from '../../domain/worker-logs/log-counter.ts';
import type { WorkerLogEvent } from '../../domain/worker-logs/log-event.ts';
import type { FailOn } from '../../inputs/logs.ts';
import type { LogsFindings } from '../../report/logs-record.ts';
import type { EntryFile, LogsDependencies } from './dependencies.ts';

/** Groups that the summary shows. */
const MAX_PROBLEMS = 20;

export interface CollectorOptions extends Pick<LogsDependencies, 'redact'> {
  format: LogFormat;
  failOn: FailOn;
  maxEntries: number;
  file: EntryFile;
}

/** Takes each event once: counts it, and writes it into the file, both without secrets. */
export class EntryCollector {
  readonly #counter = new LogCounter();
  readonly #options: CollectorOptions;
  #isCut = false;

  constructor(options: CollectorOptions) {
    this.#options = options;
  }

  /** So many entries may still be taken. */
  get room(): number {
    return Math.max(0, this.#options.maxEntries - this.#counter.counts.entries);
  }

  /** @returns those of its lines that the file has room for; the others are only counted */
  add(event: WorkerLogEvent): readonly string[] {
    const { redact, format, file } = this.#options;
    const { room } = this;
    const clean = redact.event(event);
    this.#counter.add(clean);
    // JSON has an event with all its lines.
    if (room === 0 || (format !== 'json' && clean.lines.length > room)) this.cut();
    if (room === 0) return [];
    const kept = { ...clean, lines: clean.lines.slice(0, room) };
    const lines = renderEvent(kept, format).map(redact.line);
    file.append(lines);
    return lines;
  }

  /** There is more than was taken. */
  cut(): void {
    this.#isCut = true;
  }

  get findings(): LogsFindings {
    const { counts } = this.#counter;
    const kinds = this.#counter.problems(MAX_PROBLEMS, this.#options.failOn === 'exception');
    return { ...counts, ...kinds, isCut: this.#isCut };
  }

  /** Kinds of what `fail-on` names, which need not be among the most frequent ones. */
  failingKinds(max: number): LogKinds {
    return this.#options.failOn === 'exception' ? this.#counter.exceptions(max) : this.#counter.problems(max);
  }
}
