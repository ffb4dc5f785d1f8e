/** The reusable workflow and the recipes: what their pages say is what the files have. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { actionStepProblems, readActions } from './action-steps.ts';
import type { Job } from './workflow-rules.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

describe('deploy-storefront.yml', () => {
  const { on, jobs } = parse(read('.github/workflows/deploy-storefront.yml')) as {
    on: {
      workflow_call: Record<
        'inputs' | 'secrets' | 'outputs',
        Record<string, { default?: unknown; required?: boolean }>
      >;
    };
    jobs: Record<string, Job>;
  };
  const { inputs, secrets, outputs } = on.workflow_call;
  const page = read('docs/reusable-workflow.md');
  /** The rows of a section's table: name and second cell. */
  const rowsOf = (section: string) => {
    const [, text = ''] = page.split(`\n## ${section}\n`);
    const [own = ''] = text.split('\n## ');
    return [...own.matchAll(/^\| `([\w-]+)` \| ([^|]*)\|/gm)].map(([, name = '', cell = '']) => [name, cell.trim()]);
  };

  test("has the page's inputs, with these defaults", () => {
    const variable = (name: string) => `the variable \`BIGCOMMERCE_${name.toUpperCase().replaceAll('-', '_')}\``;
    const expected = Object.entries(inputs).map(([name, { default: value }]) => {
      if (['store-hash', 'project-uuid', 'channel-id'].includes(name)) return [name, variable(name)];
      return [name, value === '' ? '' : `\`${value}\``];
    });
    expect(rowsOf('Inputs')).toEqual(expected);
  });

  test("has the page's secrets and outputs", () => {
    const expected = Object.entries(secrets).map(([name, { required }]) => [name, required === true ? 'required' : '']);
    expect(rowsOf('Secrets')).toEqual(expected);
    const [, text = ''] = page.split('\n## Outputs\n');
    const [sentence = ''] = text.split(', for a job');
    expect([...sentence.matchAll(/`([\w-]+)`/g)].map(([, name]) => name)).toEqual(Object.keys(outputs));
  });

  test('uses each input and secret, and only what the actions have', () => {
    const body = JSON.stringify(jobs);
    const names = [
      ...Object.keys(inputs).map((name) => `inputs.${name}`),
      ...Object.keys(secrets).map((name) => `secrets.${name}`),
    ];
    expect(names.filter((name) => !new RegExp(`\\b${name}(?![\\w-])`).test(body))).toEqual([]);
    const actions = readActions(ROOT);
    expect(Object.values(jobs).flatMap((job) => actionStepProblems(job, actions))).toEqual([]);
  });

  test('the callers on its page give what it needs, and nothing that it does not know', () => {
    const blocks = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(
      ([, text = '']) => parse(text) as { jobs: object },
    );
    const callers = blocks.flatMap((block) => Object.values(block.jobs)) as Record<
      'with' | 'secrets',
      object | undefined
    >[];
    expect(callers.length).toBe(3);
    const needed = Object.keys(secrets).filter((name) => secrets[name]?.required === true);
    for (const caller of callers) {
      expect(Object.keys(caller.secrets ?? {})).toEqual(expect.arrayContaining(needed));
      expect(Object.keys(caller.with ?? {}).filter((name) => !(name in inputs))).toEqual([]);
    }
  });
});

test("the recipes on the result's page are the steps of notification.yml, word by word", () => {
  const example = read('examples/notification.yml');
  const [, recipes = ''] = read('docs/result.md').split('\n## Messages\n');
  const steps = [...recipes.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);
  expect(steps.map((step) => /- name: (.*)/.exec(step)?.[1])).toEqual(['Tell Slack', 'Tell Teams']);
  for (const step of steps) expect(example).toContain(step);
});

test('a message goes out whatever happened, and no webhook is in a script or an output', () => {
  const { jobs } = parse(read('examples/notification.yml')) as { jobs: Record<string, Job> };
  const steps = (jobs['deploy']?.steps ?? []).filter(({ run }) => run?.includes('curl'));
  expect(steps.map((step) => Reflect.get(step, 'if'))).toEqual(
    steps.map(() => "always() && steps.deploy.outputs.result != ''"),
  );
  expect(steps).toHaveLength(2);
  expect(steps.map(({ run }) => run).join('\n')).not.toContain('secrets.');
});
