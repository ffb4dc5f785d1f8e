import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Workflow {
  permissions?: unknown;
  concurrency?: unknown;
  jobs: Record<string, { permissions?: unknown; 'timeout-minutes'?: number; steps: Step[] }>;
}

const FOLDER = fileURLToPath(new URL('../../.github/workflows', import.meta.url));
const PINNED = /uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;

describe.each(readdirSync(FOLDER))('%s', (name) => {
  const text = readFileSync(join(FOLDER, name), 'utf8');
  const workflow = parse(text) as Workflow;
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps);

  test('grants nothing at the top and names what each job needs', () => {
    expect(workflow.permissions).toEqual({});
    expect(jobs.filter((job) => job.permissions === undefined)).toEqual([]);
  });

  test('limits the time of each job, and says what runs at the same time', () => {
    expect(jobs.filter((job) => job['timeout-minutes'] === undefined)).toEqual([]);
    expect(workflow.concurrency).toBeDefined();
  });

  test("pins each third party's action by a full SHA, with the version beside it", () => {
    const lines = text.split('\n').filter((line) => /^\s*(- )?uses: /.test(line) && !line.trim().endsWith('uses: ./'));
    expect(lines.filter((line) => !PINNED.test(line))).toEqual([]);
  });

  test('leaves no credentials behind a checkout', () => {
    const checkouts = steps.filter((step) => step.uses?.startsWith('actions/checkout@'));
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  test('puts no expression into a script', () => {
    expect(steps.filter((step) => step.run?.includes('${{'))).toEqual([]);
  });
});

test('the other YAML of .github can be read', () => {
  const dependabot: unknown = parse(readFileSync(join(FOLDER, '../dependabot.yml'), 'utf8'));
  expect(dependabot).toMatchObject({ version: 2 });
});
