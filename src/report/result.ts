import { limitChars } from './format.ts';
import type { SummaryDetail } from './page.ts';
import type { RunRecord } from './run-record.ts';

/**
 * The output `result`: what is known of a run, as JSON for a later step, such as one that notifies somebody. Its names
 * are a promise (docs/result.md), which those of the records are not, so that each is given here. They are in
 * `snake_case`, as in GitHub's own JSON, and so that jq takes them as they are.
 */

/** Changes when a field is removed, renamed, or gets another meaning. */
const SCHEMA = 1;

/**
 * Windows takes 32,767 characters in an environment variable, and that is how a step gets an output without an injection
 * into its script. Linux takes 128 KiB, a job's outputs 1 MB (API document, section 4).
 */
export const MAX_RESULT_BYTES = 30_000;

/** The first of them within which the result fits is taken. */
const LIMITS = [
  { items: 100, chars: 4000 },
  { items: 50, chars: 1000 },
  { items: 20, chars: 500 },
  { items: 10, chars: 300 },
  { items: 3, chars: 200 },
  { items: 0, chars: 150 },
] as const;

/** A value of JSON; undefined is left out, or null at the top. */
type Plain = string | number | boolean | null | undefined | readonly Plain[] | { readonly [name: string]: Plain };

/** The part of an action: its fields by their names. */
export type ActionResult = Readonly<Record<string, Plain>>;

/** What an action brings to it. */
export interface ResultReport<R> {
  result?(record: R): ActionResult;
  summary?(record: R, detail: SummaryDetail): string;
}

/** @param record without secrets */
export function renderResult<R extends RunRecord & { outcome: unknown }>(record: R, report: ResultReport<R>): string {
  const common = commonFields(record, report);
  const known: Record<string, Plain> = { ...common, ...report.result?.(record) };
  const fields = Object.fromEntries(Object.entries(known).map(([name, value]) => [name, value ?? null]));
  for (const limit of LIMITS) {
    const found = { isCut: false };
    const json = withoutCommand(JSON.stringify({ ...limitFields(fields, limit, found), truncated: found.isCut }));
    if (Buffer.byteLength(json) <= MAX_RESULT_BYTES) return json;
  }
  const { schema, action, version, outcome, success } = common;
  return JSON.stringify({ schema, action, version, outcome, success, truncated: true });
}

/** A step that prints it must not give the runner a command: `##[command]` counts anywhere in a line. JSON means the same. */
function withoutCommand(json: string): string {
  return json.replaceAll('##[', '\\u0023#[');
}

function commonFields<R extends RunRecord & { outcome: unknown }>(
  record: R,
  { summary }: Pick<ResultReport<R>, 'summary'>,
) {
  const { header, failure, skipped, supportBundle, networkUsed, correlationId } = record;
  return {
    schema: SCHEMA,
    action: header?.action,
    version: header?.version,
    outcome: String(record.outcome),
    success: failure === undefined,
    title: summary === undefined ? undefined : headingText(summary(record, 'short')),
    repository: header?.repository,
    run_url: header?.runUrl,
    store_hash: header?.storeHash,
    environment: header?.environment,
    commit: header?.commit === undefined ? undefined : { sha: header.commit },
    started_at: record.startedAt.toISOString(),
    duration_seconds: seconds(record.durationMs),
    skipped: skipped && { reason: skipped.reason, message: skipped.message },
    failure: failure && {
      title: failure.title,
      message: failure.message,
      what_to_do: failure.fix,
      help_url: failure.help?.url,
      effect: failure.effect,
      details: failure.details,
      details_count: failure.detailCount ?? failure.details.length,
    },
    warnings: record.warnings,
    phases: record.phases.map(({ title, state, startMs, endMs, result, hasWarnings }) => ({
      title,
      state,
      duration_seconds: seconds(endMs - startMs),
      result,
      warned: hasWarnings ?? false,
    })),
    correlation_id: networkUsed ? correlationId : undefined,
    api_host: record.apiHost,
    support_bundle: supportBundle && {
      state: supportBundle.state,
      name: supportBundle.name,
      path: supportBundle.path,
      url: supportBundle.url,
    },
  };
}

/** To a tenth, as the output `duration-seconds`. */
export function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}

type Limit = (typeof LIMITS)[number];

type Fields = Readonly<Record<string, Plain>>;

/** Without what is too much. Beside each list is its count, which counts what was cut off, too. */
function limitFields(fields: Fields, limit: Limit, found: { isCut: boolean }): Fields {
  const limited = Object.entries(fields).map(([name, value]) => [name, limitValue(value, limit, found)]);
  const lists = Object.entries(fields).filter((entry): entry is [string, readonly Plain[]] => isList(entry[1]));
  // Unless the action gives one: its list may be a part of all.
  const counts = lists.map(([name, list]) => [`${name}_count`, fields[`${name}_count`] ?? list.length]);
  return Object.fromEntries([...limited, ...counts]);
}

function limitValue(value: Plain, limit: Limit, found: { isCut: boolean }): Plain {
  if (typeof value === 'string') {
    if (value.length <= limit.chars) return value;
    found.isCut = true;
    return `${limitChars(value, limit.chars - 1)}…`;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (!isList(value)) return limitFields(value, limit, found);
  if (value.length > limit.items) found.isCut = true;
  return value.slice(0, limit.items).map((item) => limitValue(item, limit, found));
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

/** The first heading of a page of Markdown, as a person reads it. */
export function headingText(markdown: string): string | undefined {
  const heading = markdown.split('\n').find((line) => line.startsWith('## '));
  return heading
    ?.slice(3)
    .replace(/<[^<>]*>/g, '')
    .replace(/\*\*/g, '')
    .replaceAll('&nbsp;', ' ')
    .replace(/&#(\d{1,3});/g, (_, charCode) => String.fromCharCode(Number(charCode)))
    .trim();
}
