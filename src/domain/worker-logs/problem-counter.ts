import type { LogLine, LogProblem, WorkerLogEvent } from './log-event.ts';

/** Kinds that are told apart; what comes after them is counted all the same. */
const MAX_GROUPS = 1000;
const MAX_PATHS = 3;
const MAX_MESSAGE_CHARS = 300;
const MAX_PATH_CHARS = 200;

/** What was counted, at any moment. */
export interface LogCounts {
  /** Requests that logged nothing, and lines of the others. */
  entries: number;
  /** Lines of level `error` that are no exceptions. */
  errors: number;
  exceptions: number;
}

/** Counts entries, errors and exceptions, and groups the latter two by kind, in bounded memory. */
export class ProblemCounter {
  readonly counts: LogCounts = { entries: 0, errors: 0, exceptions: 0 };
  readonly #groups = new Map<string, LogProblem & { paths: string[] }>();
  #isFull = false;

  /** @param event without secrets, since messages are cut */
  add(event: WorkerLogEvent): void {
    this.counts.entries += Math.max(1, event.lines.length);
    for (const line of event.lines) {
      if (line.exception !== undefined) this.counts.exceptions += 1;
      else if (line.level === 'error') this.counts.errors += 1;
      else continue;
      this.#group(line, event);
    }
  }

  /** Those with the most entries first. */
  problems(max: number): { problems: LogProblem[]; moreProblems: number } {
    const all = [...this.#groups.values()].toSorted((one, other) => other.count - one.count);
    return { problems: all.slice(0, max), moreProblems: Math.max(0, all.length - max) };
  }

  /** There were more kinds than are told apart. */
  get isFull(): boolean {
    return this.#isFull;
  }

  #group(line: LogLine, { request }: WorkerLogEvent): void {
    const message = firstLineOf(line);
    const key = [line.exception ?? '', withoutNumbers(message)].join('\n');
    const known = this.#groups.get(key);
    if (known === undefined && this.#groups.size >= MAX_GROUPS) {
      this.#isFull = true;
      return;
    }
    const level = line.exception === undefined ? 'error' : 'exception';
    const group = known ?? { level, name: line.exception, message, count: 0, paths: [] };
    group.count += 1;
    const path = pathOf(request?.url ?? '');
    if (path !== '' && group.paths.length < MAX_PATHS && !group.paths.includes(path)) group.paths.push(path);
    this.#groups.set(key, group);
  }
}

function firstLineOf({ messages }: LogLine): string {
  const [line = ''] = messages
    .join(' ')
    .trim()
    .split(/[\r\n]/, 1);
  return limited(line.replace(/\s+/g, ' '), MAX_MESSAGE_CHARS);
}

/** Ids, hashes, UUIDs, times and amounts differ from one time to the next. */
function withoutNumbers(message: string): string {
  return message.replace(/[\w-]+/g, (word) => (/\d/.test(word) ? '#' : word));
}

/** What a URL asks for, without the host and the query; the text itself if it is no URL. */
function pathOf(url: string): string {
  const path = URL.canParse(url) ? new URL(url).pathname : (url.split('?', 1)[0] ?? '');
  return limited(path, MAX_PATH_CHARS);
}

function limited(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${text.slice(0, maxChars)}…`;
}
