import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Job, Step } from './workflow-rules.ts';

export interface ActionFile {
  inputs: Record<string, { required?: boolean; default?: unknown }>;
  outputs: Record<string, unknown>;
}

/** Each action of this repository by its folder, the root's by ''. */
export type ActionFiles = ReadonlyMap<string, ActionFile>;

export function readActions(root: string): ActionFiles {
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = folders.map(({ name }) => name).filter((name) => readdirSync(join(root, name)).includes('action.yml'));
  return new Map(
    ['', ...names].map((name) => {
      const { inputs, outputs } = parse(readFileSync(join(root, name, 'action.yml'), 'utf8')) as Partial<ActionFile>;
      return [name, { inputs: inputs ?? {}, outputs: outputs ?? {} }];
    }),
  );
}

/** `OWNER` stands for the account until the first release. */
const OURS = /^[\w-]+\/catalyst-deploy-action(?:\/([^@]*))?@(.+)$/;

/** The folder and version of an action of this repository; undefined for any other step. */
export function ourAction({ uses }: Step): { folder: string; version: string } | undefined {
  const [, folder = '', version = ''] = OURS.exec(uses ?? '') ?? [];
  return version === '' ? undefined : { folder, version };
}

/** Inputs and outputs that a job uses of this repository's actions, but that their `action.yml` does not have. */
export function actionStepProblems(job: Job, actions: ActionFiles): string[] {
  return [...job.steps.flatMap((step) => stepProblems(step, actions)), ...outputProblems(job, actions)];
}

function stepProblems(step: Step, actions: ActionFiles): string[] {
  const ours = ourAction(step);
  if (ours === undefined) return [];
  const action = actions.get(ours.folder);
  if (action === undefined) return [`${step.uses}: there is no such action`];
  const given = Object.keys(step.with ?? {});
  const unknown = given.filter((name) => !Object.hasOwn(action.inputs, name));
  const missing = Object.entries(action.inputs)
    .filter(([name, input]) => input.required === true && input.default === undefined && !given.includes(name))
    .map(([name]) => name);
  return [
    ...unknown.map((name) => `${step.uses}: it has no input ${name}`),
    ...missing.map((name) => `${step.uses}: it needs the input ${name}`),
  ];
}

function outputProblems(job: Job, actions: ActionFiles): string[] {
  return [...JSON.stringify(job).matchAll(/\bsteps\.([\w-]+)\.outputs\.([\w-]+)/g)].flatMap(
    ([text, id, output = '']) => {
      const step = job.steps.find((one) => one.id === id);
      if (step === undefined) return [`${text}: no step has this id`];
      const ours = ourAction(step);
      if (ours === undefined) return step.run?.includes(`"${output}=`) === true ? [] : [`${text}: it is never set`];
      const outputs = actions.get(ours.folder)?.outputs ?? {};
      return Object.hasOwn(outputs, output) ? [] : [`${text}: ${step.uses} has no such output`];
    },
  );
}
