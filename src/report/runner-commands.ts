import * as core from '@actions/core';

/** The commands and files of the runner, and what replaces them where there is no runner. */

/** Whether a runner reads what is printed: GitHub's own set this, and so do act, Gitea's and Forgejo's. */
export function isUnderRunner(env: Readonly<Record<string, string | undefined>> = process.env): boolean {
  return env['GITHUB_ACTIONS'] === 'true';
}

type Place = Pick<core.AnnotationProperties, 'title' | 'file' | 'startLine'>;

/** Prints the lines of a log. Its text has no secrets, and nothing that could be read as a command. */
export interface Printer {
  info(text: string): void;
  debug(text: string): void;
  notice(text: string, place: Place): void;
  warning(text: string, place: Place): void;
  error(text: string, place: Place): void;
  startGroup(title: string): void;
  endGroup(): void;
}

/** One by one: used as a whole, the package would be bundled as a whole, with an HTTP client that takes long to load. */
const COMMANDS: Printer = {
  info: core.info,
  debug: core.debug,
  notice: core.notice,
  warning: core.warning,
  error: core.error,
  startGroup: core.startGroup,
  endGroup: core.endGroup,
};

/** Workflow commands under a runner; otherwise plain text, since nothing would interpret the commands. */
export function createPrinter(env: Readonly<Record<string, string | undefined>> = process.env): Printer {
  return isUnderRunner(env) ? COMMANDS : createPlainPrinter(env['RUNNER_DEBUG'] === '1');
}

function createPlainPrinter(isDebugging: boolean): Printer {
  return {
    info: core.info,
    debug: (text) => {
      if (isDebugging) core.info(`Debug: ${text}`);
    },
    notice: (text, place) => core.info(`Notice: ${renderPlace(place)}${text}`),
    warning: (text, place) => core.info(`Warning: ${renderPlace(place)}${text}`),
    error: (text, place) => core.info(`Error: ${renderPlace(place)}${text}`),
    startGroup: core.info,
    endGroup: () => {},
  };
}

function renderPlace({ title, file, startLine }: Place): string {
  const line = startLine === undefined ? '' : `:${startLine}`;
  return [file === undefined ? undefined : `${file}${line}`, title]
    .filter((part) => part !== undefined && part !== '')
    .map((part) => `${part}: `)
    .join('');
}

/** Has the runner mask a secret in the log. Without a runner nothing is printed: it would be the secret itself. */
export function maskInRunner(secret: string): void {
  if (isUnderRunner()) core.setSecret(secret);
}

/**
 * @returns false where there is neither a runner nor a file of outputs
 * @throws Error when the runner's file cannot be written
 */
export function writeOutput(name: string, value: string | number): boolean {
  if (!isUnderRunner() && !process.env['GITHUB_OUTPUT']) return false;
  core.setOutput(name, value);
  return true;
}

/** Stores a value for the `post` step; without a runner there is none. @throws Error when the file cannot be written */
export function saveState(name: string, value: string): void {
  if (isUnderRunner() || process.env['GITHUB_STATE']) core.saveState(name, value);
}

/** What the main step has stored; '' when there is nothing. */
export const readState: (name: string) => string = core.getState;
