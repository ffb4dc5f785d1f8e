import { formatDuration, limitChars } from './format.ts';
import { CONTROL_CHARACTERS } from './hidden-characters.ts';
import type { Redactor } from './redactor.ts';
import { createPrinter } from './runner-commands.ts';
import { workspacePath } from './workspace-path.ts';

/** At most one sign of life in this time while nothing else is printed. */
const HEARTBEAT_MS = 15_000;
/** GitHub cuts annotations at 4 KB. */
const MAX_ANNOTATION_CHARS = 4000;

/** GitHub shows so many errors, warnings and notices of a step each as annotations (API document, section 4). */
const SHOWN_ANNOTATIONS = 10;
/** What is wrong with a line of a file needs a sentence; more would hide it. */
const MAX_ROW_CHARS = 1000;

/** Where in a file something is wrong. */
export interface FilePlace {
  /** Absolute; undefined where it is not known. */
  path: string | undefined;
  /** From 1; undefined for the file as a whole. */
  line: number | undefined;
}

/**
 * The job log: no line can be read as a workflow command. Without a runner it is plain text. It gets its text without
 * secrets (see `createRun`).
 */
export interface JobLog {
  info(line: string): void;
  debug(text: string): void;
  /** An output, where there is no runner to pass it on. */
  output(name: string, value: string): void;
  notice(message: string, title: string): void;
  warning(message: string, title?: string): void;
  /**
   * The annotation of a failed step. A message that is too long for one is printed in full in the lines before it;
   * `ending` (what to do, the correlation id) is never cut.
   */
  error(message: string, title: string, ending?: string): void;
  /** An annotation in one line of text, at a file or a line of it; without a place if the file is not in the workspace. */
  annotate(level: 'error' | 'warning', message: string, title: string, place: FilePlace): void;
  /** How many more annotations of this level GitHub would show. */
  roomFor(level: 'error' | 'warning'): number;
  /** Opens a group. Whenever nothing was printed for 15 s until its end, a line says that it is still running. */
  startPhase(title: string): void;
  /** What that line says of a phase; a function is called when the line is printed. */
  setStatus(title: string, text: string | (() => string)): void;
  endPhase(title: string): void;
  startGroup(title: string): void;
  endGroup(): void;
  /** Prints `describe()` whenever nothing was printed for 15 s, until the returned function is called. */
  heartbeat(describe: () => string): () => void;
}

/** For a log that gets nothing but text without secrets. */
const NO_SECRETS = { redact: (text: string) => text, redactPublic: (text: string) => text };

/** @param workspace folder that the paths of annotations are relative to */
export function createJobLog(
  redactor: Pick<Redactor, 'redact' | 'redactPublic'> = NO_SECRETS,
  workspace = process.env['GITHUB_WORKSPACE'],
): JobLog {
  const printer = createPrinter();
  const printed = { error: 0, warning: 0 };
  let lastLineMs = performance.now();
  // Control characters first: without them, the pieces of a secret that they split are side by side.
  const sanitize = (text: string, redact = redactor.redact) =>
    withoutCommands(redact(text.replace(CONTROL_CHARACTERS, '')));
  const clean = (text: string) => {
    lastLineMs = performance.now();
    return sanitize(text);
  };
  const log: JobLog = {
    info: (line) => printer.info(clean(line)),
    debug: (text) => printer.debug(sanitize(text)),
    output: (name, value) => printer.info(sanitize(`Output ${name}: ${value}`, redactor.redactPublic)),
    notice: (message, title) => printer.notice(clean(message), { title: clean(title) }),
    warning: (message, title) => {
      printed.warning += 1;
      printer.warning(clean(message), title === undefined ? {} : { title: clean(title) });
    },
    annotate: (level, message, title, { path, line }) => {
      printed[level] += 1;
      const text = oneLine(clean(message));
      const file = path === undefined ? undefined : workspacePath(path, workspace);
      const at = line === undefined ? {} : { startLine: line };
      const place = file === undefined ? {} : { file: clean(file), ...at };
      const print = level === 'error' ? printer.error : printer.warning;
      print(text, { title: oneLine(clean(title)), ...place });
    },
    roomFor: (level) => Math.max(0, SHOWN_ANNOTATIONS - printed[level]),
    error: (message, title, ending = '') => {
      const whole = clean(message);
      const end = ending === '' ? '' : `\n${clean(ending)}`;
      const room = MAX_ANNOTATION_CHARS - end.length;
      const isTooLong = whole.length > room;
      if (isTooLong) printer.info(whole);
      const cut = isTooLong ? `${whole.slice(0, room - 60)}…\n(in full in the lines above)` : whole;
      printed.error += 1;
      printer.error(`${cut}${end}`, { title: clean(title) });
    },
    ...createPhases(() => log),
    startGroup: (title) => printer.startGroup(clean(title)),
    endGroup: () => printer.endGroup(),
    heartbeat: (describe) => {
      const timer = setInterval(() => {
        if (performance.now() - lastLineMs >= HEARTBEAT_MS - 500) log.info(describe());
      }, HEARTBEAT_MS / 3);
      return () => clearInterval(timer);
    },
  };
  return log;
}

function createPhases(
  log: () => Pick<JobLog, 'heartbeat' | 'startGroup' | 'endGroup'>,
): Pick<JobLog, 'startPhase' | 'setStatus' | 'endPhase'> {
  const phases = new Map<string, { status: string | (() => string); stop: () => void }>();
  return {
    startPhase: (title) => {
      const startMs = performance.now();
      const since = () => formatDuration(performance.now() - startMs);
      log().startGroup(title);
      phases.get(title)?.stop();
      const phase: { status: string | (() => string); stop: () => void } = {
        status: title,
        stop: log().heartbeat(() => `Still running after ${since()}: ${textOf(phase.status)}`),
      };
      phases.set(title, phase);
    },
    setStatus: (title, text) => {
      const phase = phases.get(title);
      if (phase !== undefined) phase.status = text;
    },
    endPhase: (title) => {
      phases.get(title)?.stop();
      phases.delete(title);
      log().endGroup();
    },
  };
}

function textOf(status: string | (() => string)): string {
  return typeof status === 'string' ? status : status();
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= MAX_ROW_CHARS ? line : `${limitChars(line, MAX_ROW_CHARS)}…`;
}

/**
 * Text of a server must not become a workflow command: `::command` at the start of a line (the runner trims more than
 * JavaScript's \s, U+0085 for one), `##[command]` anywhere. To be called without control characters, which could hide
 * one.
 */
function withoutCommands(text: string): string {
  return text.replace(/^([^\S\r\n\u2028\u2029]*)::/gm, '$1: :').replace(/##\[/g, '## [');
}
