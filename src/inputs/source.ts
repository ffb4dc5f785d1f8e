import { resolve } from 'node:path';
import { getInput } from '@actions/core';

/** What the readers read from. An object, so that a test needs neither a runner nor `process.env`. */
export interface InputSource {
  /** Value of an input, as given: white space at its ends included, '' when it is absent. The readers trim. */
  input(name: string): string;
  env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  workspace: string;
  /** Number of the pull request that the event is about; undefined where it has none. */
  eventPullRequest: number | undefined;
  /** Keeps a text out of everything that is printed from now on. @param key of a value of `secrets`, or '' (see `Redactor`) */
  maskSecret(value: string, key?: string): void;
}

export interface InputSourceOptions {
  env: Readonly<Record<string, string | undefined>>;
  maskSecret(value: string, key?: string): void;
  eventPullRequest?: number | undefined;
}

/**
 * The source of a real run: inputs as the runner gives them. `getInput` always reads `process.env`, not `options.env`.
 * Nothing is trimmed here, since the line numbers of multi-line inputs would be off.
 */
export function createInputSource(options: InputSourceOptions): InputSource {
  return {
    input: (name) => getInput(name, { trimWhitespace: false }),
    env: options.env,
    // `||`: an empty variable means the same as none.
    workspace: resolve(options.env['GITHUB_WORKSPACE'] || process.cwd()),
    eventPullRequest: options.eventPullRequest,
    maskSecret: options.maskSecret,
  };
}
