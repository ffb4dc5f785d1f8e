/** The files of a support bundle: what is in them, and that no secret is, wherever it comes from. */
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { writeTextArchive } from '../../src/files/text-archive.ts';
import { createRun } from '../../src/report/create-run.ts';
import type { DeployEvent } from '../../src/report/deploy-record.ts';
import { DEPLOY_REPORT } from '../../src/report/deploy-report.ts';
import { createDiagnosticsLog, type DiagnosticsLog } from '../../src/report/diagnostics-log.ts';
import { type DiagnosticsPart, renderParts } from '../../src/report/diagnostics-parts.ts';
import { createJobLog } from '../../src/report/job-log.ts';
import { createRedactor } from '../../src/report/redactor.ts';
import type { WorkerLogsEvent } from '../../src/report/worker-logs-record.ts';
import { temporaryFolder } from '../clean-up.ts';
import { captureReport } from './captured-report.ts';
import { DEPLOY } from './full-records.ts';

captureReport();

const SECRET = 'correct horse battery';

interface Told {
  events?: DeployEvent[];
  deploymentEvents?: string[];
  requests?: object[];
  hashes?: [string, string][];
  versions?: Record<string, string>;
  secrets?: [string, string?][];
}

function partsOf({ events = [], hashes = [], versions = {}, secrets = [[SECRET]], ...told }: Told): DiagnosticsPart[] {
  const redactor = createRedactor();
  const run = createRun(DEPLOY_REPORT, { log: createJobLog(), redactor, correlationId: 'the-correlation-id' });
  const log: DiagnosticsLog = createDiagnosticsLog();
  run.attach(log);
  for (const event of events) run.emit(event);
  for (const data of told.deploymentEvents ?? []) log.addDeploymentEvent(data);
  for (const request of told.requests ?? []) log.addRequest(request);
  // Known only now: what was kept before is redacted all the same.
  for (const [secret, key] of secrets) redactor.add(secret, key);
  return renderParts(log.contents(), { redactor, hashes: new Map(hashes), versions, madeBy: 'action/1' });
}

function textOf(parts: readonly DiagnosticsPart[], name: string): string {
  return parts.find((part) => part.name === name)?.text ?? '';
}

function workerLogs(...jsons: string[]): DeployEvent {
  const own = jsons.map((json) => ({ id: undefined, atMs: 0, request: undefined, lines: [], json }));
  const workerLogs = { state: 'read', problems: [], moreProblems: 0, othersCount: 0 } as const;
  return { type: 'worker-logs-read', workerLogs, own, isBroken: false } satisfies WorkerLogsEvent;
}

const verified = (url: string): DeployEvent => ({ type: 'verified', verification: { ...DEPLOY.verification, url } });
const packaged = (name: string): DeployEvent => ({
  type: 'packaged',
  bundle: { ...DEPLOY.bundle, files: [{ name, sizeBytes: 1 }] },
});

const PLACES: [string, (secret: string) => Told][] = [
  ['README.txt', (text) => ({ events: [{ type: 'project-found', uuid: 'u', name: `shop ${text}` }] })],
  ['timeline.json', (text) => ({ events: [{ type: 'info', line: `echo ${text}` }] })],
  [
    'deployment-events.jsonl',
    (text) => ({ deploymentEvents: [JSON.stringify({ [`key ${text}`]: { deep: [text] } })] }),
  ],
  ['deployment-events.jsonl', (text) => ({ deploymentEvents: [`no JSON: ${text}`] })],
  ['deployment-events.jsonl', (text) => ({ deploymentEvents: [`${'['.repeat(30_000)}"${text}"`.slice(-15_000)] })],
  [
    'deployment-events.jsonl',
    (text) => ({ deploymentEvents: [`${'['.repeat(7000)}${JSON.stringify(text)}${']'.repeat(7000)}`] }),
  ],
  ['requests.json', (text) => ({ requests: [{ startedAtMs: 1, url: `https://x.example/${text}`, error: text }] })],
  ['verification.json', (text) => ({ events: [verified(`https://shop.example/${text}`)] })],
  ['worker-logs.jsonl', (text) => ({ events: [workerLogs(JSON.stringify({ logs: [{ messages: [text] }] }))] })],
  ['bundle-files.json', (text) => ({ events: [packaged(`assets/${text}.js`)] })],
  ['versions.json', (text) => ({ versions: { GITHUB_WORKFLOW: text } })],
];

const WRITINGS: [string, (secret: string) => string][] = [
  ['as it is', (secret) => secret],
  ['in Base64', (secret) => Buffer.from(`x${secret}`).toString('base64')],
  ['in hex', (secret) => Buffer.from(secret).toString('hex')],
  ['as JSON within JSON', (secret) => JSON.stringify(JSON.stringify(`"${secret}"`))],
  ['with an invisible character in it', (secret) => `${secret.slice(0, 5)}\u0007${secret.slice(5)}`],
  ['percent-encoded', encodeURIComponent],
];

describe.each(WRITINGS)('a secret %s', (_, write) => {
  test.each(PLACES)('is not in %s', (name, place) => {
    const parts = partsOf(place(write(SECRET)));
    const text = textOf(parts, name);
    for (const part of parts) {
      for (const [, other] of WRITINGS) expect(part.text).not.toContain(other(SECRET).replaceAll('"', '\\"'));
      expect(part.text.replaceAll('\\u0007', '').replaceAll('\u0007', '')).not.toContain(SECRET);
    }
    expect(text).toContain('***');
    // It was found by the first search: the second has nothing left to find.
    expect(text).not.toContain('left out');
  });

  test.each(PLACES)('of the input `secrets` is not in %s, either', (name, place) => {
    const parts = partsOf({ ...place(write(SECRET)), secrets: [[SECRET, 'PASSWORD']] });
    expect(textOf(parts, name)).toContain('***');
    for (const part of parts) expect(part.text).not.toContain(SECRET);
  });
});

test.each([2, 7, 12, SECRET.length - 1])('of a secret that is cut after %i characters no more is left', (length) => {
  // Events are cut after 16,000 characters.
  const data = `${'x'.repeat(16_000 - length)}${SECRET}${'y'.repeat(100)}`;
  const text = textOf(partsOf({ deploymentEvents: [data] }), 'deployment-events.jsonl');
  expect(text).toContain('xxx');
  expect(text).toContain('…');
  expect(text).not.toContain(SECRET.slice(0, 6));
});

test('a part in which the last search finds something is replaced by a note, and the others stay', () => {
  const requests = [{ startedAtMs: 1, method: 'GET', status: 200 }];
  const parts = partsOf({ requests, secrets: [['"method":"GET","status":200']] });
  expect(JSON.parse(textOf(parts, 'requests.json'))).toEqual({
    note: 'It was left out: the last search before it is stored found a secret in it.',
  });
  expect(textOf(parts, 'README.txt')).toContain('Support bundle, made by action/1');
  const readme = partsOf({ secrets: [[`by action/1\nFor a`]] });
  expect(textOf(readme, 'README.txt')).not.toContain('by action/1\nFor a');
});

test('the last search does not rely on the first one', () => {
  const contents = createDiagnosticsLog().contents();
  const versions = { node: 'v24', host: 'leaked' };
  // One that overlooks everything.
  const redactor = { redact: (text: string) => text, holds: (text: string) => text.includes('leaked') };
  const parts = renderParts(contents, { redactor, hashes: new Map(), versions, madeBy: 'action/1' });
  expect(textOf(parts, 'versions.json')).toContain('left out');
  expect(parts.filter(({ text }) => text.includes('left out'))).toHaveLength(1);
});

test("a shopper's token is in none, though no run knows it", () => {
  const token = ['{"alg":"ES256"}', '{"sub":"shopper"}', 'signature'].map((one) =>
    Buffer.from(one).toString('base64url'),
  );
  const logs = workerLogs(JSON.stringify({ logs: [{ messages: [`token ${token.join('.')}`] }] }));
  expect(textOf(partsOf({ events: [logs] }), 'worker-logs.jsonl')).toBe('{"logs":[{"messages":["token ***"]}]}\n');
});

test('secrets that are ordinary words, numbers or names of fields leave JSON that can be read', () => {
  const told = { requests: [{ startedAtMs: 1, status: 2000, isDone: true, type: 'timeline' }], events: DEPLOYED };
  const secrets: [string, string][] = ['2000', 'true', 'type', 'created', 'status', 'name'].map((one) => [one, 'KEY']);
  for (const { name, text } of partsOf({ ...told, secrets })) {
    expect(text).not.toMatch(/2000|true|created/);
    if (name.endsWith('.json')) JSON.parse(text);
  }
});

const DEPLOYED: DeployEvent[] = [
  { type: 'started', dryRun: false, variables: [{ key: 'KEY', type: 'secret' }], project: { uuid: 'project-uuid' } },
  { type: 'packaged', bundle: DEPLOY.bundle },
  { type: 'created', deploymentUuid: 'deployment-uuid' },
  { type: 'phase-status', title: 'Follow deployment', text: '10 %' },
  { type: 'failed', code: '40', meaning: 'it broke' },
  { type: 'rehearsed', rehearsal: DEPLOY.rehearsal },
  { type: 'ending', outcome: 'failed', durationMs: 9, failure: { ...DEPLOY.failure, title: 'Its title' } },
];

test('they tell what happened, each thing in one file', () => {
  const json = '{"event":{"step":"deploying"}}';
  const parts = partsOf({
    events: [...DEPLOYED, verified('https://shop.example'), workerLogs('{"level":"error"}', 'odd')],
    deploymentEvents: [json],
    requests: [{ what: 'Asking', startedAtMs: 0, durationMs: 12.4, status: 200 }],
    hashes: [['worker.js', 'a'.repeat(64)]],
    versions: { node: 'v24' },
  });
  const timeline = JSON.parse(textOf(parts, 'timeline.json')) as { type: string; at: string }[];
  expect(timeline.map(({ type }) => type)).toEqual([
    ...['started', 'packaged', 'created', 'failed', 'rehearsed', 'ending', 'verified', 'worker-logs-read'],
  ]);
  expect(timeline[2]).toEqual({
    at: expect.stringMatching(/^\d{4}-.*Z$/),
    type: 'created',
    deploymentUuid: 'deployment-uuid',
  });
  expect(timeline[1]).toEqual({ at: expect.any(String), type: 'packaged' });
  const [event] = textOf(parts, 'deployment-events.jsonl').split('\n');
  expect(JSON.parse(event ?? '')).toEqual({ receivedAt: expect.any(String), event: JSON.parse(json) });
  expect(JSON.parse(textOf(parts, 'requests.json'))).toEqual([
    { startedAt: '1970-01-01T00:00:00.000Z', what: 'Asking', durationMs: 12, status: 200 },
  ]);
  expect(JSON.parse(textOf(parts, 'verification.json'))).toMatchObject({
    verification: { state: 'unhealthy', pages: [{ path: '/cart', status: 500 }] },
    rehearsal: { state: 'rejected' },
  });
  expect(textOf(parts, 'worker-logs.jsonl')).toBe('{"level":"error"}\n"odd"\n');
  expect(JSON.parse(textOf(parts, 'bundle-files.json'))).toEqual([
    { name: 'worker.js', sizeBytes: 12, sha256: 'a'.repeat(64) },
  ]);
  expect(JSON.parse(textOf(parts, 'versions.json'))).toEqual({ node: 'v24' });
  const readme = textOf(parts, 'README.txt');
  expect(readme).toContain(
    'Outcome: failed\nFailure: Its title: It broke.\nWhat to do: Mend it.\nProject: project-uuid\n',
  );
  expect(readme).toContain('Deployments: deployment-uuid (failed, code 40)\nCorrelation id: the-correlation-id ');
});

test('of a run that told nothing they can be read, too', () => {
  const parts = partsOf({});
  expect(parts.map(({ name, text }) => [name, name.endsWith('.json') ? JSON.parse(text) : text])).toMatchObject([
    ['README.txt', expect.stringContaining('Support bundle')],
    ['timeline.json', []],
    ['deployment-events.jsonl', ''],
    ['requests.json', []],
    ['verification.json', {}],
    ['worker-logs.jsonl', ''],
    ['bundle-files.json', []],
    ['versions.json', {}],
  ]);
});

test('a flood of what cannot be compressed leaves a zip of less than 2 MB, with both ends', async () => {
  const noise = (bytes: number) => randomBytes(bytes).toString('base64');
  const many = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => make(index));
  const parts = partsOf({
    events: [
      ...many(5000, (index): DeployEvent => ({ type: 'info', line: `line ${index} ${noise(600)}` })),
      workerLogs(...many(5000, (index) => JSON.stringify({ index, noise: noise(1000) }))),
      { type: 'packaged', bundle: { ...DEPLOY.bundle, files: many(1000, () => ({ name: noise(180), sizeBytes: 1 })) } },
      {
        type: 'verified',
        verification: {
          ...DEPLOY.verification,
          pages: many(900, () => ({ ...DEPLOY.verification.pages[0], path: noise(900) }) as never),
        },
      },
    ],
    deploymentEvents: many(5000, (index) => JSON.stringify({ index, noise: noise(9000) })),
    requests: many(5000, (index) => ({ index, startedAtMs: 1, url: noise(900) })),
  });
  const path = join(temporaryFolder(), 'flood.zip');
  await writeTextArchive(path, parts, new AbortController().signal);
  expect(statSync(path).size).toBeLessThan(2 * 2 ** 20);
  expect(textOf(parts, 'timeline.json')).toMatch(/line 0 .*"omitted":.*line 4999 /s);
  for (const name of ['deployment-events.jsonl', 'requests.json', 'worker-logs.jsonl']) {
    const text = textOf(parts, name);
    expect(text).toMatch(/"index":0\b/);
    expect(text).toMatch(/"omitted":\d+/);
    expect(text).toMatch(/"index":4999\b/);
  }
});
