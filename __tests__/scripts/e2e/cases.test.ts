import { existsSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../emulator/usage-error.ts';
import { parseE2eArguments } from '../../../scripts/e2e/arguments.ts';
import { CASES, NOT_RUN } from '../../../scripts/e2e/cases.ts';
import { examplePath, findWorkflows, listWrittenWorkflows } from '../../../scripts/e2e/written-workflows.ts';

describe('the cases', () => {
  test('run each workflow that is written anywhere, or say why not', () => {
    const covered = CASES.flatMap(({ covers = [] }) => covers);
    const written = listWrittenWorkflows();
    expect(written).toEqual(expect.arrayContaining(['production.yml', 'README.md', 'rollback/README.md#2']));
    expect(written.filter((name) => !covered.includes(name) && !NOT_RUN.has(name))).toEqual([]);
    expect([...covered, ...NOT_RUN.keys()].filter((name) => !written.includes(name))).toEqual([]);
    expect(covered.filter((name) => NOT_RUN.has(name))).toEqual([]);
  });

  test('have names of their own', () => {
    const names = CASES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

test('whole workflows are told from snippets', () => {
  const [snippet, whole] = ['- uses: a/b@v1\n', 'name: X\non: push\njobs:\n  a:\n    steps: []\n'];
  const markdown = ['text', '```yaml', `${snippet}\`\`\``, '', '```sh', 'on:', '```', '```yaml', `${whole}\`\`\``].join(
    '\n',
  );
  expect(findWorkflows(`${markdown}\n`)).toEqual([whole]);
});

test('a workflow is found where it is', () => {
  expect(existsSync(examplePath('production.yml'))).toBe(true);
});

describe('the command line', () => {
  const parse = (...args: string[]) => parseE2eArguments(args, CASES);

  test('without anything, all cases run', () => {
    expect(parse()).toEqual({ cases: CASES, atOnce: undefined });
  });

  test('--only takes parts of names', () => {
    const parsed = parse('--only', 'masks', '--only', 'staging.yml', '--at-once', '3');
    expect(parsed).toMatchObject({
      cases: [{ name: 'staging.yml, for a push' }, { name: 'staging.yml, by hand' }, { name: 'masks' }],
      atOnce: 3,
    });
  });

  test('--help and --list ask for something else', () => {
    expect(parse('--help')).toBe('help');
    expect(parse('--list')).toBe('list');
  });

  test.each([
    [['--only', 'nothing of this'], "No case has 'nothing of this' in its name; --list names them"],
    [['--at-once', '0'], "--at-once must be a whole number from 1 to 99; it is '0'"],
    [['--fast'], "Unknown option '--fast'"],
    [['masks'], "Unexpected argument 'masks'"],
  ])('%j is refused', (args, message) => {
    expect(() => parse(...args)).toThrow(UsageError);
    expect(() => parse(...args)).toThrow(message);
  });
});
