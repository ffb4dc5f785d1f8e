import { CONTROL_CHARACTERS } from '../domain/hidden-characters.ts';
import { withoutCommands } from '../domain/log-text.ts';
import { formatDuration, limitChars } from './format.ts';
import { createPrinter, type Printer } from './runner-commands.ts';
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
}

/** @param workspace folder that the paths of annotations are relative to */
export function createJobLog(workspace = process.env['GITHUB_WORKSPACE']): JobLog {
  const printer = createPrinter();
  const printed = { error: 0, warning: 0 };
  let lastLineMs = performance.now();
  const sanitize = (text: string) => withoutCommands(text.replace(CONTROL_CHARACTERS, ''));
  const clean = (text: string) => {
    lastLineMs = performance.now();
    return sanitize(text);
  };
  const info = (line: string) => printer.info(clean(line));
  return {
    info,
    debug: (text) => printer.debug(sanitize(text)),
    output: (name, value) => printer.info(sanitize(`Output ${name}: ${value}`)),
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
    ...createPhases({
      startGroup: (title) => printer.startGroup(clean(title)),
      endGroup: printer.endGroup,
      info,
      silentMs: () => performance.now() - lastLineMs,
    }),
  };
}

interface PhaseLog extends Pick<Printer, 'endGroup'>, Pick<JobLog, 'info'> {
  startGroup: (title: string) => void;
  /** Since the last line. */
  silentMs: () => number;
}

function createPhases({
  startGroup,
  endGroup,
  info,
  silentMs,
}: PhaseLog): Pick<JobLog, 'startPhase' | 'setStatus' | 'endPhase'> {
  const phases = new Map<string, { status: string | (() => string); timer: NodeJS.Timeout }>();
  return {
    startPhase: (title) => {
      const startMs = performance.now();
      startGroup(title);
      clearInterval(phases.get(title)?.timer);
      const timer = setInterval(() => {
        if (silentMs() < HEARTBEAT_MS - 500) return;
        const status = phases.get(title)?.status ?? title;
        const text = typeof status === 'string' ? status : status();
        info(`Still running after ${formatDuration(performance.now() - startMs)}: ${text}`);
      }, HEARTBEAT_MS / 3);
      phases.set(title, { status: title, timer });
    },
    setStatus: (title, text) => {
      const phase = phases.get(title);
      if (phase !== undefined) phase.status = text;
    },
    endPhase: (title) => {
      clearInterval(phases.get(title)?.timer);
      phases.delete(title);
      endGroup();
    },
  };
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= MAX_ROW_CHARS ? line : `${limitChars(line, MAX_ROW_CHARS)}…`;
}
