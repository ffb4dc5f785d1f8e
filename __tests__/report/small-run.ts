import type { SummaryInput } from '../../src/inputs/summary.ts';
import { type ActionReport, createRun } from '../../src/report/create-run.ts';
import { createJobLog } from '../../src/report/job-log.ts';
import { logRunEvent } from '../../src/report/log-run.ts';
import { createRedactor } from '../../src/report/redactor.ts';
import { type Occurrence, RUN_EVENT_FIELDS, type RunEvent, type Sink } from '../../src/report/run-events.ts';
import { RUN_FIELDS, type RunRecord } from '../../src/report/run-record.ts';

/** The run of an action that finds URLs and words. */

export type Outcome = 'fine' | 'error';
export type SmallEvent =
  | RunEvent<Outcome>
  | { type: 'found'; url: string; words: readonly string[]; kind: 'one' | 'other' };
export interface SmallRecord extends RunRecord {
  outcome: Outcome;
  urls: string[];
  words: string[];
}

export const REPORT: ActionReport<SmallEvent, SmallRecord> = {
  initial: { outcome: 'error', urls: [], words: [] },
  fold: (record, event) => {
    if (event.type !== 'found') return;
    record.urls.push(event.url);
    record.words.push(...event.words);
  },
  fields: { ...RUN_FIELDS, outcome: 'own', urls: 'public' },
  eventFields: { ...RUN_EVENT_FIELDS, ended: { outcome: 'own' }, found: { url: 'public', kind: 'own' } },
  failureTitle: 'It failed',
  outcomeOf: (_record, error) => (error === undefined ? 'fine' : 'error'),
  log: (occurrence, log) => {
    if (occurrence.type === 'found') log.info(`${occurrence.event.url} ${occurrence.event.kind}`);
    else logRunEvent(occurrence, log);
  },
  outputs: (occurrence) => {
    if (occurrence.type === 'found') return { url: occurrence.event.url };
    return occurrence.type === 'ended' ? { outcome: occurrence.event.outcome } : undefined;
  },
  summary: ({ urls, words, warnings }, detail) =>
    [...(detail === 'short' ? ['short'] : []), ...urls, ...words, ...warnings].join('\n'),
};

const HELP_PAGE = 'https://github.com/acme/action/blob/v1/docs/troubleshooting.md';

export type Seen = Occurrence<SmallEvent, SmallRecord>;

/** @param secrets credentials, or values of `secrets` by their keys */
export function begin({
  secrets = {},
  report = {},
  begun,
  summary,
}: {
  secrets?: { [value: string]: string | undefined };
  report?: object;
  /** By another process. */
  begun?: { at: Date; elapsedMs: number } | undefined;
  summary?: SummaryInput;
} = {}) {
  const redactor = createRedactor();
  for (const [value, key] of Object.entries(secrets)) redactor.add(value, key);
  return createRun(
    { ...REPORT, ...report },
    {
      ...{ log: createJobLog(), redactor, correlationId: 'the-correlation-id', helpPage: HELP_PAGE },
      ...(begun && { begun }),
      ...(summary && { summary }),
    },
  );
}

export function sink(
  receive: Sink<SmallEvent, SmallRecord>['receive'],
  failing = 'It could not be shown',
): Sink<SmallEvent, SmallRecord> {
  return { receive, failing };
}

export const found = (url: string, ...words: string[]): SmallEvent => ({ type: 'found', url, words, kind: 'one' });
