import { basename } from 'node:path';
import type { Emulator } from '../../emulator/emulator.ts';
import type { Call } from '../../emulator/services.ts';
import type { Annotation, FinishedRun } from '../action-runner.ts';
import { countMade, type Made } from './made.ts';
import type { Cell } from './matrix.ts';
import { type End, namesCall, predictEnds } from './rules.ts';
import type { CellEnd } from './run-cell.ts';
import type { Scenario } from './scenario.ts';

/** What a run without a fault looks like. */
export interface Baseline {
  /** In their order. */
  calls: readonly string[];
  exitCode: number | null;
  warnings: number;
  made: Made;
}

export function readBaseline(scenario: Scenario, { run, emulator, requests, temporaryFiles }: CellEnd): Baseline {
  const outcome = outcomeOf(run);
  const leftOver = leftOverOf(run, temporaryFiles);
  if (outcome !== scenario.outcome || run.stderr !== '' || leftOver.length > 0) {
    throw new Error(
      `"${scenario.name}" without a fault ended with ${outcome}, and left ${leftOver.join() || 'nothing'}:\n${run.lines.join('\n')}\n${run.stderr}`,
    );
  }
  const calls = requests.map(({ call }) => call);
  const warnings = annotationsOf(run, 'warning').length;
  return { calls, exitCode: run.exitCode, warnings, made: countMade(emulator) };
}

/** The output `outcome`; the gate has none, and says whether to deploy. */
export function outcomeOf({ outputs, exitCode }: FinishedRun): string {
  return outputs['outcome'] ?? (exitCode === 0 ? (outputs['deploy'] === 'true' ? 'deploy' : 'wait') : 'error');
}

/** How a cell ended, as the table shows it. */
export function endOf({ run }: CellEnd, { scenario }: Cell['row'], baseline: Baseline): End {
  const outcome = outcomeOf(run);
  if (run.exitCode !== baseline.exitCode) return `red: ${outcome}`;
  if (outcome !== scenario.outcome) return `green: ${outcome}`;
  return annotationsOf(run, 'warning').length > baseline.warnings ? 'warned' : 'same';
}

/** What is wrong with a cell; nothing where all is as it must be. */
export async function findProblems(cell: Cell, end: CellEnd, baseline: Baseline): Promise<string[]> {
  const { run, isKilled } = end;
  if (isKilled) return ['it did not end in time, and was killed'];
  return [
    ...findEndProblems(cell, end, baseline),
    ...findLeaks(end),
    ...leftOverOf(run, end.temporaryFiles).map((name) => `a temporary file is left: ${name}`),
    ...findTwice(cell, end, baseline),
    ...(await findOpen(cell, end)),
  ];
}

function findEndProblems(cell: Cell, end: CellEnd, baseline: Baseline): string[] {
  const { row, column } = cell;
  const { run } = end;
  const found = endOf(end, row, baseline);
  const allowed = predictEnds(row, column);
  const problems: string[] = [];
  if (!allowed.includes(found)) problems.push(`it ended with "${found}", and not with ${allowed.join(' or ')}`);
  if (run.stderr !== '') problems.push(`stderr is not empty: ${run.stderr.slice(0, 300)}`);
  const errors = annotationsOf(run, 'error').filter(({ file }) => file === undefined);
  if (found.startsWith('red')) problems.push(...findMessageProblems(errors, cell));
  else if (errors.length > 0) problems.push(`a green run has an error: ${errors[0]?.message}`);
  if (found === 'warned') {
    const news = annotationsOf(run, 'warning').map(({ message }) => message);
    if (!news.some((message) => namesCall(message, row, column))) {
      problems.push(`no warning names the call: ${news.join(' | ').slice(0, 600)}`);
    }
    if (news.length > baseline.warnings + 3) problems.push(`${news.length} warnings of one fault`);
  }
  return problems;
}

function findMessageProblems([error, ...others]: readonly Annotation[], { row, column }: Cell): string[] {
  if (error === undefined || others.length > 0)
    return [`it has ${others.length + (error === undefined ? 0 : 1)} errors, and not one`];
  const { title = '', message } = error;
  return [
    ...(title === '' ? ['the error has no title'] : []),
    ...(message.includes('What to do: ') ? [] : [`the error has no advice: ${message}`]),
    ...(namesCall(`${title}\n${message}`, row, column)
      ? []
      : [`the error does not name the call: ${title}: ${message}`]),
  ];
}

function annotationsOf(run: FinishedRun, level: Annotation['level']): Annotation[] {
  return run.annotations.filter((one) => one.level === level);
}

function findLeaks({ run, emulator, sentElsewhere }: CellEnd): string[] {
  const { accessToken, github, artifacts, sitecore } = emulator;
  const all = new Set([
    ...run.masks,
    ...[accessToken, github.token, artifacts.runtimeToken, sitecore.apiToken],
    Buffer.from(`${sitecore.clientKey}:${sitecore.apiToken}`).toString('base64'),
  ]);
  const secrets = [...all].filter((secret) => secret.length > 3);
  const elsewhere = sentElsewhere.join('\n');
  return [
    ...secrets
      .filter((secret) => run.everything.includes(secret))
      .map((_) => 'a secret can be read in what the run left'),
    ...secrets.filter((secret) => elsewhere.includes(secret)).map(() => 'a secret was sent to another host'),
    ...emulator.violations.map(({ message }) => message),
  ];
}

/** Files that no output names. */
function leftOverOf({ outputs }: FinishedRun, files: readonly string[]): string[] {
  const named = new Set(Object.values(outputs).map((value) => basename(value)));
  return files.filter((name) => !named.has(name) && name !== 'node-compile-cache');
}

/** What is made again on purpose, after an answer that was lost: the same bytes, the same rows. */
const MADE_AGAIN: Readonly<Partial<Record<Call, string>>> = {
  createDeployment: 'deployments',
  importRedirects: 'jobs',
  exportRedirects: 'jobs',
  // A location that refuses the file is replaced by that of another batch; nothing was in the first one.
  uploadBatch: 'batches',
  // Where the list is refused, it is stored once more, under another name.
  'artifacts.list': 'artifacts',
};

/** A comment that is said to be gone is replaced by another one. */
function isSaidToBeGone({ row, column: { fault } }: Cell): boolean {
  return row.call === 'github.updateComment' && fault.kind === 'status' && [404, 410].includes(fault.status);
}

function findTwice(cell: Cell, { emulator, madeBefore }: CellEnd, baseline: Baseline): string[] {
  const again = isSaidToBeGone(cell) ? 'comments' : MADE_AGAIN[cell.row.call];
  return Object.entries(countMade(emulator)).flatMap(([what, count]) => {
    const usual = Math.max(baseline.made[what] ?? 0, madeBefore[what] ?? 0);
    return count <= usual || again === what ? [] : [`${count} ${what}, where ${usual} are usual`];
  });
}

const OPEN_STATES: readonly string[] = ['pending', 'queued', 'in_progress'];
/** The calls by which something is closed. */
const CLOSING: readonly Call[] = ['github.updateCheckRun', 'github.updateComment', 'github.createDeploymentStatus'];
/** No right, not shown to this token, gone or locked, not valid (REST API of GitHub, "Troubleshooting"): another try gets the same. */
const FOR_GOOD: readonly number[] = [403, 404, 410, 422];

/** GitHub lets nobody close it; the warning says why. */
function isRefusedForGood({ row, column: { fault, isPersistent } }: Cell): boolean {
  return CLOSING.includes(row.call) && fault.kind === 'status' && isPersistent && FOR_GOOD.includes(fault.status);
}

/** What GitHub still shows as being on its way; the `post` step has a try, as on a runner. */
async function findOpen(cell: Cell, end: CellEnd): Promise<string[]> {
  if (openOn(end.emulator).length === 0 || isRefusedForGood(cell)) return [];
  if (Object.keys(end.run.state).length > 0) await end.runPost();
  return openOn(end.emulator);
}

function openOn({ github }: Emulator): string[] {
  return [
    ...github.deployments
      .filter(({ state }) => OPEN_STATES.includes(state))
      .map(({ state }) => `a GitHub deployment is left ${state}`),
    ...github.checkRuns
      .filter(({ status }) => status !== 'completed')
      .map(({ status }) => `a check run is left ${status}`),
    ...github.comments
      .filter(({ body }) => body.includes('No verdict yet'))
      .map(() => 'a comment says that there is no verdict yet'),
  ];
}
