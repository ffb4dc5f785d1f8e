import type { EntryFilter } from '../domain/worker-logs/filter.ts';
import { ENTRY_TYPES } from '../domain/worker-logs/filter.ts';
import { LOG_FORMATS, type LogFormat } from '../domain/worker-logs/formats.ts';
import { LOG_LEVELS } from '../domain/worker-logs/log-event.ts';
import { readApiOrigin } from './api-host.ts';
import { ACCESS_TOKEN, maskCredential, readCredential, STORE_HASH } from './credentials.ts';
import { complete } from './github.ts';
import { type LogWindow, readLogWindow } from './log-window.ts';
import { choiceParser, integerParser, type Parser, secondsParser } from './parsers.ts';
import { readNewFilePath, readWorkingDirectory } from './paths.ts';
import { InputProblems } from './problems.ts';
import { type ProjectReference, readProject } from './project.ts';
import { createProjectFile } from './project-file.ts';
import { type ReadContext, readText, readValue } from './readers.ts';
import type { InputSource } from './source.ts';
import { checkSummary } from './summary.ts';
import { maskSecretValues } from './variables.ts';

export const FAIL_ON = ['never', 'exception', 'error'] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** What is read: what is logged from now on, or what was logged in a window of time. */
export type LogTask = { mode: 'tail'; durationMs: number } | ({ mode: 'query' } & LogWindow);

/** The inputs of `logs`, checked and typed. */
export interface LogsInputs {
  storeHash: string;
  accessToken: string;
  /** Origin of the API: `https://api.bigcommerce.com`. */
  apiOrigin: string;
  project: ProjectReference;
  task: LogTask;
  filter: EntryFilter;
  format: LogFormat;
  /** Absolute; undefined: one in the runner's temporary folder. */
  file: string | undefined;
  failOn: FailOn;
  maxEntries: number;
}

/** Defaults, the same as in `action.yml`. */
const DEFAULTS = { mode: 'query', durationMs: 60_000, failOn: 'never', maxEntries: 100_000 } as const;
/** As long as a job on a hosted runner may take. */
const MAX_SECONDS = 6 * 60 * 60;
/** As many as the client asks for. */
const MAX_ENTRIES = 500_000;
const MAX_URL_CHARACTERS = 1000;
/** Formats that show what was logged, and not the requests. */
const WITHOUT_REQUESTS: readonly LogFormat[] = ['default', 'short'];

const IGNORED: Readonly<Record<LogTask['mode'], { inputs: readonly string[]; why: string }>> = {
  tail: { inputs: ['since', 'start', 'end'], why: '`mode: tail` shows what is logged from now on' },
  query: { inputs: ['duration-seconds'], why: '`mode: query` reads what was logged before' },
};

/**
 * Reads and checks every input. Nothing is printed or sent; masks are set first of all, so that they hold even when the
 * inputs are wrong.
 *
 * @param nowMs where the window of a query ends unless `end` is given
 * @throws InputError with every problem
 */
export function readLogsInputs(source: InputSource, nowMs: number): { inputs: LogsInputs; warnings: string[] } {
  maskCredential(ACCESS_TOKEN, source);
  maskSecretValues(source);
  const problems = new InputProblems();
  const context = { source, problems };
  checkSummary(context);
  const workingDirectory = readWorkingDirectory(context);
  const credentials = { ...context, projectFile: createProjectFile(source, workingDirectory) };
  const shown = readShown(context);
  const { file, ...inputs } = problems.finish<Omit<LogsInputs, 'file'> & { file: string | null }>({
    storeHash: readCredential(STORE_HASH, credentials),
    accessToken: readCredential(ACCESS_TOKEN, credentials),
    apiOrigin: readApiOrigin(context),
    project: readProject(credentials, false),
    task: readTask(context, nowMs),
    filter: shown?.filter,
    format: shown?.format,
    file: readFile(context, workingDirectory),
    failOn: readFailOn(context),
    maxEntries: readValue(context, 'max-entries', integerParser(1, MAX_ENTRIES), DEFAULTS.maxEntries),
  });
  return { inputs: { ...inputs, file: file ?? undefined }, warnings: problems.warnings };
}

function readTask(context: ReadContext, nowMs: number): LogTask | undefined {
  const mode = readValue(context, 'mode', choiceParser(['tail', 'query']), DEFAULTS.mode);
  if (mode === undefined) return undefined;
  const { inputs, why } = IGNORED[mode];
  for (const name of inputs) {
    if (readText(context.source, name) !== '') context.problems.warn(`${name}: it is ignored, since ${why}.`);
  }
  if (mode === 'query') {
    const window = readLogWindow(context, nowMs);
    return window === undefined ? undefined : { mode, ...window };
  }
  const durationMs = readValue(context, 'duration-seconds', secondsParser(1, MAX_SECONDS), DEFAULTS.durationMs);
  return durationMs === undefined ? undefined : { mode, durationMs };
}

/** Null where it is not given. */
function readFile(context: ReadContext, workingDirectory: string | undefined): string | null | undefined {
  if (readText(context.source, 'file') === '') return null;
  return workingDirectory === undefined ? undefined : readNewFilePath(context, 'file', workingDirectory);
}

/** Filter and format, which depend on each other: two formats show no requests. */
function readShown(context: ReadContext): { filter: EntryFilter; format: LogFormat } | undefined {
  const filter = complete<EntryFilter>({
    entryType: readValue(context, 'entry-type', choiceParser(ENTRY_TYPES), null),
    method: readValue(context, 'method', parseMethod, null),
    statusCode: readValue(context, 'status-code', integerParser(100, 599), null),
    url: readValue(context, 'url', parseUrlPart, null),
    level: readValue(context, 'level', choiceParser(LOG_LEVELS), null),
  });
  const given = readValue(context, 'format', choiceParser(LOG_FORMATS), null);
  if (filter === undefined || given === undefined) return undefined;
  const format = given ?? (filter.entryType === 'request' ? 'request' : 'default');
  if (!WITHOUT_REQUESTS.includes(format)) return { filter, format };
  if (filter.entryType !== 'request') return { filter: { ...filter, entryType: 'log' }, format };
  context.problems.add({
    input: 'format',
    problem: `The format "${format}" shows what was logged and no requests, and \`entry-type\` is "request".`,
    remedy: 'Use `request` or `json`, or leave `entry-type` out.',
  });
  return undefined;
}

function readFailOn(context: ReadContext): FailOn | undefined {
  const failOn = readValue(context, 'fail-on', choiceParser(FAIL_ON), DEFAULTS.failOn);
  if (failOn === undefined || failOn === 'never' || readText(context.source, 'entry-type') !== 'request') return failOn;
  context.problems.add({
    input: 'fail-on',
    problem: `It is "${failOn}", and \`entry-type\` is "request": requests alone have neither errors nor exceptions.`,
    remedy: 'Leave `entry-type` out.',
  });
  return undefined;
}

/** A method of HTTP, in capitals. */
const parseMethod: Parser<string> = (text) =>
  /^[A-Za-z]{1,20}$/.test(text)
    ? { ok: true, value: text.toUpperCase() }
    : { ok: false, reason: 'is not a method', allowed: 'a method of HTTP, such as GET or POST.' };

const parseUrlPart: Parser<string> = (text) =>
  text.length <= MAX_URL_CHARACTERS
    ? { ok: true, value: text }
    : { ok: false, reason: 'is too long', allowed: `a part of a URL, of at most ${MAX_URL_CHARACTERS} characters.` };
