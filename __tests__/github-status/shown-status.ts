/** A run of the deploy action that is shown on a GitHub, and what is stored of it for the post step. */
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

export const UUID = '0f8fad5b-d9cb-469f-a165-70867728950e';

export const BUNDLE: Bundle = {
  path: '/tmp/bundle.zip',
  sizeBytes: 12,
  sha256: 'b'.repeat(64),
  files: [{ name: 'worker.js', sizeBytes: 12 }],
  unzippedBytes: 30,
  warnings: [],
  notes: [],
  buildId: 'the-build',
};

const INPUTS: GitHubStatusOptions['inputs'] = {
  token: 't',
  environment: 'production',
  pullRequest: undefined,
  sha: 'a'.repeat(40),
  githubDeployment: true,
  comment: false,
  commentGroup: undefined,
  commentFooter: undefined,
  uploadArtifact: false,
  preview: false,
  commandPhrase: undefined,
  checkRunId: undefined,
  artifactName: undefined,
  artifactRetentionDays: undefined,
};

/**
 * @param connect gives the GitHub that it is shown on
 * @param more inputs that are given
 * @param upload stores artifacts
 */
export function createShownStatus(
  connect: GitHubStatusOptions['connect'],
  more: Partial<GitHubStatusOptions['inputs']> = {},
  upload: GitHubStatusOptions['artifacts']['upload'] = async () => Promise.reject(new Error('out of reach')),
) {
  const inputs = { ...INPUTS, ...more };
  const run = createRun(DEPLOY_REPORT, { log: createJobLog(), redactor: createRedactor(), correlationId: 'c' });
  const stored: GitHubStatusState[] = [];
  const event = { name: 'push', sha: 'a'.repeat(40), refName: 'main', isPullRequest: false } as WorkflowEvent;
  const status = new GitHubStatus({
    inputs,
    event: { ...event, runId: '1', runAttempt: '1' },
    target: targetOf(inputs, event),
    projectKey: 'shop',
    sourceDeploymentId: undefined,
    commentFooter: undefined,
    workingDirectory: '.',
    runUrl: undefined,
    commitUrlOf: (sha) => sha,
    pullRequestUrlOf: (number) => `${number}`,
    connect,
    artifacts: { upload },
    run,
    reportSignal: new AbortController().signal,
    save: (state) => stored.push(state),
  });
  run.attach(status);
  return { run, status, stored };
}
