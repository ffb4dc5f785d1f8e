import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type Job, readWorkflow } from '../workflow-rules.ts';

const { workflow, steps, jobs } = readWorkflow(join(import.meta.dirname, '../../../.github/workflows'), 'release.yml');
const { verify, publish } = workflow.jobs as Record<string, Job & { needs?: string; environment?: string }>;

const commandsOf = (job: Job | undefined) => job?.steps.flatMap((step) => step.run ?? []);

test('only a tag of a version starts it', () => {
  expect(workflow.on).toEqual({ push: { tags: ['v[0-9]+.[0-9]+.[0-9]+*'] } });
});

test('no run is cancelled for another one, however many wait', () => {
  expect(workflow.concurrency).toMatchObject({ 'cancel-in-progress': false, queue: 'max' });
});

test('the job that runs packages may only read', () => {
  expect(jobs).toHaveLength(2);
  expect(verify?.permissions).toEqual({ contents: 'read' });
  expect(commandsOf(verify)).toEqual(['npm ci --ignore-scripts', 'npm run release -- verify', 'npm test']);
});

test('the job that may write comes after it, behind the gate, and runs no package', () => {
  expect([publish?.needs, publish?.environment]).toEqual(['verify', 'release']);
  expect(publish?.permissions).toEqual({ contents: 'write', 'id-token': 'write', attestations: 'write' });
  expect(commandsOf(publish)).toEqual(['npm run release -- assets', 'npm run release -- publish']);
});

test('the files are attested before they are published', () => {
  const attest = publish?.steps.findIndex((step) => step.uses?.startsWith('actions/attest@'));
  expect(attest).toBe((publish?.steps.length ?? 0) - 2);
  expect(publish?.steps[attest ?? -1]?.with).toEqual({ 'subject-path': 'release-assets/*\ndist/**\n' });
});

test('no cache reaches a release, and main is there with its history', () => {
  const node = steps.filter((step) => step.uses?.startsWith('actions/setup-node@'));
  expect(node.map((step) => step.with?.['package-manager-cache'])).toEqual([false, false]);
  const checkouts = steps.filter((step) => step.uses?.startsWith('actions/checkout@'));
  expect(checkouts.map((step) => step.with?.['fetch-depth'])).toEqual([0, 0]);
});
