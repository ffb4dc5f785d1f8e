import type { BundleFile } from '../domain/bundle.ts';
import { CONTROL_CHARACTERS } from '../domain/hidden-characters.ts';
import type { DeployRecord } from './deploy-record.ts';
import type { DiagnosticsContents, Omission, ReceivedEvent, TimedOccurrence } from './diagnostics-log.ts';
import { limitedItems, limitedObject, limitedText, withoutTokens } from './diagnostics-text.ts';
import type { Redactor } from './redactor.ts';
import { withoutSecrets } from './without-secrets.ts';

/** A file of the support bundle. */
export interface DiagnosticsPart {
  name: string;
  text: string;
}

export interface PartsOptions {
  redactor: Pick<Redactor, 'redact' | 'holds'>;
  /** SHA-256 of the bundle's files by their names, lower-case hex, as far as they are known. */
  hashes: ReadonlyMap<string, string>;
  /** Names of versions, and what they are. */
  versions: Readonly<Record<string, string>>;
  /** Of the action: `catalyst-deploy-action/1.2.3`. */
  madeBy: string;
}

/** Bytes before compression: all together less than 2 MB, which a zip of any content does not exceed by much. */
const MAX_BYTES = {
  timeline: 600_000,
  deploymentEvents: 350_000,
  requests: 300_000,
  verification: 150_000,
  workerLogs: 350_000,
  files: 200_000,
} as const;

const LEFT_OUT = 'It was left out: the last search before it is stored found a secret in it.';

/**
 * The files of a support bundle, without secrets: each text is redacted by itself, and each file is searched once more as
 * it will be stored, in the same way and in another one. One in which anything is found then is replaced by a note.
 */
export function renderParts(contents: DiagnosticsContents, options: PartsOptions): DiagnosticsPart[] {
  const { redactor } = options;
  const redact = (text: string) => withoutTokens(redactor.redact(text.replace(CONTROL_CHARACTERS, '')));
  const isClean = (text: string) => redact(text) === text && !redactor.holds(text);
  const clean = (value: unknown) => withoutSecrets(value, redact, limitedText);
  const { record } = contents;
  const parts: DiagnosticsPart[] = [
    { name: 'README.txt', text: redact(renderReadme(record, options)) },
    {
      name: 'timeline.json',
      text: renderJsonList(contents.timeline, MAX_BYTES.timeline, (one) => clean(timelineEntry(one))),
    },
    {
      name: 'deployment-events.jsonl',
      text: renderLines(contents.deploymentEvents, MAX_BYTES.deploymentEvents, (one) => eventEntry(one, redact)),
    },
    {
      name: 'requests.json',
      text: renderJsonList(contents.requests, MAX_BYTES.requests, (one) => clean(requestEntry(one))),
    },
    { name: 'verification.json', text: limitedObject(clean(verificationOf(record)), MAX_BYTES.verification) },
    {
      name: 'worker-logs.jsonl',
      text: renderLines(contents.workerLogs, MAX_BYTES.workerLogs, (one) =>
        'omitted' in one ? one : receivedJson(one.json, redact),
      ),
    },
    {
      name: 'bundle-files.json',
      text: renderJsonList(filesOf(record, options.hashes), MAX_BYTES.files, clean),
    },
    { name: 'versions.json', text: limitedObject(clean(options.versions), MAX_BYTES.verification) },
  ];
  return parts.map(({ name, text }) => ({ name, text: isClean(text) ? text : noteFor(name) }));
}

function noteFor(name: string): string {
  return name.endsWith('.txt') ? `${LEFT_OUT}\n` : `${JSON.stringify({ note: LEFT_OUT })}\n`;
}

function renderJsonList<T>(items: readonly T[], maxBytes: number, render: (item: T) => unknown): string {
  return `[\n${limitedItems(items, maxBytes, render).join(',\n')}\n]\n`;
}

function renderLines<T>(items: readonly T[], maxBytes: number, render: (item: T) => unknown): string {
  return limitedItems(items, maxBytes, render)
    .map((line) => `${line}\n`)
    .join('');
}

function timelineEntry(one: TimedOccurrence | Omission): object {
  if ('omitted' in one) return one;
  const { at, ...event } = { at: isoOf(one.atMs), ...(one.occurrence.event as { type: string }) };
  const { type, ...known } = event;
  return { at, type, ...withoutLists(type, known) };
}

/** What stands in another file. */
const ELSEWHERE: Readonly<Partial<Record<string, readonly string[]>>> = {
  packaged: ['bundle'],
  verified: ['verification'],
  rehearsed: ['rehearsal'],
  restored: ['restored'],
  'worker-logs-read': ['own'],
};

function withoutLists(type: string, known: object): object {
  const elsewhere = Object.hasOwn(ELSEWHERE, type) ? (ELSEWHERE[type] ?? []) : [];
  return Object.fromEntries(Object.entries(known).filter(([name]) => !elsewhere.includes(name)));
}

function eventEntry(one: ReceivedEvent | Omission, redact: (text: string) => string): unknown {
  return 'omitted' in one ? one : { receivedAt: isoOf(one.atMs), event: receivedJson(one.data, redact) };
}

/** Foreign JSON of any shape; as a text where it is none, or is nested too deep. */
function receivedJson(text: string, redact: (text: string) => string): unknown {
  try {
    return withoutSecrets(JSON.parse(text), redact, limitedText);
  } catch {
    return redact(text);
  }
}

function requestEntry(request: object): object {
  if (!('startedAtMs' in request) || typeof request.startedAtMs !== 'number') return request;
  const { startedAtMs, ...known } = request;
  const durationMs = 'durationMs' in request ? Math.round(Number(request.durationMs)) : undefined;
  return { startedAt: isoOf(startedAtMs), ...known, durationMs };
}

function verificationOf(record: DeployRecord | undefined): object {
  const { urls, verification, isVerifying, rehearsal, restored } = record ?? {};
  return { urls, verification, isVerifying, rehearsal, restored };
}

function filesOf(record: DeployRecord | undefined, hashes: ReadonlyMap<string, string>): object[] {
  return (record?.bundle?.files ?? []).map(({ name, sizeBytes }: BundleFile) => ({
    name,
    sizeBytes,
    sha256: hashes.get(name),
  }));
}

function isoOf(atMs: number): string {
  return new Date(atMs).toISOString();
}

const FILES = `README.txt               what you read
timeline.json            what happened in the run, with times
deployment-events.jsonl  the events of its deployments, as they were received, one a line
requests.json            requests to BigCommerce and its storage, to the bundle's artifact: purpose, status, duration
verification.json        which pages of the storefront were asked, and what they answered
worker-logs.jsonl        what the storefront's worker logged during the run's own requests (a shopper's for the same page in
                         the same moment cannot be told from one), one a line
bundle-files.json        the files that were packaged, with size and SHA-256 where there was time for it
versions.json            of the action, of Node, of the runner`;

function renderReadme(record: DeployRecord | undefined, { madeBy }: Pick<PartsOptions, 'madeBy'>): string {
  const { outcome, failure, project, deployments = [], correlationId, startedAt, bundle } = record ?? {};
  const deployed = deployments.map(
    ({ uuid, failure: one }) => `${uuid}${one ? ` (failed, code ${one.code ?? 'none'})` : ''}`,
  );
  const facts = [
    ['Outcome', outcome],
    ['Failure', failure && `${failure.title}: ${failure.message}`],
    ['What to do', failure?.fix],
    ['Project', [project?.name, project?.uuid].filter((one) => one !== undefined).join(' ')],
    ['Deployments', deployed.join(', ')],
    [
      'Correlation id',
      correlationId && `${correlationId} (the header X-Correlation-Id of each request to BigCommerce)`,
    ],
    ['Started', startedAt?.toISOString()],
    ['Bundle', bundle && `${bundle.files.length} files, ${bundle.sizeBytes} bytes, SHA-256 ${bundle.sha256}`],
  ].filter(([, value]) => value !== undefined && value !== '');
  return `Support bundle, made by ${madeBy}
For a ticket: what a deployment of a Catalyst storefront asked of BigCommerce, and what came back.

${facts.map(([name, value]) => `${name}: ${value}`).join('\n')}

${FILES}

Times are those of the runner's clock. Of long lists the first and the last entries are here, and the number of those
between. No file has the body or a header of a request. Secrets that the run or its environment has, and JSON Web Tokens, are
replaced by ***, and each file was searched for them once more before it was stored.
`;
}
