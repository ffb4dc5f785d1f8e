/** The input `summary`: every action has it, and says what is wrong with it. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { InputError } from '../../src/errors.ts';
import { readBatchInputs } from '../../src/inputs/batch-upload.ts';
import { readLogsInputs } from '../../src/inputs/logs.ts';
import { readCleanupInputs } from '../../src/inputs/preview-cleanup.ts';
import { readGateInputs } from '../../src/inputs/preview-gate.ts';
import { readLocalRedirectsInputs, readRedirectsInputs } from '../../src/inputs/redirects.ts';
import { readRollbackInputs } from '../../src/inputs/rollback.ts';
import type { InputSource } from '../../src/inputs/source.ts';
import { summaryOf } from '../../src/inputs/summary.ts';
import { makeSource, readDeployInputs } from './helpers.ts';

const READERS: [string, (source: InputSource) => unknown][] = [
  ['deploy', readDeployInputs],
  ['rollback', readRollbackInputs],
  ['redirects', readRedirectsInputs],
  ['redirects without a token', readLocalRedirectsInputs],
  ['batch-upload', readBatchInputs],
  ['preview-cleanup', readCleanupInputs],
  ['preview-gate', readGateInputs],
  ['logs', (source) => readLogsInputs(source, 0)],
];

function problemOf(read: (source: InputSource) => unknown, summary: string) {
  try {
    read(makeSource({ inputs: { summary } }));
  } catch (error) {
    if (error instanceof InputError) return error.problems.find(({ input }) => input === 'summary');
    throw error;
  }
  return undefined;
}

test.each(READERS)('%s refuses another word than its three', (_, read) => {
  expect(problemOf(read, 'all')).toMatchObject({
    problem: '"all" is not one of the choices.',
    allowed: 'full, short, off.',
  });
  for (const summary of ['', 'full', ' short\n', 'off']) expect(problemOf(read, summary)).toBeUndefined();
});

test.each([
  ['', 'full'],
  ['full', 'full'],
  [' short ', 'short'],
  ['off', 'off'],
  ['OFF', 'full'],
])('%j is %s', (given, expected) => {
  expect(summaryOf({ input: (name) => (name === 'summary' ? given : 'short') })).toBe(expected);
});

test('each action has the input, with the same words', () => {
  const files = readdirSync('.', { withFileTypes: true })
    .map((entry) => (entry.isDirectory() ? `${entry.name}/action.yml` : entry.name))
    .filter((path) => path === 'action.yml' || READERS.some(([name]) => path === `${name}/action.yml`));
  const inputs = files.map((path) => parse(readFileSync(path, 'utf8')).inputs.summary);
  expect(inputs).toHaveLength(7);
  for (const input of inputs) expect(input).toEqual(inputs[0]);
  expect(inputs[0]).toMatchObject({ required: false, default: 'full' });
});
