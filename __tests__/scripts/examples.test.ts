import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parse as parseYaml } from 'yaml';
import { missingVariablesWarning } from '../../src/domain/catalyst-variables.ts';
import { parseKeyValue } from '../../src/inputs/key-value.ts';
import { VERSION } from '../../src/version.ts';
import { actionStepProblems, ourAction, readActions } from './action-steps.ts';
import { followsTheRules, readWorkflow, type Step } from './workflow-rules.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = join(ROOT, 'examples');
const ACTIONS = readActions(ROOT);
const PAGE_LINKS = readFileSync(join(ROOT, 'docs/examples.md'), 'utf8').match(
  /(?<=\]\(\.\.\/)examples\/[\w.-]+(?=\))/g,
);
/** Folders of the actions that change something on the platform. */
const CHANGING = ['', 'rollback', 'preview-cleanup', 'redirects', 'batch-upload'];

describe.each(readdirSync(FOLDER))('%s', (name) => {
  const file = readWorkflow(FOLDER, name);
  const { text, workflow, jobs, steps } = file;
  followsTheRules(file);

  test("uses only existing inputs and outputs of this repository's actions", () => {
    expect(jobs.flatMap((job) => actionStepProblems(job, ACTIONS))).toEqual([]);
  });

  test('uses the current major version of our actions', () => {
    const versions = steps.flatMap((step) => ourAction(step)?.version ?? []);
    expect(versions.filter((version) => version !== `v${VERSION.split('.')[0]}`)).toEqual([]);
  });

  test('cancels no job that changes something on the platform', () => {
    const changing = jobs.filter((job) => job.steps.some((step) => CHANGING.includes(ourAction(step)?.folder ?? '-')));
    const settings = changing.map((job) => job.concurrency ?? workflow.concurrency);
    const queued = { group: expect.any(String), 'cancel-in-progress': false };
    expect(settings).toEqual(settings.map(() => queued));
  });

  test('says at its top what to replace, and which variables and secrets it reads', () => {
    const [head = '', body = ''] = text.split(/^name: /m);
    expect(head.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
    if (body.includes('OWNER/')) expect(head).toContain('Replace OWNER');
    const read = [...body.matchAll(/\b(?:vars|secrets)\.(\w+)/g)].map(([, variable = '']) => variable);
    expect(read.filter((variable) => !new RegExp(`\\b${variable}\\b`).test(head))).toEqual([]);
  });

  test('passes the BigCommerce access token only to our actions', () => {
    const others = steps.filter((step) => ourAction(step) === undefined);
    expect(JSON.stringify(others)).not.toContain('ACCESS_TOKEN }}');
  });

  test('is named in docs/examples.md', () => {
    expect(PAGE_LINKS).toContain(`examples/${name}`);
  });
});

describe('each step that deploys brings what a Catalyst storefront reads', () => {
  test.each(readdirSync(FOLDER))('in %s', (name) => {
    expect(readWorkflow(FOLDER, name).steps.flatMap(missingIn)).toEqual([]);
  });

  test.each(['README.md', 'rollback/README.md', 'preview-gate/README.md', 'docs/migration.md'])('in %s', (name) => {
    const blocks = [...readFileSync(join(ROOT, name), 'utf8').matchAll(/^```yaml\n(.*?)^```/gms)];
    // One with an ellipsis is not meant to be complete.
    const whole = blocks.map(([, block = '']) => block).filter((block) => !block.includes('# …'));
    const steps = whole.flatMap((block) => stepsIn(parseYaml(block)));
    expect(steps.filter(isDeploying).length).toBeGreaterThan(0);
    expect(steps.flatMap(missingIn)).toEqual([]);
  });
});

/** Steps at any depth of a workflow, or of a part of one. */
function stepsIn(value: unknown): Step[] {
  if (typeof value !== 'object' || value === null) return [];
  return [...('uses' in value ? [value as Step] : []), ...Object.values(value).flatMap(stepsIn)];
}

function isDeploying(step: Step): boolean {
  return ['', 'rollback'].includes(ourAction(step)?.folder ?? '-');
}

function missingIn(step: Step): string[] {
  if (!isDeploying(step)) return [];
  const lists = [step.with?.['environment-variables'], step.with?.['secrets']];
  const variables = lists.flatMap((text) => parseKeyValue(String(text ?? '')).entries);
  const given = variables.map(({ key, value }) => ({ type: 'plain_text' as const, key, value }));
  const missing = missingVariablesWarning({ isCatalyst: true }, given);
  return missing === undefined ? [] : [missing];
}

test('there is an example for each action', () => {
  const steps = readdirSync(FOLDER).flatMap((name) => readWorkflow(FOLDER, name).steps);
  const used = new Set(steps.flatMap((step) => ourAction(step)?.folder ?? []));
  expect([...ACTIONS.keys()].filter((folder) => !used.has(folder))).toEqual([]);
});

test('production, rollback and promotion wait for each other', () => {
  const groups = ['production.yml', 'rollback.yml', 'promote.yml'].map(
    (name) => readWorkflow(FOLDER, name).workflow.concurrency,
  );
  expect(groups).toEqual(groups.map(() => expect.objectContaining({ group: 'storefront-production' })));
});

test("the shared preview's gate runs before anything of a pull request is checked out", () => {
  const { steps } = readWorkflow(FOLDER, 'shared-preview.yml');
  expect(ourAction(steps[0] ?? {})?.folder).toBe('preview-gate');
  const checkout = steps.find((step) => step.uses?.startsWith('actions/checkout@'));
  expect(checkout?.with?.['ref']).toContain(' steps.gate.outputs.sha ');
});

describe("a fork's previews", () => {
  const build = readWorkflow(FOLDER, 'fork-previews-build.yml');
  const deploy = readWorkflow(FOLDER, 'fork-previews-deploy.yml');

  test('stage 1 has no secrets, and may write nothing', () => {
    expect(build.text).not.toMatch(/\$\{\{[^}]*\b(?:secrets|vars)\b/);
    expect(build.jobs.map((job) => job.permissions)).toEqual([{ contents: 'read' }]);
  });

  test('stage 2 is started by stage 1, waits for reviewers, and checks nothing out', () => {
    expect(deploy.workflow.on).toEqual({ workflow_run: { workflows: [build.workflow.name], types: ['completed'] } });
    expect(deploy.jobs).toEqual([expect.objectContaining({ environment: 'fork-previews' })]);
    expect(deploy.steps.flatMap((step) => step.uses ?? [])).toEqual([
      expect.stringMatching(/^[\w-]+\/catalyst-deploy-action@/),
    ]);
  });
});

describe('a build and a deployment in jobs of their own', () => {
  const { workflow, text } = readWorkflow(FOLDER, 'separate-jobs.yml');
  const { build, deploy } = workflow.jobs;

  test('the build has no secret of the deployment, and may write nothing', () => {
    expect(build).toMatchObject({ permissions: { contents: 'read' } });
    expect(build).not.toHaveProperty('environment');
    const secrets = [...JSON.stringify(build).matchAll(/\bsecrets\.(\w+)/g)].map(([, name]) => name);
    expect(secrets).toEqual(['BIGCOMMERCE_STOREFRONT_TOKEN']);
    expect(JSON.stringify(build)).not.toContain('github.token');
  });

  test('the deployment checks nothing out, runs nothing of the build, and believes none of its outputs', () => {
    expect(deploy).toMatchObject({ needs: 'build', environment: 'storefront-deploy' });
    expect(deploy?.steps.flatMap((step) => step.uses ?? [])).toEqual([
      expect.stringMatching(/^[\w-]+\/catalyst-deploy-action@/),
    ]);
    const scripts = deploy?.steps.flatMap((step) => step.run ?? []).join('\n');
    expect(scripts).not.toMatch(/\b(?:npm|npx|pnpm|node|unzip)\b/);
    expect(text).not.toContain('needs.build.outputs');
  });

  test('it waits for rollback and promotion as the other one does', () => {
    expect(workflow.concurrency).toEqual(readWorkflow(FOLDER, 'production.yml').workflow.concurrency);
  });
});

describe('actionStepProblems', () => {
  const actions = new Map([['', { inputs: { project: { required: true }, mode: {} }, outputs: { url: {} } }]]);
  const problemsOf = (...steps: Parameters<typeof actionStepProblems>[0]['steps']) =>
    actionStepProblems({ steps }, actions);
  const uses = 'OWNER/catalyst-deploy-action@v0';

  test('reports nothing that fits', () => {
    expect(
      problemsOf({ uses, id: 'a', with: { project: 1 } }, { run: 'x', with: { y: 'steps.a.outputs.url' } }),
    ).toEqual([]);
    expect(problemsOf({ id: 'a', run: 'echo "n=1"' }, { run: 'x', with: { y: 'steps.a.outputs.n' } })).toEqual([]);
  });

  test('names inputs that are unknown or missing, outputs that are never set, and actions and steps that are not there', () => {
    expect(problemsOf({ uses, with: { nope: 1 } })).toEqual([
      `${uses}: it has no input nope`,
      `${uses}: it needs the input project`,
    ]);
    expect(problemsOf({ uses: 'OWNER/catalyst-deploy-action/nope@v0' })).toEqual([
      'OWNER/catalyst-deploy-action/nope@v0: there is no such action',
    ]);
    const asking = { run: 'x', with: { y: 'steps.a.outputs.nope' } };
    expect(problemsOf({ uses, id: 'a', with: { project: 1 } }, asking)).toEqual([
      `steps.a.outputs.nope: ${uses} has no such output`,
    ]);
    expect(problemsOf({ run: 'x', id: 'a' }, asking)).toEqual(['steps.a.outputs.nope: it is never set']);
    expect(problemsOf(asking)).toEqual(['steps.a.outputs.nope: no step has this id']);
  });
});
