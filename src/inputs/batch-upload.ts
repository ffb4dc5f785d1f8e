import { type OtherHost, parseApiOrigin } from './api-host.ts';
import { readFilePatterns } from './file-patterns.ts';
import { maskText } from './masks.ts';
import {
  integerParser,
  type Parser,
  parseApiToken,
  parseBoolean,
  parseClientKey,
  parseMinutes,
  parseUuid,
  secondsParser,
} from './parsers.ts';
import { InputProblems } from './problems.ts';
import { acceptParsed, type ReadContext, readText, readValue } from './readers.ts';
import type { InputSource } from './source.ts';
import { checkSummary } from './summary.ts';

/** The inputs of `batch-upload`, checked and typed. */
export interface BatchInputs {
  /** Undefined only in a dry run, if any of it is missing. */
  service: BatchService | undefined;
  /** Absolute paths, each once, in the order of the upload. */
  files: string[];
  /** Lower case. */
  batchRef: string | undefined;
  /** Limit for all waits of the run together. */
  timeoutMs: number;
  pollIntervalMs: number;
  allowFailedRecords: number;
  split: boolean;
  dryRun: boolean;
}

export interface BatchService {
  /** Origin of the API: `https://api-engage-eu.sitecorecloud.io`. */
  origin: string;
  clientKey: string;
  apiToken: string;
}

/** Defaults, the same as in `action.yml`. */
const DEFAULT_TIMEOUT_MS = 60 * 60_000;
const DEFAULT_POLL_INTERVAL_MS = 5000;

/** More than any instance has, for "any number". */
const MAX_RECORDS = 1_000_000_000_000;
const parseInterval = secondsParser(0.1, 3600);
const parseCount = integerParser(0, MAX_RECORDS);

const API_TOKEN = 'api-token';
const CREDENTIAL = 'the API token';

/**
 * Reads and checks all inputs. Nothing is printed or sent, except the mask, which comes first so that it holds even if
 * inputs are wrong.
 *
 * @throws InputError with every problem
 */
export function readBatchInputs(source: InputSource): BatchInputs {
  maskText(source, readText(source, API_TOKEN));
  const problems = new InputProblems();
  const context = { source, problems };
  checkSummary(context);
  const dryRun = readValue(context, 'dry-run', parseBoolean, false);
  const files = readFilePatterns(context, 'files');
  const read = {
    service: readService(context, dryRun === true),
    files,
    batchRef: readBatchRef(context, files),
    timeoutMs: readValue(context, 'timeout-minutes', parseMinutes, DEFAULT_TIMEOUT_MS),
    pollIntervalMs: readValue(context, 'poll-interval-seconds', parseInterval, DEFAULT_POLL_INTERVAL_MS),
    allowFailedRecords: readValue(context, 'allow-failed-records', parseCount, 0),
    split: readValue(context, 'split', parseBoolean, true),
    dryRun,
  };
  type Read = { [K in keyof BatchInputs]: BatchInputs[K] | (K extends 'service' | 'batchRef' ? null : never) };
  const { service, batchRef, ...others } = problems.finish<Read>(read);
  return { ...others, service: service ?? undefined, batchRef: batchRef ?? undefined };
}

/** By region (API document, section 3). */
const SITECORE_HOST = /^https:\/\/api-engage-[a-z]+\.sitecorecloud\.io$/;

/** The host of the API if it is not one of Sitecore's. */
export function otherBatchHost({ origin }: BatchService): OtherHost | undefined {
  if (SITECORE_HOST.test(origin)) return undefined;
  return {
    host: origin.replace(/^https:\/\//, ''),
    origin: 'the input `base-url`',
    usual: "one of Sitecore's (`api-engage-….sitecorecloud.io`)",
    credential: CREDENTIAL,
  };
}

/** Null if it is empty. */
function readBatchRef(context: ReadContext, files: readonly string[] | undefined): string | null | undefined {
  const ref = readValue(context, 'batch-ref', parseUuid, null);
  if (typeof ref !== 'string' || files === undefined || files.length === 1) return ref;
  context.problems.add({
    input: 'batch-ref',
    problem: `It is the UUID of one batch, and \`files\` names ${files.length} files.`,
    remedy: 'Leave it empty, so that each batch gets a new one, or provide a single file.',
  });
  return undefined;
}

/** Null in a dry run that does not need it; a given value must still be valid. */
function readService(context: ReadContext, isDryRun: boolean): BatchService | null | undefined {
  const need = { ...context, isDryRun };
  const origin = readNeeded(need, {
    input: 'base-url',
    parse: (text) => parseApiOrigin(text, CREDENTIAL),
    // User info and the query may hold a secret.
    isShown: (text) => !/[@?#]/.test(text),
    what: "the base URL of your region's API, such as `https://api-engage-eu.sitecorecloud.io`",
  });
  // Never shown: the two may have been swapped.
  const clientKey = readNeeded(need, { input: 'client-key', parse: parseClientKey, what: 'the client key' });
  const apiToken = readNeeded(need, { input: API_TOKEN, parse: parseApiToken, what: 'the API token' });
  if (origin === undefined || clientKey === undefined || apiToken === undefined) return undefined;
  return origin === null || clientKey === null || apiToken === null ? null : { origin, clientKey, apiToken };
}

interface Needed {
  input: string;
  parse: Parser<string>;
  isShown?: (text: string) => boolean;
  what: string;
}

/** Null if it is missing in a dry run. */
function readNeeded(
  { source, problems, isDryRun }: ReadContext & { isDryRun: boolean },
  { input, parse, isShown, what }: Needed,
): string | null | undefined {
  const text = readText(source, input);
  if (text !== '') return acceptParsed(problems, input, parse(text), isShown?.(text) === true ? { text } : {});
  if (isDryRun) return null;
  problems.add({
    input,
    problem: 'It is empty.',
    remedy: `Provide ${what}. A GitHub secret that does not exist arrives empty, as all do in a run for a fork or Dependabot. With \`dry-run: true\`, none is needed.`,
  });
  return undefined;
}
