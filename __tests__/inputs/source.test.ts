import { resolve } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { createInputSource } from '../../src/inputs/source.ts';

const NAME = 'INPUT_SOURCE-TEST';

afterEach(() => {
  delete process.env[NAME];
});

function create(env: Record<string, string | undefined>) {
  return createInputSource({ env, maskSecret: () => undefined });
}

test('reads an input as the runner gives it, including white space', () => {
  process.env[NAME] = '\n  a\nb \n';
  expect(create({}).input('source-test')).toBe('\n  a\nb \n');
});

test('an absent input is empty', () => {
  expect(create({}).input('source-test')).toBe('');
});

test('the workspace is GITHUB_WORKSPACE, else the current directory', () => {
  expect(create({ GITHUB_WORKSPACE: '/some/where' }).workspace).toBe(resolve('/some/where'));
  expect(create({ GITHUB_WORKSPACE: '' }).workspace).toBe(process.cwd());
  expect(create({}).workspace).toBe(process.cwd());
});

test('passes masks on', () => {
  const masks: string[] = [];
  createInputSource({ env: {}, maskSecret: (value) => void masks.push(value) }).maskSecret('abcd');
  expect(masks).toEqual(['abcd']);
});
