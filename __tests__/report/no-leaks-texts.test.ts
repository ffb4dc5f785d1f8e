/** Whatever happens in a run: a credential gets into no output and no line, and public outputs keep what is public. */
import { describe, expect, test } from '@jest/globals';
import { createBatchReport } from '../../src/report/batch-report.ts';
import { createCleanupReport } from '../../src/report/cleanup-report.ts';
import { type ActionRun, createRun, type RunOptions } from '../../src/report/create-run.ts';
import { DEPLOY_REPORT } from '../../src/report/deploy-report.ts';
import { GATE_REPORT } from '../../src/report/gate-report.ts';
import { createJobLog } from '../../src/report/job-log.ts';
import { createRedactor, type Redactor } from '../../src/report/redactor.ts';
import { createRedirectsReport } from '../../src/report/redirects-report.ts';
import { batch, packedFile } from './batch-records.ts';
import { captureReport } from './captured-report.ts';
import { BATCH, CLEANUP, DEPLOY, GATE, REDIRECTS } from './full-records.ts';
import { planOf } from './redirects-records.ts';

const captured = captureReport();
const SECRET = 's3cret-<value>';
const TRACE = 's3cret';
/** Words that decide what a report does with the rest. */
const WORDS = ['kind', 'type', 'verdict', 'isUploaded', 'fate', 'policy', 'outcome', 'command'];

/** A copy whose strings have the secret behind them. */
function infected<T>(value: T): T {
  if (typeof value === 'string') return `${value}/${SECRET}` as T;
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(infected) as T;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, WORDS.includes(key) ? item : infected(item)]),
  ) as T;
}

interface Ends {
  ended(error: undefined): void;
  finish(): Promise<void>;
  info(line: string): void;
  warn(message: string): void;
  debug(text: string): void;
}

function endsOf<E extends { type: string }, R>(run: ActionRun<E, R>): Ends {
  return {
    ended: (error) => run.end(error),
    finish: () => run.finish(),
    info: (line) => run.info(line),
    warn: (message: string) => run.warn(message, 'A warning'),
    debug: (text) => run.debug(text),
  };
}

const RUNS: Readonly<Record<string, (options: RunOptions) => Ends>> = {
  deploy: (options) => {
    const run = createRun(DEPLOY_REPORT, options);
    const { bundle, source, project, deployments, urls, artifact, comment, commit, workspace, environment, skipped } =
      infected(DEPLOY);
    const variables = [{ type: 'secret' as const, key: `KEY_${SECRET}` }];
    run.emit({ type: 'started', dryRun: false, variables, project: { uuid: project.uuid } });
    const deploymentsUrl = infected('https://github.com/acme/shop/deployments');
    run.emit({ type: 'target-found', environment, deploymentsUrl });
    run.emit({ type: 'commit-found', commit });
    run.emit({ type: 'workspace-read', commits: workspace });
    run.emit({ type: 'packaged', bundle });
    run.emit({ type: 'source-found', source });
    run.emit({ type: 'project-found', ...project });
    run.emit({ type: 'uploaded', uploadUuid: infected('upload-uuid') });
    run.emit({ type: 'creating' });
    run.emit({ type: 'created', deploymentUuid: deployments[0]?.uuid ?? '' });
    run.emit({ type: 'failed', ...infected({ code: '30', meaning: 'It failed.' }) });
    run.emit({ type: 'created', deploymentUuid: infected('second-uuid') });
    run.emit({ type: 'deployed', urls, atMs: 0 });
    run.emit({ type: 'artifact-stored', ...artifact });
    run.emit({ type: 'github-deployment-created', id: 1 });
    run.emit({ type: 'comment-written', ...comment });
    run.emit({ type: 'skipped', title: infected('Skipped'), ...skipped });
    return endsOf(run);
  },
  redirects: (options) => {
    const run = createRun(createRedirectsReport(), options);
    const { file, absoluteFile, backupFile, failedRowsFile, jobs, rejected, oddities, comment, applied, skipped } =
      infected(REDIRECTS);
    run.emit({ type: 'started', command: 'sync', siteId: 1, file, absoluteFile });
    for (const job of jobs) run.emit({ type: 'job-changed', ...job });
    run.emit({ type: 'rows-rejected', rows: rejected.first, unnamed: 1 });
    run.emit({ type: 'plan-made', plan: infected(planOf(2, 2, 2)), keepsRemoved: false });
    run.emit({ type: 'applied', ...applied });
    run.emit({ type: 'backup-written', path: backupFile });
    run.emit({ type: 'failed-rows-written', path: failedRowsFile });
    run.emit({ type: 'comment-written', ...comment });
    for (const { title, first } of oddities) run.emit({ type: 'rows-odd', title, rows: first });
    run.emit({ type: 'nothing-to-do', message: infected('A note.'), title: infected('Title') });
    run.emit({ type: 'skipped', title: infected('Skipped'), ...skipped });
    return endsOf(run);
  },
  batch: (options) => {
    const run = createRun(
      createBatchReport((path) => path),
      options,
    );
    const { host, batches, rejected, errorsFile } = infected(BATCH);
    run.emit({ type: 'started', dryRun: false, host, allowFailedRecords: 5 });
    const duplicates = infected([{ line: 3, message: 'It is there twice.' }]);
    run.emit({ type: 'file-packed', file: { ...infected(packedFile()), duplicates, duplicateCount: 1 } });
    run.emit({ type: 'batches-planned', batches: batches.map((one) => batch(one.number)) });
    for (const one of batches)
      run.emit({ type: 'batch-updated', batch: { ...one, abandonedRefs: [...one.abandonedRefs] } });
    run.emit({ type: 'records-rejected', log: { records: 1, unmatched: 0, unreadable: 0, first: rejected.first } });
    run.emit({ type: 'errors-file-written', path: errorsFile });
    return endsOf(run);
  },
  cleanup: (options) => {
    const report = createCleanupReport(() => infected('https://github.com/acme/shop/pull/7'));
    const run = createRun(report, options);
    const { previews, skipped } = infected(CLEANUP);
    run.emit({ type: 'started', dryRun: false });
    for (const { pullRequestUrl: _url, ...preview } of previews) run.emit({ type: 'preview-updated', ...preview });
    run.emit({ type: 'nothing-deleted', message: infected('A note.'), isNotice: true });
    run.emit({ type: 'skipped', title: infected('Skipped'), ...skipped });
    return endsOf(run);
  },
  gate: (options) => {
    const run = createRun(GATE_REPORT, options);
    const { settings, eventName, commander, comment, checkRun, commit } = infected(GATE);
    const url = infected('https://github.com/acme/shop/pull/7');
    run.emit({ type: 'started', ...settings });
    run.emit({ type: 'event-read', name: eventName });
    run.emit({ type: 'pull-request-found', number: 7, url, commit, ref: infected('refs/pull/7/merge') });
    run.emit({ type: 'newest-found', number: 8 });
    run.emit({ type: 'commanded', login: commander });
    run.emit({ type: 'decided', decision: 'newest' });
    run.emit({ type: 'comment-written', ...comment });
    run.emit({ type: 'check-run-found', ...checkRun });
    run.emit({ type: 'check-run-handed-on', id: 9 });
    return endsOf(run);
  },
};

async function runWith(make: (options: RunOptions) => Ends, redactor: Redactor): Promise<void> {
  const report = make({ log: createJobLog(), redactor, correlationId: 'the-correlation-id' });
  report.info(infected('A line.'));
  report.warn(infected('A warning.'));
  report.debug(infected('For those who debug.'));
  report.ended(undefined);
  await report.finish();
}

describe.each(Object.entries(RUNS))('%s', (_, make) => {
  test('a credential in everything that happens is nowhere', async () => {
    const redactor = createRedactor();
    redactor.add(SECRET);
    await runWith(make, redactor);
    expect(Object.values(captured.outputs()).join('\n')).toContain('***');
    for (const text of [captured.printed, captured.read('summary'), captured.read('output')])
      expect(text).not.toContain(TRACE);
  });

  test('a value of `secrets` is in public outputs alone, and its key is named', async () => {
    const redactor = createRedactor();
    redactor.add(SECRET, 'THE_KEY');
    await runWith(make, redactor);
    const { 'error-code': code = '***', result = '', ...outputs } = captured.outputs();
    expect(Object.values(outputs).join('\n')).not.toContain('***');
    // It has free texts beside public values.
    const { warnings } = JSON.parse(result);
    expect(warnings).toEqual(expect.arrayContaining(['A warning./***', expect.stringContaining('THE_KEY')]));
    expect(code).toMatch(/^$|\*\*\*/);
    expect(captured.printed).not.toContain(TRACE);
  });
});

test('one warning names all keys whose values are in what is public, with the outputs', async () => {
  const redactor = createRedactor();
  redactor.add('shop.example', 'DOMAIN');
  redactor.add('3d55b187', 'ID');
  redactor.add('acme', 'OWNER');
  redactor.add('unseen-value', 'UNSEEN');
  const run = createRun(DEPLOY_REPORT, { log: createJobLog(), redactor, correlationId: 'the-correlation-id' });
  run.emit({ type: 'created', deploymentUuid: '3d55b187-342b-487f-9a7d-8b24c49e4a3e' });
  run.emit({ type: 'deployed', urls: ['https://shop.example'], atMs: 0 });
  run.emit({ type: 'comment-written', id: 1, url: 'https://github.com/acme/shop/pull/7' });
  run.end(undefined);
  await run.finish();
  const warnings = captured.printed.split('\n').filter((line) => line.startsWith('::warning'));
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('ID (output `deployment-uuid`), DOMAIN (outputs `url`, `urls`), OWNER (');
  expect(warnings[0]).not.toContain('UNSEEN');
  // A PIN is in an id by chance: as plain text everybody could read it.
  expect(warnings[0]).toMatch(/no secret.*`environment-variables`.*a secret.*longer/);
  expect(captured.read('summary')).toMatch(/DOMAIN &#40;outputs <code>url/);
});
