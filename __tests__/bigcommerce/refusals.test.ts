/** What each refusal of the platform advises: the words, the scope, and the input to check. */
import { expect, test } from '@jest/globals';
import {
  explainCreateRefusal,
  explainDeleteRefusal,
  explainImportRefusal,
  explainProjectRefusal,
  explainRefusal,
  explainSiteRefusal,
  type Scope,
} from '../../src/bigcommerce/refusals.ts';

const HOSTING = 'or native hosting is not enabled for the store';
const SITE = 'Channel Settings: modify (store_channel_settings)" or the scope "Sites & Routes: modify (store_sites)';

test.each<[Scope, string, string, string]>([
  [
    'deployments-read',
    'Infrastructure Deployments: read-only (store_infrastructure_deployments_read_only)',
    HOSTING,
    'Check `store-hash` and the deployment. If that is right, native hosting is not enabled',
  ],
  [
    'deployments-manage',
    'Infrastructure Deployments: manage (store_infrastructure_deployments_manage)',
    HOSTING,
    'Check `store-hash`. If that is right, native hosting is not enabled',
  ],
  [
    'projects-read',
    'Infrastructure Projects: read-only (store_infrastructure_projects_read_only)',
    HOSTING,
    'Check `store-hash`. If that is right',
  ],
  [
    'projects-manage',
    'Infrastructure Projects: manage (store_infrastructure_projects_manage)',
    HOSTING,
    'Check `store-hash`. If that is right',
  ],
  [
    'logs-read',
    'Infrastructure Logs: read-only (store_infrastructure_logs_read_only)',
    HOSTING,
    'Check `store-hash` and the project. If that is right',
  ],
  ['content-read', 'Content: read-only (store_v2_content_read_only)', '', 'Check `store-hash` and `api-host`.'],
  ['content-modify', 'Content: modify (store_v2_content)', '', 'Check `store-hash` and `api-host`.'],
  ['channel-site', SITE, '', 'Check `channel-id` and `store-hash`: the store has no such channel'],
])('the scope %s is named by its refusals', (scope, name, orElse, notFound) => {
  const forbidden = explainRefusal(403, scope);
  expect(forbidden).toContain(`The token lacks the scope "${name}"`);
  expect(forbidden).toContain('to the API account (this makes a new token)');
  expect(forbidden.includes(HOSTING)).toBe(orElse !== '');
  expect(forbidden.includes('ask BigCommerce support to enable the feature')).toBe(orElse !== '');
  const missing = explainRefusal(404, scope);
  expect(missing.startsWith(notFound)).toBe(true);
  if (scope !== 'channel-site') expect(missing).toContain(`lacks the scope "${name}".`);
});

test.each([
  [401, 'Make sure that the secret behind `access-token`', 'the token of a store-level API account of this store.'],
  [207, 'carried out only a part of the request (207)', 'run the job again'],
  [423, 'is locked at the moment (423)', 'Run the job again when that is done'],
  [507, "A limit of the store's plan is reached (507)", 'Remove what is no longer needed'],
  [413, 'accepts less at once than was sent', 'the correlation id'],
  [414, 'accepts less at once than was sent', 'the correlation id'],
  [422, 'Correct what the platform names.', 'Correct what the platform names.'],
  [429, 'The rate limit of the store did not clear in time.', 'Run the job again later'],
  [500, 'Run the job again; if this persists', "BigCommerce's status page"],
  [599, 'Run the job again; if this persists', "BigCommerce's status page"],
  [300, 'Check `api-host`', 'the API itself does not redirect'],
  [399, 'Check `api-host`', 'the API itself does not redirect'],
  [400, 'Run the job again with debug logging', 'the correlation id'],
  [499, 'Run the job again with debug logging', 'the correlation id'],
  [299, 'Run the job again with debug logging', 'the correlation id'],
])('%s: %s … %s', (status, what, advice) => {
  const words = explainRefusal(status, 'content-read');
  expect(words).toContain(what);
  expect(words).toContain(advice);
  expect(words).toMatch(/\.$/);
});

test('creating a deployment: the refused field is an input, or else the status counts', () => {
  const project = 'Check `project-uuid`: this store has no such project, or the token does not see it.';
  expect(explainCreateRefusal(422, { project_uuid: 'x', environment_variables: 'y' })).toBe(project);
  expect(explainCreateRefusal(404, { environment_variables: 'x' })).toBe(
    'Check `environment-variables` and `secrets`.',
  );
  expect(explainCreateRefusal(404, {})).toBe(
    'Check `store-hash` and `project-uuid`; else native hosting is not enabled for the store.',
  );
  for (const status of [400, 403, 422, 500]) expect(explainCreateRefusal(status, { other: 'x' })).toBeUndefined();
});

test('creating a project: what is not about its name may be the limit', () => {
  const limit = /^The number of projects that a store may have is limited.*`preview-cleanup` deletes/;
  for (const status of [400, 402, 409, 422, 507]) expect(explainProjectRefusal(status, {})).toMatch(limit);
  const forbidden = explainProjectRefusal(403, {});
  expect(forbidden).toContain('store_infrastructure_projects_manage');
  expect(forbidden).toContain(' Or else: The number of projects that a store may have is limited');
  for (const status of [400, 403, 422]) expect(explainProjectRefusal(status, { name: 'taken' })).toBeUndefined();
  for (const status of [401, 404, 413, 500]) expect(explainProjectRefusal(status, {})).toBeUndefined();
});

test('deleting a project', () => {
  expect(explainDeleteRefusal(404)).toBe(
    'The token sees the project and most likely lacks the scope "Infrastructure Projects: manage (store_infrastructure_projects_manage)": add it to the API account (this makes a new token).',
  );
  expect(explainDeleteRefusal(409)).toBe(
    'A deployment of the project may be in progress: run this again when it has ended.',
  );
  for (const status of [400, 403, 423, 500]) expect(explainDeleteRefusal(status)).toBeUndefined();
});

test('the site of a channel', () => {
  expect(explainSiteRefusal(403, { url: 'x' })).toBe(
    `The token lacks the scope "${SITE}", or both. Add them to the API account (this makes a new token).`,
  );
  const advice = ': give another one as `site-url`, one that belongs to the store and has a certificate.';
  for (const status of [400, 422]) {
    expect(explainSiteRefusal(status, { url: 'x' })).toBe(
      `The platform does not take this address for the site${advice}`,
    );
    expect(explainSiteRefusal(status, {})).toBe(`The platform refused it${advice}`);
  }
  for (const status of [401, 404, 500]) expect(explainSiteRefusal(status, { url: 'x' })).toBeUndefined();
});

test('starting an import', () => {
  for (const status of [400, 422]) {
    expect(explainImportRefusal(status)).toMatch(
      /^The platform did not accept the file as a CSV.*the correlation id\.$/,
    );
  }
  expect(explainImportRefusal(413)).toMatch(/^The platform accepts files of at most 20 MB.*Split the file/);
  for (const status of [401, 403, 404, 500]) expect(explainImportRefusal(status)).toBeUndefined();
});
