/** What the post step finds of a run, whenever the main step is killed. */
import { expect, test } from '@jest/globals';
import type { Bundle } from '../../src/domain/bundle.ts';
import type { WorkflowEvent } from '../../src/github/event.ts';
import { GitHubStatus } from '../../src/github-status/github-status.ts';
import type { GitHubStatusOptions } from '../../src/github-status/options.ts';
import type { GitHubStatusState } from '../../src/github-status/state.ts';
import { targetOf } from '../../src/github-status/target.ts';
import { createRun } from '../../src/report/create-run.ts';
import { DEPLOY_REPORT } from '../../src/report/deploy-report.ts';
import { createJobLog } from '../../src/report/job-log.ts';
import { createRedactor } from '../../src/report/redactor.ts';
import { captureReport } from '../report/captured-report.ts';

captureReport();

const UUID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const BUNDLE: Bundle = {
  path: '/tmp/bundle.zip',
  sizeBytes: 12,
  sha256: 'b'.repeat(64),
  files: [{ name: 'worker.js', sizeBytes: 12 }],
  unzippedBytes: 30,
  warnings: [],
  notes: [],
};
const INPUTS: GitHubStatusOptions['inputs'] = {
  token: 't',
  environment: 'production',
  pullRequest: undefined,
  sha: 'a'.repeat(40),
  githubDeployment: true,
  comment: false,
  uploadArtifact: false,
  preview: false,
  commandPhrase: undefined,
  checkRunId: undefined,
  artifactName: undefined,
  artifactRetentionDays: undefined,
};

/** A run that is shown on a GitHub that cannot be reached, and what was stored for the post step. */
function shownRun() {
  const redactor = createRedactor();
  const run = createRun(DEPLOY_REPORT, { log: createJobLog(), redactor, correlationId: 'c' });
  const stored: GitHubStatusState[] = [];
  const event = { name: 'push', sha: 'a'.repeat(40), refName: 'main', isPullRequest: false } as WorkflowEvent;
  const status = new GitHubStatus({
    inputs: INPUTS,
    event: { ...event, runId: '1', runAttempt: '1' },
    target: targetOf(INPUTS, event),
    projectKey: 'shop',
    sourceDeploymentId: undefined,
    workingDirectory: '.',
    runUrl: undefined,
    commitUrlOf: (sha) => sha,
    pullRequestUrlOf: (number) => `${number}`,
    connect: async () => {
      throw new Error('out of reach');
    },
    artifacts: { upload: async () => Promise.reject(new Error('out of reach')) },
    run,
    reportSignal: new AbortController().signal,
    save: (state) => stored.push(state),
  });
  run.attach(status);
  const open = async () => {
    run.emit({ type: 'project-found', uuid: UUID, name: 'shop' });
    await status.open(BUNDLE, UUID, new AbortController().signal);
  };
  return { run, open, stored };
}

test('each new stage of the remote side is stored once, with what is known of it', async () => {
  const { run, open, stored } = shownRun();
  await open();
  const before = stored.length;
  run.emit({ type: 'creating' });
  run.emit({ type: 'creating' });
  run.emit({ type: 'created', deploymentUuid: 'd-1' });
  run.emit({ type: 'deployed', urls: ['https://shop.example'], atMs: 7 });
  const shown = stored.slice(before).map(({ remote, urls, completedAtMs }) => ({ ...remote, urls, completedAtMs }));
  expect(shown).toEqual([
    { stage: 'creating', deploymentUuid: undefined, urls: [], completedAtMs: undefined },
    { stage: 'created', deploymentUuid: 'd-1', urls: [], completedAtMs: undefined },
    { stage: 'completed', deploymentUuid: 'd-1', urls: ['https://shop.example'], completedAtMs: 7 },
  ]);
  expect(stored.at(-1)).toMatchObject({ projectUuid: UUID, projectName: 'shop', isClosed: false });
});

test('nothing is stored of a run that never got as far as GitHub', async () => {
  const { run, stored } = shownRun();
  run.emit({ type: 'creating' });
  run.end(undefined);
  await run.finish();
  expect(stored).toEqual([]);
});

test('the end is stored before GitHub is updated, and the report when the summary is written', async () => {
  const { run, open, stored } = shownRun();
  await open();
  run.emit({ type: 'deployed', urls: [], atMs: 7 });
  run.end(undefined);
  expect(stored.at(-1)).toMatchObject({ end: { outcome: 'deployed' }, isReported: false });
  await run.finish();
  expect(stored.at(-1)).toMatchObject({ isReported: true, isClosed: true });
});
