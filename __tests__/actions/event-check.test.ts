/** What a run may be for: the event, where no input says it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  branchWarning,
  closedWarning,
  DEPLOYING,
  type Doing,
  noRollbackWarning,
  ROLLING_BACK,
  redirectsWarning,
  requirePurpose,
  rollbackWarning,
  WRITING_REDIRECTS,
} from '../../src/actions/event-check.ts';
import { EVENT_ROWS, eventMeaning } from '../../src/domain/workflow-events.ts';
import { ActionError } from '../../src/errors.ts';
import { readWorkflowEvent, type WorkflowEvent } from '../../src/github/event.ts';
import type { StatedPurpose } from '../../src/inputs/purpose.ts';
import { temporaryFolder } from '../clean-up.ts';
import { EVENT_KINDS, OWN, workflowRun } from '../github/event-kinds.ts';

const SILENT: StatedPurpose = { environment: undefined, pullRequest: undefined, dryRun: false };
let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(() => {
  delete process.env['GITHUB_EVENT_PATH'];
});

async function eventOf(name: string, payload: unknown, env: Record<string, string> = {}): Promise<WorkflowEvent> {
  const path = join(folder, 'event.json');
  writeFileSync(path, JSON.stringify(payload));
  process.env['GITHUB_EVENT_PATH'] = path;
  const event = await readWorkflowEvent({ GITHUB_REPOSITORY: OWN, GITHUB_EVENT_NAME: name, ...env });
  if (event === undefined) throw new Error('no event');
  return event;
}

function refusalOf(event: WorkflowEvent, doing: Doing, stated: Partial<StatedPurpose> = {}): ActionError | undefined {
  try {
    requirePurpose(event, { ...SILENT, ...stated }, doing);
    return undefined;
  } catch (error) {
    if (error instanceof ActionError) return error;
    throw error;
  }
}

test('each row is tried, and more kinds of events than the issue asks for', () => {
  expect(EVENT_KINDS.length).toBeGreaterThanOrEqual(16);
  const tried = new Set(EVENT_KINDS.map(({ name }) => name));
  const alike = ['discussion', 'milestone', 'page_build', 'registry_package', 'image_version', 'public'];
  const rest = [...alike, 'branch_protection_rule', 'fork', 'gollum'];
  expect(EVENT_ROWS.map(({ event }) => event).filter((name) => !tried.has(name) && !rest.includes(name))).toEqual([]);
});

test('an event that means nothing by itself says why', () => {
  expect(EVENT_ROWS.filter(({ means, because }) => means !== 'production' && because === undefined)).toEqual([]);
});

describe.each(EVENT_KINDS)('$kind', ({ name, payload, env, means, because }) => {
  test('may mean', async () => {
    const event = await eventOf(name, payload, env);
    expect(eventMeaning(event).means).toBe(means);
    expect(event.isPullRequest).toBe(means === 'pull-request');
  });

  test('deploys, or says which input it takes', async () => {
    const event = await eventOf(name, payload, env);
    const refusal = refusalOf(event, DEPLOYING);
    if (means !== 'nothing') return expect(refusal).toBeUndefined();
    expect(refusal?.message).toMatch(because ?? /^$/);
    if (name !== '') expect(refusal?.message).toContain(`\`${name}\``);
    expect(refusal?.fix).toMatch(/`environment`.*`pull-request`/s);
    for (const stated of [{ environment: 'staging' }, { pullRequest: '7' }, { dryRun: true }]) {
      expect(refusalOf(event, DEPLOYING, stated)).toBeUndefined();
    }
  });

  test('rolls production back, or says that it takes `environment`', async () => {
    const event = await eventOf(name, payload, env);
    const refusal = refusalOf(event, ROLLING_BACK);
    if (means !== 'nothing') return expect(refusal).toBeUndefined();
    expect(refusal?.fix).toContain('`environment`');
    expect(refusal?.fix).not.toContain('pull-request');
    expect(refusalOf(event, ROLLING_BACK, { environment: 'production' })).toBeUndefined();
    expect(refusalOf(event, ROLLING_BACK, { pullRequest: '7' })).toBeDefined();
  });

  test('changes redirects, or says that it takes `environment`', async () => {
    const event = await eventOf(name, payload, env);
    const refusal = refusalOf(event, WRITING_REDIRECTS);
    if (means !== 'nothing') return expect(refusal).toBeUndefined();
    expect(refusal?.fix).toContain('`environment`');
    expect(refusal?.fix).toContain('`command: plan`');
    expect(refusalOf(event, WRITING_REDIRECTS, { environment: 'production' })).toBeUndefined();
  });
});

test.each(EVENT_KINDS.filter(({ name, means }) => /^(push|workflow_run)$/.test(name) && means === 'nothing'))(
  'an event that deploys production, too, is not to be taken out of the workflow: $kind',
  async ({ name, payload, env, kind }) => {
    if (kind === 'workflow_run without its run') return;
    const fix = refusalOf(await eventOf(name, payload, env), DEPLOYING)?.fix;
    expect(fix).not.toContain('Take the event out');
    expect(fix).toMatch(
      /`branches: \[main\]`|`if: github\.event\.workflow_run\.conclusion == 'success' && .* == 'push'`/,
    );
  },
);

test('a repository whose name differs in case alone is the same', async () => {
  const payload = workflowRun({ head_repository: { full_name: OWN.toUpperCase() } });
  expect(refusalOf(await eventOf('workflow_run', payload), DEPLOYING)).toBeUndefined();
});

const PUSHED = { ref: 'refs/heads/staging', repository: { full_name: OWN, default_branch: 'main' } };
const onBranch = (branch: string) => ({ GITHUB_REF: `refs/heads/${branch}`, GITHUB_REF_NAME: branch });

describe('a branch that is not the default one', () => {
  test.each([
    ['a push', 'push', PUSHED],
    ['a run by hand', 'workflow_dispatch', { inputs: {}, repository: PUSHED.repository }],
    ['a run that follows a push', 'workflow_run', workflowRun({ head_branch: 'staging' })],
  ])('%s is warned of, unless an input says what it is', async (_, name, payload) => {
    const event = await eventOf(name, payload, name === 'workflow_run' ? onBranch('main') : onBranch('staging'));
    expect(branchWarning(event, SILENT)).toMatch(/`staging`.*`main`.*`environment`/s);
    for (const stated of [{ environment: 'production' }, { environment: 'staging' }, { pullRequest: '7' }]) {
      expect(branchWarning(event, { ...SILENT, ...stated })).toBeUndefined();
    }
    expect(redirectsWarning(event, SILENT)).toMatch(/`staging`.*`plan`.*`environment`/s);
    expect(redirectsWarning(event, { ...SILENT, environment: 'staging' })).toBeUndefined();
  });

  test.each([
    ['the default one', 'push', PUSHED, onBranch('main')],
    ['a tag', 'push', PUSHED, { GITHUB_REF: 'refs/tags/v1', GITHUB_REF_NAME: 'v1' }],
    ['a tag, on another runner', 'push', PUSHED, { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1' }],
    ["a pull request's merge", 'pull_request', PUSHED, { GITHUB_REF: 'refs/pull/7/merge', GITHUB_REF_NAME: '7/merge' }],
    ['a payload that does not say', 'push', {}, onBranch('staging')],
    ['a run that follows one on the default branch', 'workflow_run', workflowRun(), onBranch('main')],
    ['a run that follows one without a branch', 'workflow_run', workflowRun({ head_branch: null }), onBranch('main')],
  ])('is not %s', async (_, name, payload, env) => {
    expect(branchWarning(await eventOf(name, payload, env), SILENT)).toBeUndefined();
  });
});

describe('a pull request that is closed', () => {
  const closed = (merged: boolean) => ({
    action: 'closed',
    pull_request: { number: 7, state: 'closed', merged, head: { sha: 'a'.repeat(40), repo: { full_name: OWN } } },
  });

  test.each([
    [true, /is merged.*`on: push`.*`environment: production`.*rollback/s],
    [false, /is closed.*`types`/s],
  ])('is warned of where it is no preview of a project of its own (merged: %s)', async (merged, words) => {
    const event = await eventOf('pull_request', closed(merged));
    expect(closedWarning(event, SILENT)).toMatch(words);
    expect(closedWarning(event, { ...SILENT, pullRequest: '7' })).toMatch(words);
    for (const stated of [{ environment: 'production' }, { pullRequest: '8' }]) {
      expect(closedWarning(event, { ...SILENT, ...stated })).toBeUndefined();
    }
  });

  test('and one that is open is not', async () => {
    const payload = { action: 'synchronize', pull_request: { ...closed(false).pull_request, state: 'open' } };
    expect(closedWarning(await eventOf('pull_request', payload), SILENT)).toBeUndefined();
  });
});

test.each([
  ['pull_request', { pull_request: { number: 7, merged: true } }, true],
  ['pull_request_target', {}, true],
  ['issue_comment', { issue: { number: 7, pull_request: {} } }, true],
  ['workflow_run', workflowRun({ event: 'pull_request' }), false],
  ['push', PUSHED, false],
])('what %s deploys to production, a rollback does not take back', async (name, payload, isWarned) => {
  const event = await eventOf(name, payload);
  const warning = noRollbackWarning(event, { ...SILENT, environment: 'Production' });
  if (!isWarned) return expect(warning).toBeUndefined();
  expect(warning).toContain(`\`${name}\``);
  expect(warning).toMatch(/`on: push`.*`upload-artifact: false`/s);
  expect(noRollbackWarning(event, SILENT)).toBeUndefined();
  expect(noRollbackWarning(event, { ...SILENT, environment: 'staging' })).toBeUndefined();
});

test('production that is rolled back for a pull request is warned of', async () => {
  const event = await eventOf('pull_request', {});
  expect(rollbackWarning(event, SILENT)).toMatch(/`if:`.*`environment: production`/s);
  expect(rollbackWarning(event, { ...SILENT, environment: 'production' })).toBeUndefined();
  expect(rollbackWarning(event, { ...SILENT, dryRun: true })).toBeUndefined();
  expect(rollbackWarning(await eventOf('workflow_dispatch', {}), SILENT)).toBeUndefined();
});

test('redirects that a pull request changes before it is merged are warned of', async () => {
  const payload = { pull_request: { number: 7, head: { sha: 'a'.repeat(40) } } };
  const event = await eventOf('pull_request', payload);
  expect(redirectsWarning(event, SILENT)).toMatch(/pull request #7.*`plan`.*`environment`/s);
  expect(redirectsWarning(event, { ...SILENT, environment: 'staging' })).toBeUndefined();
});

test('docs/previews.md names each event, with what it means', () => {
  const page = readFileSync(fileURLToPath(new URL('../../docs/previews.md', import.meta.url)), 'utf8');
  const section = page.split(/^## /m).find((text) => text.startsWith('What a run is for')) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  const rowOf = { production: /\| production \|/, 'pull-request': /\| that pull request/, nothing: /\| nothing/ };
  for (const { event, means } of EVENT_ROWS) {
    const row = rows.filter((line) => line.includes(`\`${event}\``)).join('\n');
    expect({ event, row }).toEqual({ event, row: expect.stringMatching(rowOf[means]) });
  }
});
