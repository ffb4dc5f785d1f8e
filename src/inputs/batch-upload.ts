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

/** The inputs of `batch-upload`, checked and typed. */
export interface BatchInputs {
  /** Undefined in a dry run alone, and there only where something of it is not given. */
  service: BatchService | undefined;
  /** Absolute, each once, in the order in which they are uploaded. */
  files: string[];
  /** Lower case. */
  batchRef: string | undefined;
  /** For all waits of the run together. */
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

/** What an empty input means; `action.yml` says the same. */
const DEFAULT_TIMEOUT_MS = 60 * 60_000;
const DEFAULT_POLL_INTERVAL_MS = 5000;

/** More than any instance has: who means "any number" may write it. */
const MAX_RECORDS = 1_000_000_000_000;
const parseInterval = secondsParser(0.1, 3600);
const parseCount = integerParser(0, MAX_RECORDS);

const API_TOKEN = 'api-token';
const CREDENTIAL = 'the API token';

/**
 * Reads and checks every input. Nothing is printed or sent; the mask is set first of all, so that it holds even when the
 * inputs are wrong.
 *
 * @throws InputError with every problem
 */
export function readBatchInputs(source: InputSource): BatchInputs {
  maskText(source, readText(source, API_TOKEN));
  const problems = new InputProblems();
  const context = { source, problems };
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

/** The API's host where it is not one of Sitecore's own. */
export function otherBatchHost({ origin }: BatchService): OtherHost | undefined {
  if (SITECORE_HOST.test(origin)) return undefined;
  return {
    host: origin.replace(/^https:\/\//, ''),
    origin: 'the input `base-url`',
    usual: "one of Sitecore's (`api-engage-….sitecorecloud.io`)",
    credential: CREDENTIAL,
  };
}

/** Null where it is not given. */
function readBatchRef(context: ReadContext, files: readonly string[] | undefined): string | null | undefined {
  const ref = readValue(context, 'batch-ref', parseUuid, null);
  if (typeof ref !== 'string' || files === undefined || files.length === 1) return ref;
  context.problems.add({
    input: 'batch-ref',
    problem: `It is the UUID of one batch, and \`files\` names ${files.length} files.`,
    remedy: 'Leave it empty, so that each batch gets a fresh one, or give a single file.',
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
  // Never shown: the two may have changed places.
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

/** Null where a dry run is without it. */
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
    remedy: `Give ${what}. A GitHub secret that does not exist arrives empty, as all do in a run for a fork or Dependabot. With \`dry-run: true\`, none is needed.`,
  });
  return undefined;
}
