/** What cases expect of a run. */
import assert from 'node:assert/strict';
import type { Emulator } from '../../emulator/emulator.ts';
import { headingText } from '../../src/report/result.ts';
import type { Conclusion, JobRun, StepRun } from './act-log.ts';
import type { WorkflowRun } from './stage.ts';

/** The job with this id; of a matrix, the first one, unless its number follows: `deploy-2`. */
export function jobOf(run: WorkflowRun, id: string): JobRun {
  const found = jobsById(run).get(id) ?? run.jobs.find((job) => job.id === id);
  assert.ok(found, `the job ${id} did not run; these did: ${[...jobsById(run).keys()].join(', ')}`);
  return found;
}

function jobsById({ jobs }: WorkflowRun): Map<string, JobRun> {
  const isShared = (id: string) => jobs.filter((job) => job.id === id).length > 1;
  const numberOf = ({ name }: JobRun) => /-\d+$/.exec(name)?.[0] ?? '';
  return new Map(jobs.map((job) => [isShared(job.id) ? `${job.id}${numberOf(job)}` : job.id, job]));
}

/** The step with this id, or whose name has this text in it. */
export function stepOf(run: WorkflowRun, job: string, text: string): StepRun {
  const { steps } = jobOf(run, job);
  const found = steps.find(({ id }) => id === text) ?? steps.find(({ name }) => name.includes(text));
  assert.ok(found, `the step ${text} did not run; these did: ${steps.map(({ name }) => name).join(', ')}`);
  return found;
}

export function expectNoStep(run: WorkflowRun, job: string, text: string): void {
  const steps = jobOf(run, job).steps.filter(({ id, name }) => id === text || name.includes(text));
  assert.deepEqual(
    steps.map(({ name }) => name),
    [],
    'these steps were to be skipped',
  );
}

/** The jobs that ran, and how each ended; with it, act's own exit code. */
export function expectJobs(run: WorkflowRun, expected: Readonly<Record<string, Conclusion>>): void {
  const found = Object.fromEntries([...jobsById(run)].map(([id, { result }]) => [id, result]));
  assert.deepEqual(found, expected);
  const isRed = Object.values(expected).includes('failure');
  assert.equal(run.exitCode, isRed ? 1 : 0, 'the exit code of act');
}

/** How a step ended, and some of its outputs: a text is compared, an expression is searched for. */
export function expectStep(
  step: StepRun,
  outcome: Conclusion,
  outputs: Readonly<Record<string, string | RegExp | undefined>> = {},
): void {
  assert.equal(step.outcome, outcome, `how the step ${step.name} ended`);
  for (const [name, expected] of Object.entries(outputs)) {
    const found = step.outputs[name];
    if (expected instanceof RegExp) assert.match(found ?? '', expected, `the output ${name}`);
    else assert.equal(found ?? '', expected ?? '', `the output ${name}`);
  }
}

type Outputs = Parameters<typeof expectStep>[2];

/** A step of ours that is green: no error, no warnings but these, a summary and a line of the log with its outcome. */
export function expectGreen(
  step: StepRun,
  outcome: string,
  outputs: Outputs = {},
  warnings: readonly RegExp[] = [],
): void {
  expectStep(step, 'success', { outcome, ...outputs });
  const found = step.annotations.filter(({ level }) => level !== 'notice').map(({ message }) => message);
  const unexpected = found.filter((message) => !warnings.some((one) => one.test(message)));
  assert.deepEqual({ unexpected, count: found.length }, { unexpected: [], count: warnings.length }, step.name);
  expectReport(step, outcome);
}

/** A step of ours that is red, with one error of this title, beside those of rows and records. */
export function expectRed(step: StepRun, outcome: string, title: RegExp, outputs: Outputs = {}): void {
  expectStep(step, 'failure', { outcome, ...outputs });
  const titles = step.annotations.filter(({ level }) => level === 'error').map((one) => one.title);
  assert.equal(titles.filter((one) => title.test(one)).length, 1, `one error of ${step.name}: ${titles.join('; ')}`);
  expectReport(step, outcome);
}

/** All that a step says agrees: its summary, its output `result`, its log. */
function expectReport(step: StepRun, outcome: string): void {
  const result = JSON.parse(step.outputs['result'] ?? '{}');
  assert.equal(result.outcome, outcome, `the output result of ${step.name}`);
  assert.match(step.summary, /^## \S/, `the summary of ${step.name} begins with its heading`);
  assert.equal(headingText(step.summary), result.title, `the heading of the summary of ${step.name}`);
  assert.match(step.lines.join('\n'), new RegExp(`^Outcome: ${outcome}\\b`, 'm'), `the log of ${step.name}`);
  assert.notEqual(step.post, 'failure', `the post part of ${step.name}`);
}

/** How many requests of each call the platform was sent, as far as they are named. */
export function countCalls(emulator: Emulator, ...calls: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    calls.map((call) => [call, emulator.requests.filter((request) => request.call === call).length]),
  );
}

/** States of the GitHub deployments, each with its environment in front. */
export function shownDeployments({ github }: Emulator): string[] {
  return github.deployments.map(
    ({ environment, statuses }) => `${environment}: ${statuses.map(({ state }) => state).join(', ')}`,
  );
}
