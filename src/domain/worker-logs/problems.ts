import type { LogLine, LogProblem, WorkerLogEvent } from './log-event.ts';
import { pathOf } from './own-requests.ts';

/** Errors and exceptions of workers, grouped: of a thousand visitors, each has an id of its own in the same message. */

/** More than these are counted, and not told apart. */
const MAX_GROUPS = 200;
const MAX_PATHS = 3;
/** Of a message that is kept. What is shown is far shorter: text has to lose its secrets before it is cut. */
const MAX_MESSAGE_CHARS = 4000;
const MAX_MESSAGES = 10;
const MAX_KEY_CHARS = 300;

interface Group extends LogProblem {
  paths: string[];
}

/** Errors and exceptions by their kind, in bounded memory. */
export class ProblemGroups {
  readonly #groups = new Map<string, Group>();
  /** Entries of kinds that were too many. */
  #others = 0;

  /** @returns how many errors and exceptions are in it */
  add({ request, lines }: Pick<WorkerLogEvent, 'request' | 'lines'>): number {
    const problems = lines.filter(isProblem);
    const path = request === undefined || request.url === '' ? undefined : pathOf(request.url);
    for (const line of problems) this.#add(line, path);
    return problems.length;
  }

  /** The same logs, read in another way: of each kind, the higher number is right, since neither may have all. */
  mergeSame(other: ProblemGroups): void {
    for (const [key, group] of other.#groups) {
      const own = this.#groups.get(key);
      if (own === undefined) this.#insert(key, group);
      else {
        own.count = Math.max(own.count, group.count);
        for (const path of group.paths) notePath(own, path);
      }
    }
    this.#others = Math.max(this.#others, other.#others);
  }

  /** Each kind of the other one is among these. */
  hasAllOf(other: ProblemGroups): boolean {
    return other.#others === 0 && [...other.#groups.keys()].every((key) => this.#groups.has(key));
  }

  /** Those with the most entries first; of more than `max` kinds, how many the rest are. */
  list(max: number): { problems: LogProblem[]; moreProblems: number } {
    const all = [...this.#groups.values()].toSorted(compareProblems);
    const rest = Math.max(0, all.length - max) + (this.#others > 0 ? 1 : 0);
    return { problems: all.slice(0, max), moreProblems: rest };
  }

  #add(line: LogLine, path: string | undefined): void {
    const message = firstLine(line);
    const key = `${line.exception ?? ''}\n${kindOf(message)}`;
    const group = this.#groups.get(key);
    if (group === undefined) {
      const level = line.exception === undefined ? 'error' : 'exception';
      const paths = path === undefined ? [] : [path];
      this.#insert(key, { level, name: line.exception, message, count: 1, paths });
      return;
    }
    group.count += 1;
    if (path !== undefined) notePath(group, path);
  }

  #insert(key: string, group: Group): void {
    if (this.#groups.size < MAX_GROUPS) this.#groups.set(key, group);
    else this.#others += group.count;
  }
}

/** The most frequent ones first; an exception says more than what is logged about it. */
export function compareProblems(one: LogProblem, other: LogProblem): number {
  return other.count - one.count || Number(other.level === 'exception') - Number(one.level === 'exception');
}

export function isProblem({ level, exception }: LogLine): boolean {
  return level === 'error' || exception !== undefined;
}

/** `2 errors and 1 exception` */
export function countProblems(problems: readonly LogProblem[]): string {
  const parts = (['error', 'exception'] as const).flatMap((level) => {
    const sum = problems.filter((one) => one.level === level).reduce((total, one) => total + one.count, 0);
    return sum === 0 ? [] : `${sum.toLocaleString('en-US')} ${level}${sum === 1 ? '' : 's'}`;
  });
  return parts.join(' and ') || 'no error';
}

/** `TypeError: x is not a function (3 times; on /, /cart)` */
export function describeProblem(problem: LogProblem): string {
  const { count, paths } = problem;
  const facts = [count === 1 ? '' : `${count} times`, paths.length === 0 ? '' : `on ${paths.join(', ')}`];
  const known = facts.filter((fact) => fact !== '').join('; ');
  return known === '' ? problemText(problem) : `${problemText(problem)} (${known})`;
}

/** The message, with the name of the exception unless it begins with that. */
export function problemText({ name, message }: Pick<LogProblem, 'name' | 'message'>): string {
  if (name === undefined) return message || '(no message)';
  if (message.startsWith(name)) return message;
  return message === '' ? name : `${name}: ${message}`;
}

/** The first line that is not empty, without what colours a terminal. */
function firstLine({ messages }: LogLine): string {
  const whole = messages.slice(0, MAX_MESSAGES).map(cut).join(' ').replace(COLOURS, '');
  const line = whole.split(/[\r\n]+/).find((one) => one.trim() !== '') ?? '';
  return cut(line.trim());
}

/** The redactor finds the beginning of a secret only in a text that is marked as cut. */
function cut(message: string): string {
  return message.length > MAX_MESSAGE_CHARS ? `${message.slice(0, MAX_MESSAGE_CHARS).toWellFormed()}…` : message;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the character with which such a sequence begins
const COLOURS = /\u001b\[[\d;]*[a-zA-Z]/g;

/** The message without numbers and ids: a word with a digit is one, and so is a long word of nothing but hex digits. */
function kindOf(message: string): string {
  return message
    .slice(0, MAX_KEY_CHARS)
    .replace(/[\p{L}\p{N}_-]+/gu, (word) => (/\d/.test(word) || /^[a-f-]{8,}$/i.test(word) ? '#' : word));
}

function notePath(group: Group, path: string): void {
  if (group.paths.length < MAX_PATHS && !group.paths.includes(path)) group.paths.push(path);
}
