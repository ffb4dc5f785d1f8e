import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { testNames } from './test-names.ts';
import { type NamedTest, readLines } from './threat-model.ts';

/** What docs/threat-model.md claims: each line names tests, and these exist. */

const FOLDER = fileURLToPath(new URL('../../docs', import.meta.url));
const LINES = readLines(readFileSync(join(FOLDER, 'threat-model.md'), 'utf8'));

const known = new Map<string, string[]>();

function isThere({ path, name }: NamedTest): boolean {
  const file = join(FOLDER, path);
  const names = known.get(path) ?? (existsSync(file) ? testNames(readFileSync(file, 'utf8')) : []);
  known.set(path, names);
  return names.includes(name);
}

describe('the threat model', () => {
  test.each([
    ['What there is to protect', 8],
    ["The author of a fork's pull request", 9],
    ['A pusher who may not push to main', 5],
    ['Dependabot', 3],
    ['An npm package in the build', 8],
    ['Platform, storage, Sitecore CDP, GitHub, and what answers in their place', 7],
    ['A proxy, and the network', 4],
    ['Other workflows, and neighbours on a self-hosted runner', 5],
    ['Borders', 6],
    ['What is not defended', 8],
    ['Invariants', 7],
  ])('has its lines under "%s"', (heading, least) => {
    expect(LINES.filter((line) => line.heading === heading).length).toBeGreaterThanOrEqual(least);
  });

  test('names tests in each line, or says why there is none of what is not defended', () => {
    const isSaid = ({ heading, reason }: (typeof LINES)[number]) =>
      heading === 'What is not defended' && reason !== undefined;
    expect(LINES.filter((line) => line.tests.length === 0 && !isSaid(line)).map(({ text }) => text)).toEqual([]);
  });

  test('names tests that exist', () => {
    const missing = LINES.flatMap(({ tests }) => tests).filter((named) => !isThere(named));
    expect(missing).toEqual([]);
  });
});

describe('the names of the tests of a file', () => {
  test('are those of what runs, as they are written', () => {
    const code = `
      const onLinux = process.platform === 'linux' ? test : test.skip;
      describe('a group', () => {
        test('a "quoted" one', async (): Promise<void> => {});
        test.each<[number]>([[1]])('of %i', () => {});
        onLinux(\`on Linux\`, () => {});
      });`;
    expect(testNames(code)).toEqual(['a "quoted" one', 'of %i', 'on Linux']);
    const imported = `import { onPosix } from '../systems.ts'; onPosix('not on Windows', () => {});`;
    expect(testNames(imported)).toEqual(['not on Windows']);
  });

  test('and not of what is skipped, meant to fail, or no test', () => {
    const code = `
      test.skip('skipped', () => {});
      test.skip.each([1])('skipped %i', () => {});
      test.todo('to be written');
      test.failing('failing', () => {});
      describe.each([1])('a group', () => {});
      describe.skip('a group', () => { test('skipped with its group', () => {}); });
      describe.skip.each([1])('a group', () => { test('skipped with each of its groups', () => {}); });
      socket.once('data', () => {});
      test(name, () => {});`;
    expect(testNames(code)).toEqual([]);
  });
});

test('lines are read with their headings and tests', () => {
  const text = [
    '# Title',
    '## One',
    '| what | tests |',
    '| --- | --- |',
    '| **A** claim. | [it `holds`, \\[whole\\]](../__tests__/a.test.ts)<br>[too](../__tests__/b.heavy.test.ts) |',
    '| Another, see [there](#one) | no test: because |',
  ].join('\n');
  expect(readLines(text)).toEqual([
    {
      heading: 'One',
      text: '**A** claim.',
      tests: [
        { path: '../__tests__/a.test.ts', name: 'it `holds`, [whole]' },
        { path: '../__tests__/b.heavy.test.ts', name: 'too' },
      ],
      reason: undefined,
    },
    { heading: 'One', text: 'Another, see [there](#one)', tests: [], reason: 'because' },
  ]);
});
