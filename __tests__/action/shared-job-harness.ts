/** The job of examples/shared-preview.yml: the gate, a build, the deploy action, and the `post` steps of both. */
import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { parse } from 'yaml';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { readShare } from '../../src/domain/comment-marker.ts';
import { COMMAND, COMMANDER, type CommentGiven, commentEvent, gate } from './gate-harness.ts';
import { wordsOf } from './github-comment-reading.ts';
import { onGitHub, ownComments, pullRequestEvent, startOnGitHub } from './github-harness.ts';

type Started = ReturnType<typeof startOnGitHub>;

export interface JobGiven {
  emulator: Emulator;
  event: { name: string; payload: unknown };
  env?: Record<string, string>;
  /** In addition to the example's inputs. */
  gateInputs?: Record<string, string>;
  deployInputs?: Record<string, string>;
  /** The outcome of the steps between the two actions. */
  build?: 'succeeds' | 'fails';
  /** Called when the deploy action runs. */
  during?: (started: Started) => Promise<unknown>;
}

export interface JobRun {
  gate: FinishedRun;
  /** Undefined where the step was skipped. */
  deploy: FinishedRun | undefined;
  posts: FinishedRun[];
}

interface Step {
  uses?: string;
  with?: Record<string, unknown>;
}

const EXAMPLE = new URL('../../examples/shared-preview.yml', import.meta.url);
let runs = 0;

/**
 * Its steps as the runner runs them: skipped ones have no `post` step, and those run from the last step to the first.
 */
export async function job(given: JobGiven): Promise<JobRun> {
  const { emulator, event, build = 'succeeds', during } = given;
  runs += 1;
  const env = { GITHUB_RUN_ID: String(5000 + runs), ...given.env };
  const steps = exampleSteps();
  const gateRun = { emulator, event, env, inputs: { ...steps.gate, ...given.gateInputs } };
  const gated = await gate(gateRun);
  const posts: FinishedRun[] = [];
  let deploy: FinishedRun | undefined;
  if (gated.exitCode === 0 && gated.outputs['deploy'] === 'true' && build === 'succeeds') {
    const inputs = { ...resolve(steps.deploy, gated.outputs), ...given.deployInputs };
    const deployRun = { emulator, event, env, inputs };
    const started = startOnGitHub(deployRun);
    await during?.(started);
    deploy = await started.finished;
    posts.push(await onGitHub({ ...deployRun, postOf: deploy.state }));
  }
  posts.push(await gate({ ...gateRun, postOf: gated.state }));
  return { gate: gated, deploy, posts };
}

/** The deploy action alone, with the gate's outputs as in the example. */
export function exampleRun(emulator: Emulator, event: JobGiven['event'], given: { number: number; sha?: string }) {
  const head = emulator.github.pullRequests.find(({ number }) => number === given.number)?.head.sha ?? '';
  const outputs = { 'pull-request': String(given.number), sha: given.sha ?? head, 'command-phrase': COMMAND };
  runs += 1;
  const env = { GITHUB_RUN_ID: String(5000 + runs) };
  return { emulator, event, env, inputs: resolve(exampleSteps().deploy, outputs) };
}

/** Moves the head, as by a push. */
export async function pushed(emulator: Emulator, number: number, digit: string, more: Partial<JobGiven> = {}) {
  const known = emulator.github.pullRequests.find((one) => one.number === number);
  const createdAtMs = known?.createdAtMs ?? Date.now();
  emulator.github.addPullRequest({ number, headSha: digit.repeat(40), createdAtMs });
  return await job({ emulator, event: pullRequestEvent(emulator, 'pull_request', number), ...more });
}

export async function commanded(emulator: Emulator, given: CommentGiven = {}, more: Partial<JobGiven> = {}) {
  emulator.github.setRole(COMMANDER, 'write');
  const { comment, ...event } = commentEvent(emulator, given);
  return { ...(await job({ emulator, event, ...more })), comment };
}

/** The inputs that the example gives to both, without those from a repository's variables and secrets. */
function exampleSteps() {
  const workflow = parse(readFileSync(EXAMPLE, 'utf8')) as { jobs: { preview: { steps: Step[] } } };
  const stepOf = (end: RegExp) => {
    const found = workflow.jobs.preview.steps.find(({ uses }) => end.test(uses ?? ''));
    if (found?.with === undefined) throw new Error(`examples/shared-preview.yml has no step that uses ${end}`);
    return Object.fromEntries(Object.entries(found.with).map(([name, value]) => [name, String(value)]));
  };
  return { gate: stepOf(/\/preview-gate@/), deploy: stepOf(/catalyst-deploy-action@/) };
}

function resolve(inputs: Record<string, string>, outputs: Readonly<Record<string, string>>): Record<string, string> {
  const resolved: Record<string, string> = {};
  for (const [name, value] of Object.entries(inputs)) {
    if (/\$\{\{ *(?:vars|secrets)\./.test(value)) continue;
    resolved[name] = value.replace(
      /\$\{\{ *steps\.gate\.outputs\.([\w-]+) *\}\}/g,
      (_, output) => outputs[output] ?? '',
    );
  }
  return resolved;
}

export function reasonOf({ gate: { outputs } }: JobRun) {
  return `${outputs['reason']}`;
}

/** The one comment about the preview that a pull request has; there must be no other. */
export function shownOn(emulator: Emulator, number: number) {
  const [comment, ...others] = ownComments(emulator, number);
  if (comment === undefined || others.length > 0) throw new Error(`#${number} has not one comment but others`);
  const share = readShare(comment.body);
  return { id: comment.id, body: comment.body, words: wordsOf(comment.body), share };
}

/** What must be true whenever no run is in progress. */
export function expectHonest(emulator: Emulator, holder: number | undefined): void {
  for (const { number } of emulator.github.pullRequests) {
    if (ownComments(emulator, number).length === 0) continue;
    const { words, share } = shownOn(emulator, number);
    const isHolder = number === holder;
    const isDated = share?.heldSinceMs !== undefined;
    expect({ number, holds: share?.holds === true, isDated }).toEqual({ number, holds: isHolder, isDated: isHolder });
    expect(words).not.toContain('No verdict yet');
    if (isHolder) expect(words).not.toMatch(/shows #\d|Not in the preview|taken over/);
    else expect(words).not.toMatch(/✅|the preview shows [0-9a-f]{7}/);
  }
  const live = emulator.github.deployments.filter(({ state }) => state === 'success');
  expect(live.map(({ payload }) => (payload as { pull_request?: number }).pull_request)).toEqual(
    holder === undefined ? [] : [holder],
  );
  expect(emulator.github.deployments.filter(({ state }) => state === 'in_progress')).toEqual([]);
  expect(emulator.github.checkRuns.filter(({ status }) => status !== 'completed')).toEqual([]);
}
