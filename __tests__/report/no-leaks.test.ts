/** A secret in any string of any record gets into nothing that somebody can read, unless the record's type lets it stay. */
import { describe, expect, test } from '@jest/globals';
import { BATCH_FIELDS, type BatchUploadRecord } from '../../src/report/batch-record.ts';
import { createBatchReport } from '../../src/report/batch-report.ts';
import { renderBatchSummary } from '../../src/report/batch-summary.ts';
import { renderCheckRun } from '../../src/report/check-run-text.ts';
import { CLEANUP_FIELDS, type CleanupRecord } from '../../src/report/cleanup-record.ts';
import { createCleanupReport } from '../../src/report/cleanup-report.ts';
import { renderCleanupSummary } from '../../src/report/cleanup-summary.ts';
import { type ActionReport, createRun } from '../../src/report/create-run.ts';
import { renderDeployComment } from '../../src/report/deploy-comment.ts';
import { DEPLOY_FIELDS, type DeployOutcome, type DeployRecord } from '../../src/report/deploy-record.ts';
import { DEPLOY_REPORT } from '../../src/report/deploy-report.ts';
import { renderDeploySummary } from '../../src/report/deploy-summary.ts';
import { type FieldRules, redactFields } from '../../src/report/field-rules.ts';
import { GATE_FIELDS, type GateRecord } from '../../src/report/gate-record.ts';
import { GATE_REPORT } from '../../src/report/gate-report.ts';
import { renderGateSummary } from '../../src/report/gate-summary.ts';
import { createJobLog } from '../../src/report/job-log.ts';
import { createRedactor } from '../../src/report/redactor.ts';
import { renderRedirectsComment } from '../../src/report/redirects-comment.ts';
import { REDIRECTS_FIELDS, type RedirectsRecord } from '../../src/report/redirects-record.ts';
import { createRedirectsReport } from '../../src/report/redirects-report.ts';
import { renderRedirectsSummary } from '../../src/report/redirects-summary.ts';
import type { RunRecord } from '../../src/report/run-record.ts';
import { captureReport } from './captured-report.ts';
import { BATCH, CLEANUP, commentOf, DEPLOY, GATE, REDIRECTS } from './full-records.ts';

const captured = captureReport();

/** Markdown, HTML, JSON and URLs each write it otherwise; none of them changes its first part. */
const SECRET = 's3cret-"quoted" <value> & ä/+';
const TRACE = 's3cret';

const asCredential = createRedactor();
asCredential.add(SECRET);
const asVariable = createRedactor();
asVariable.add(SECRET, 'KEY');

type Path = readonly string[];

/** Each way to a string of a value. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'string') return [path];
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  return Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]));
}

/** A copy in which the strings there have the secret behind them. */
function infect<T>(value: T, isMeant: (path: Path) => boolean, path: Path = []): T {
  if (typeof value === 'string') return (isMeant(path) ? `${value}/${SECRET}` : value) as T;
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map((item, index) => infect(item, isMeant, [...path, `${index}`])) as T;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, infect(item, isMeant, [...path, key])]),
  ) as T;
}

/** What the record's type says of the string there. */
function ruleOf(rules: unknown, path: Path): unknown {
  let rule = rules;
  for (const key of path) if (!/^\d+$/.test(key)) rule = Object(rule)[key];
  return rule;
}

function stringAt(value: unknown, path: Path): unknown {
  return path.reduce((found, key) => Object(found)[key], value);
}

interface Row {
  record: object;
  rules: object;
  render: readonly ((record: never) => string)[];
  /** Ends a run of which this is known. */
  end: (redactor: ReturnType<typeof createRedactor>, record: object) => Promise<void>;
}

/** Ends a run with this record. */
async function endRun<E extends { type: string }, R extends RunRecord & { outcome: unknown }>(
  report: ActionReport<E, R>,
  record: R,
  redactor: ReturnType<typeof createRedactor>,
): Promise<void> {
  const options = { log: createJobLog(), redactor, correlationId: 'the-correlation-id' };
  const run = createRun({ ...report, initial: record }, options);
  run.end(undefined);
  await run.finish();
}

const runUrl = 'https://github.com/acme/shop/actions/runs/1';
const OUTCOMES: readonly DeployOutcome[] = ['deployed', 'failed', 'unknown', 'skipped', 'error'];
/** Each outcome shows other parts of a record. */
const ofEachOutcome = (render: (record: DeployRecord) => string) => (record: DeployRecord) =>
  OUTCOMES.map((outcome) => render({ ...record, outcome })).join('\n');

const RECORDS: Readonly<Record<string, Row>> = {
  deploy: {
    record: DEPLOY,
    rules: DEPLOY_FIELDS,
    render: [
      ofEachOutcome(renderDeploySummary),
      ofEachOutcome((record) => renderDeployComment(commentOf(record))),
      ofEachOutcome((record) => JSON.stringify(renderCheckRun(record, runUrl))),
    ],
    end: (redactor, record) => endRun(DEPLOY_REPORT, record as DeployRecord, redactor),
  },
  redirects: {
    record: REDIRECTS,
    rules: REDIRECTS_FIELDS,
    render: [renderRedirectsSummary, (record) => renderRedirectsComment(record, { runUrl, updatedAt: new Date(0) })],
    end: (redactor, record) => endRun(createRedirectsReport(), record as RedirectsRecord, redactor),
  },
  batch: {
    record: BATCH,
    rules: BATCH_FIELDS,
    render: [renderBatchSummary],
    end: (redactor, record) =>
      endRun(
        createBatchReport((path) => path),
        record as BatchUploadRecord,
        redactor,
      ),
  },
  cleanup: {
    record: CLEANUP,
    rules: CLEANUP_FIELDS,
    render: [renderCleanupSummary],
    end: (redactor, record) =>
      endRun(
        createCleanupReport(() => runUrl),
        record as CleanupRecord,
        redactor,
      ),
  },
  gate: {
    record: GATE,
    rules: GATE_FIELDS,
    render: [renderGateSummary],
    end: (redactor, record) => endRun(GATE_REPORT, record as GateRecord, redactor),
  },
};

describe.each(Object.entries(RECORDS))('%s', (_, { record, rules, render, end }) => {
  const paths = pathsOf(record);
  const isOwn = (path: Path) => ruleOf(rules, path) === 'own';
  const redact = (value: object, redactor: ReturnType<typeof createRedactor>) =>
    redactFields(value, rules as FieldRules<object>, redactor);

  test.each(paths.filter((path) => !isOwn(path)).map((path) => [path.join('.'), path] as const))(
    '%s',
    (_name, path) => {
      const infected = infect(record, (other) => other === path || other.join() === path.join());
      const clean = redact(infected, asCredential);
      expect(stringAt(clean, path)).toBe(`${stringAt(record, path)}/***`);
      for (const text of [clean, ...render.map((one) => one(clean as never))])
        expect(JSON.stringify(text)).not.toContain(TRACE);

      const kept = redact(infected, asVariable);
      const isPublic = ruleOf(rules, path) === 'public';
      expect(stringAt(kept, path)).toBe(`${stringAt(record, path)}/${isPublic ? SECRET : '***'}`);
    },
  );

  test.each([
    ['a credential', asCredential, (path: Path) => !isOwn(path)],
    ['a value of `secrets`', asVariable, (path: Path) => ruleOf(rules, path) === undefined],
  ])('%s in all of them at once is in no output, line or summary', async (_name, redactor, isMeant) => {
    await end(redactor, infect(record, isMeant));
    expect(captured.read('summary')).toMatch(/\*{3}|(?:&#42;){3}/);
    for (const text of [captured.printed, captured.read('summary'), captured.read('output')])
      expect(text).not.toContain(TRACE);
  });

  test('words of its own stay what they are, whatever is secret', () => {
    const words = paths.filter(isOwn).map((path) => String(stringAt(record, path)));
    const redactor = createRedactor();
    for (const word of words) redactor.add(word);
    const clean = redact(record, redactor);
    expect(paths.filter(isOwn).map((path) => stringAt(clean, path))).toEqual(words);
  });
});

test('what no rule knows is redacted: new fields, lists, maps and their keys', () => {
  interface Grown {
    outcome: 'done';
    found: ReadonlyMap<string, { url: string; words: readonly string[] }>;
    at: Date;
  }
  const rules: FieldRules<Grown> = { outcome: 'own', found: { url: 'public' } };
  const at = new Date(0);
  const grown = {
    outcome: 'done' as const,
    at,
    found: new Map([[SECRET, { url: `https://a.example/${SECRET}`, words: [SECRET] }]]),
    nobodyKnows: { deep: [{ down: SECRET }] },
  };
  const clean = redactFields<Grown>(grown, rules, asVariable);
  expect(clean).toEqual({
    outcome: 'done',
    at,
    found: new Map([['***', { url: `https://a.example/${SECRET}`, words: ['***'] }]]),
    nobodyKnows: { deep: [{ down: '***' }] },
  });
  expect(clean.at).toBe(at);
});

test('the types hold the rules to it', () => {
  // @ts-expect-error: a free text is no word of the action's own
  const _text: FieldRules<{ message: string }> = { message: 'own' };
  // @ts-expect-error: a word of the action's own is named, or a secret called so would take it
  const _word: FieldRules<{ outcome: 'done' | 'failed' }> = {};
  // @ts-expect-error: a field that is not there
  const _typo: FieldRules<{ url: string }> = { uri: 'public' };
  // @ts-expect-error: keys that somebody else has chosen belong in a Map
  const _keys: FieldRules<{ byName: Record<string, string> }> = { byName: { anything: 'public' } };
  const fine: FieldRules<{ list: readonly { kind: 'a' | 'b'; note: string }[] }> = { list: { kind: 'own' } };
  expect([_text, _word, _typo, _keys, fine]).toHaveLength(5);
});
