/**
 * Runs this repository's actions as an example gives them their inputs: each `${{ … }}` gets the value that GitHub
 * would.
 */
import { fileURLToPath } from 'node:url';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun, RunOptions } from '../../scripts/action-runner.ts';
import { settingOf } from '../../scripts/e2e/settings.ts';
import { ourAction } from '../scripts/action-steps.ts';
import { readWorkflow, type Step } from '../scripts/workflow-rules.ts';
import { onGitHub } from './github-harness.ts';

const FOLDER = fileURLToPath(new URL('../../examples', import.meta.url));

export interface ExampleRun {
  emulator: Emulator;
  event: { name: string; payload: unknown };
  workspace: string;
  env?: RunOptions['env'];
  /** Values of expressions beside those of `vars`, `secrets` and `github.event`. */
  values?: Readonly<Record<string, string>>;
}

/** The steps of a job that use an action of this repository. */
export function ourSteps(file: string, job: string): Step[] {
  const steps = readWorkflow(FOLDER, file).workflow.jobs[job]?.steps ?? [];
  return steps.filter((step) => ourAction(step) !== undefined);
}

/** Runs one of them. Besides, it only gets the platform's host, from the environment. */
export async function runStep(
  step: Step,
  { emulator, event, workspace, env, values }: ExampleRun,
): Promise<FinishedRun> {
  const resolve = createValues(emulator, event.payload, values ?? {});
  const inputs = Object.entries(step.with ?? {}).map(([name, given]) => [
    name,
    String(given).replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => resolve(expression)),
  ]);
  return await onGitHub({
    emulator,
    event,
    workspace,
    action: ourAction(step)?.folder || '.',
    reaching: {},
    inputs: Object.fromEntries(inputs),
    env: { CATALYST_API_HOST: emulator.origin, ...env },
  });
}

function createValues(emulator: Emulator, payload: unknown, values: Readonly<Record<string, string>>) {
  return (expression: string): string => {
    const given = Object.hasOwn(values, expression) ? values[expression] : undefined;
    const found = given ?? settingOf(expression, emulator) ?? fieldOf(expression, payload);
    if (found === undefined) throw new Error(`no value is known for \${{ ${expression} }}`);
    return found;
  };
}

function fieldOf(expression: string, payload: unknown): string | undefined {
  const path = /^github\.event\.([\w.]+)$/.exec(expression)?.[1];
  if (path === undefined) return undefined;
  let value = payload;
  for (const name of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
