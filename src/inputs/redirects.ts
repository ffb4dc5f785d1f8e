import { dirname, resolve } from 'node:path';
import { readApiOrigin } from './api-host.ts';
import { ACCESS_TOKEN, maskCredential, readCredential, STORE_HASH } from './credentials.ts';
import { complete, maskGitHubToken, readEnvironment, readGitHubToken } from './github.ts';
import { choiceParser, integerParser, parseBoolean, parseMinutes } from './parsers.ts';
import { readFilePath, readNewFilePath, readWorkingDirectory } from './paths.ts';
import { InputProblems, showValue } from './problems.ts';
import { createProjectFile } from './project-file.ts';
import { readPurpose, type StatedPurpose } from './purpose.ts';
import { type ReadContext, readText, readValue } from './readers.ts';
import type { InputSource } from './source.ts';
import { checkSummary } from './summary.ts';

export type RedirectsCommand = RedirectsTask['command'];

/** The inputs of `redirects`, checked and typed. */
export interface RedirectsInputs {
  storeHash: string;
  accessToken: string;
  /** Origin of the API: `https://api.bigcommerce.com`. */
  apiOrigin: string;
  /** Absolute. */
  file: string;
  task: RedirectsTask;
  /** For all waits of the run together. */
  timeoutMs: number;
  /** Undefined: no comment is written. */
  githubToken: string | undefined;
  comment: boolean;
}

export type RedirectsTask =
  | { command: 'import'; allowFailedRows: number }
  | { command: 'export'; siteId: number | undefined; includeDynamicTargetUrls: boolean }
  /** Without a site, it is the one that has the file's domain. */
  | { command: 'plan' | 'sync'; siteId: number | undefined; delete: boolean; maxDeletes: number };

/** What it takes to check a file offline, for a run that gets no secrets. */
export interface LocalRedirectsInputs {
  command: RedirectsCommand;
  /** Absolute. */
  file: string;
  /** Undefined where it is not given, which is allowed here. */
  siteId: number | undefined;
}

const COMMANDS = ['import', 'export', 'plan', 'sync'] as const satisfies readonly RedirectsCommand[];

/** What an empty input means; `action.yml` says the same. */
const DEFAULTS = {
  delete: false,
  'max-deletes': 100,
  'allow-failed-rows': 0,
  'include-dynamic-target-urls': false,
} as const;
const DEFAULT_TIMEOUT_MS = 30 * 60_000;

/** The commands of inputs that do not apply to all. */
const APPLIES_TO: Readonly<Record<keyof typeof DEFAULTS | 'site-id', readonly RedirectsCommand[]>> = {
  'site-id': ['export', 'plan', 'sync'],
  delete: ['plan', 'sync'],
  'max-deletes': ['plan', 'sync'],
  'allow-failed-rows': ['import'],
  'include-dynamic-target-urls': ['export'],
};

/** More than any store has, for those who mean "any number". */
const MAX_ROWS = 10_000_000;
const parseId = integerParser(1, Number.MAX_SAFE_INTEGER);
const parseCount = integerParser(0, MAX_ROWS);

/**
 * Reads and checks every input. Nothing is printed or sent; masks are set first of all, so that they hold even when the
 * inputs are wrong.
 *
 * @throws InputError with every problem
 */
export function readRedirectsInputs(source: InputSource): { inputs: RedirectsInputs; warnings: string[] } {
  maskRedirectsSecrets(source);
  const problems = new InputProblems();
  const context = { source, problems };
  checkSummary(context);
  const workingDirectory = readWorkingDirectory(context);
  const credentials = { ...context, projectFile: createProjectFile(source, workingDirectory) };
  const command = readCommand(context);
  type Read = Omit<RedirectsInputs, 'githubToken'> & {
    github: { token: string | undefined; environment: string | undefined };
  };
  const { github, ...inputs } = problems.finish<Read>({
    storeHash: readCredential(STORE_HASH, credentials),
    accessToken: readCredential(ACCESS_TOKEN, credentials),
    apiOrigin: readApiOrigin(context),
    file: readFile(context, command, workingDirectory),
    task: readTask(context, command),
    timeoutMs: readValue(context, 'timeout-minutes', parseMinutes, DEFAULT_TIMEOUT_MS),
    github: complete<Read['github']>({ token: readGitHubToken(context), environment: readEnvironment(context) }),
    comment: readValue(context, 'comment', parseBoolean, true),
  });
  return { inputs: { ...inputs, githubToken: github.token }, warnings: problems.warnings };
}

/**
 * The same for a run that has no access token, and needs none to look at the file.
 * @throws InputError with every problem
 */
export function readLocalRedirectsInputs(source: InputSource): LocalRedirectsInputs {
  maskRedirectsSecrets(source);
  const problems = new InputProblems();
  const context = { source, problems };
  checkSummary(context);
  const workingDirectory = readWorkingDirectory(context);
  const command = readCommand(context);
  const siteId = readValue(context, 'site-id', parseId, null);
  const known = problems.finish<Omit<LocalRedirectsInputs, 'siteId'> & { siteId: number | null }>({
    command,
    file: readFile(context, command, workingDirectory),
    siteId,
  });
  return { ...known, siteId: known.siteId ?? undefined };
}

/** The stated purpose of a run that changes the store; else undefined. Reports no problems. */
export function readWritingPurpose(source: InputSource): StatedPurpose | undefined {
  const command = readText(source, 'command');
  return command === 'import' || command === 'sync' ? readPurpose(source) : undefined;
}

/** The folders that redirects are read from; undefined for `export`, which reads none. Reports no problems. */
export function readRedirectsFolders(source: InputSource): { workingDirectory: string; read: string } | undefined {
  if (readText(source, 'command') === 'export') return undefined;
  const workingDirectory = readWorkingDirectory({ source, problems: new InputProblems() }) ?? source.workspace;
  return { workingDirectory, read: dirname(resolve(workingDirectory, readText(source, 'file'))) };
}

/** To be called before anything else. */
export function maskRedirectsSecrets(source: InputSource): void {
  maskCredential(ACCESS_TOKEN, source);
  maskGitHubToken(source);
}

function readCommand(context: ReadContext): RedirectsCommand | undefined {
  const command = readValue(context, 'command', choiceParser(COMMANDS), null);
  if (command !== null) return command;
  context.problems.add({ input: 'command', problem: 'It is missing.', allowed: `${COMMANDS.join(', ')}.` });
  return undefined;
}

/** A wrong command is reported elsewhere: what depends on it is not checked then. */
function readFile(
  context: ReadContext,
  command: RedirectsCommand | undefined,
  workingDirectory: string | undefined,
): string | undefined {
  const { source, problems } = context;
  const text = readText(source, 'file');
  if (text === '') {
    problems.add({
      input: 'file',
      problem: 'It is missing.',
      remedy: 'Give a file, relative to the working directory.',
    });
    return undefined;
  }
  if (command === undefined || workingDirectory === undefined) return undefined;
  if ((command === 'import' || command === 'export') && /\.(?:json|ya?ml)$/i.test(text)) {
    problems.add({
      input: 'file',
      problem: `${showValue(text)} is not a CSV, and \`${command}\` ${command === 'import' ? 'accepts' : 'writes'} nothing else.`,
      remedy: "Give a CSV in the platform's format; lists are for `plan` and `sync`.",
    });
    return undefined;
  }
  if (command === 'export') return readNewFilePath(context, 'file', workingDirectory);
  return readFilePath(context, 'file', workingDirectory);
}

function readTask(context: ReadContext, command: RedirectsCommand | undefined): RedirectsTask | undefined {
  if (command === undefined) return undefined;
  warnOfIgnored(context, command);
  if (command === 'import') {
    const allowFailedRows = readValue(context, 'allow-failed-rows', parseCount, DEFAULTS['allow-failed-rows']);
    return allowFailedRows === undefined ? undefined : { command, allowFailedRows };
  }
  const siteId = readValue(context, 'site-id', parseId, null);
  if (command === 'export') {
    const name = 'include-dynamic-target-urls';
    const includeDynamicTargetUrls = readValue(context, name, parseBoolean, DEFAULTS[name]);
    if (siteId === undefined || includeDynamicTargetUrls === undefined) return undefined;
    return { command, siteId: siteId ?? undefined, includeDynamicTargetUrls };
  }
  const isDelete = readValue(context, 'delete', parseBoolean, DEFAULTS.delete);
  const maxDeletes = readValue(context, 'max-deletes', parseCount, DEFAULTS['max-deletes']);
  if (siteId === undefined || isDelete === undefined || maxDeletes === undefined) return undefined;
  return { command, siteId: siteId ?? undefined, delete: isDelete, maxDeletes };
}

/** A default value does not count as given. */
function warnOfIgnored({ source, problems }: ReadContext, command: RedirectsCommand): void {
  for (const [name, commands] of Object.entries(APPLIES_TO)) {
    const text = readText(source, name);
    const isDefault = text === '' || text.toLowerCase() === String(DEFAULTS[name as keyof typeof DEFAULTS] ?? '');
    if (isDefault || commands.includes(command)) continue;
    const why = name === 'site-id' ? 'takes the sites from the column `Domain`' : 'does not use it';
    problems.warn(`${name}: it is ignored, since \`${command}\` ${why}.`);
  }
}
