import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';

export interface Step {
  id?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

export interface Job {
  name?: string;
  permissions?: unknown;
  concurrency?: unknown;
  'timeout-minutes'?: number;
  steps: Step[];
}

export interface Workflow {
  name?: string;
  on?: Record<string, unknown>;
  permissions?: unknown;
  concurrency?: unknown;
  jobs: Record<string, Job>;
}

export interface WorkflowFile {
  text: string;
  workflow: Workflow;
  jobs: Job[];
  steps: Step[];
}

export function readWorkflow(folder: string, name: string): WorkflowFile {
  const text = readFileSync(join(folder, name), 'utf8');
  const workflow = parse(text) as Workflow;
  const jobs = Object.values(workflow.jobs);
  return { text, workflow, jobs, steps: jobs.flatMap((job) => job.steps) };
}

/** The checkout's, or as users name it; a file cannot name the commit that it is part of. */
const OURS =
  /uses: (?:\.\/\S*( # zizmor: ignore\[self-repository\] \S.*)?|[\w-]+\/catalyst-deploy-action[/\w-]*@v\d+)$/;
const PINNED = /uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;

/** Rules for our own workflows and for those that people copy. */
export function followsTheRules({ text, workflow, jobs, steps }: WorkflowFile): void {
  test("pins each third party's action by a full SHA, with the version beside it", () => {
    const lines = text.split('\n').filter((line) => /^\s*(- )?uses: /.test(line) && !OURS.test(line.trim()));
    expect(lines.filter((line) => !PINNED.test(line))).toEqual([]);
  });

  // One that is called gets its caller's permissions; a job that names some would lose the others.
  if (Object.keys(workflow.on ?? {}).join() === 'workflow_call') {
    test('leaves the permissions to its caller', () => {
      expect([workflow, ...jobs].filter(({ permissions }) => permissions !== undefined)).toEqual([]);
    });
  } else {
    test('grants nothing at the top and names what each job needs', () => {
      expect(workflow.permissions).toEqual({});
      expect(jobs.filter((job) => job.permissions === undefined)).toEqual([]);
    });
  }

  test('names itself and each job, as GitHub shows them in checks', () => {
    expect([workflow, ...jobs].filter(({ name }) => name === undefined)).toEqual([]);
  });

  test('limits the time of each job, and sets its concurrency', () => {
    expect(jobs.filter((job) => job['timeout-minutes'] === undefined)).toEqual([]);
    expect(workflow.concurrency).toBeDefined();
  });

  test('leaves no credentials behind a checkout', () => {
    const checkouts = steps.filter((step) => step.uses?.startsWith('actions/checkout@'));
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  test('puts no expression into a script', () => {
    expect(steps.filter((step) => step.run?.includes('${{'))).toEqual([]);
  });
}
