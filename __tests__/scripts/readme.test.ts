/** The README: short, and what it tells people to copy is right. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readQuickStart } from '../../scripts/e2e/quick-start.ts';
import { readPage } from '../../scripts/markdown-links.ts';
import { actionStepProblems, ourAction, readActions } from './action-steps.ts';
import type { Workflow } from './workflow-rules.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const README = join(ROOT, 'README.md');
const MAX_BYTES = 10_240;
const TEXT = readFileSync(README, 'utf8');
const ACTIONS = readActions(ROOT);

test(`it has at most ${MAX_BYTES} bytes`, () => {
  expect(statSync(README).size).toBeLessThanOrEqual(MAX_BYTES);
});

test('its table links to each action', () => {
  const { links } = readPage(TEXT);
  const folders = readdirSync(ROOT).filter((name) => existsSync(join(ROOT, name, 'action.yml')));
  expect(links).toEqual(expect.arrayContaining(folders.map((name) => `${name}/README.md`)));
});

test('it explains the ten inputs that most need, all of which are there', () => {
  const section = TEXT.split(/^## /m).find((text) => text.startsWith('The inputs that most need')) ?? '';
  const cells = [...section.matchAll(/^\| (`.*?) \|/gm)].map(([, cell = '']) => cell);
  const names = cells.flatMap((cell) => [...cell.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name));
  expect(names).toHaveLength(10);
  expect(names.filter((name) => !Object.hasOwn(ACTIONS.get('')?.inputs ?? {}, name))).toEqual([]);
});

test('it names six troubles', () => {
  const section = TEXT.split(/^## /m).find((text) => text.startsWith('When it is red')) ?? '';
  expect(section.match(/^\| .* \|$/gm)).toHaveLength(2 + 6);
});

test('the workflow of its quick start reads what the table sets, and nothing else', () => {
  const { workflow, commands } = readQuickStart(TEXT);
  const read = new Set([...workflow.matchAll(/\b(vars|secrets)\.(\w+)/g)].map(([, kind, name]) => `${kind} ${name}`));
  const set = commands.map(({ kind, name }) => `${kind === 'variable' ? 'vars' : 'secrets'} ${name}`);
  expect(set.sort()).toEqual([...read].sort());
});

test('the workflow gives the deploy action only inputs that there are, and its permissions suffice', () => {
  const { path, workflow } = readQuickStart(TEXT);
  expect(path).toMatch(/^\.github\/workflows\/[\w-]+\.yml$/);
  const { deploy } = (parse(workflow) as Workflow).jobs;
  if (deploy === undefined) throw new Error('the job "deploy" is missing');
  expect(actionStepProblems(deploy, ACTIONS)).toEqual([]);
  expect(deploy.steps.flatMap((step) => ourAction(step)?.folder ?? [])).toEqual(['']);
  expect(deploy.permissions).toEqual({ contents: 'read', deployments: 'write' });
});
