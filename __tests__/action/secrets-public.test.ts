/** Public values are unchanged, whatever `secrets` has; and a credential is removed from everything. */
import { expect, test } from '@jest/globals';
import { hrefsOf, onlyComment } from './github-comment-reading.ts';
import { githubPlatform, onPullRequest } from './github-harness.ts';
import { storefront, warningsOf } from './harness.ts';

const PASSWORD = 'correct horse battery staple';

test('values of `secrets` that are a part of public ones leave addresses, ids and outcome unchanged', async () => {
  const emulator = await githubPlatform();
  const project = emulator.projects[0]?.uuid ?? '';
  const secrets = [
    'NODE_ENV=production',
    'AUTH_TRUST_HOST=true',
    'SCHEME=https',
    'DOMAIN=storefront.example',
    `PROJECT=${project}`,
    'OWNER=acme',
    'OUTCOME=deployed',
    `PASSWORD=${PASSWORD}`,
  ];
  const workspace = storefront({ 'worker.js': 'export default { mode: "production" };' });
  const inputs = { secrets: secrets.join('\n'), 'upload-artifact': 'true' };
  const run = await onPullRequest({ emulator, workspace, inputs });
  expect(run.exitCode).toBe(0);
  const url = run.outputs['url'] ?? '';
  expect(url).toMatch(/^https:\/\/[\w.-]+\.storefront\.example$/);
  expect(run.outputs).toMatchObject({ outcome: 'deployed', urls: JSON.stringify([url]), 'project-uuid': project });
  // Beside public values, `result` has free texts, which lose them.
  const { result = '', ...outputs } = run.outputs;
  expect(Object.values(outputs).join('\n')).not.toContain('***');
  expect(JSON.parse(result)).toMatchObject({ outcome: 'deployed', url, urls: [url], project: { uuid: project } });
  expect(emulator.github.deployments[0]?.statuses.at(-1)).toMatchObject({ state: 'success', environmentUrl: `${url}` });
  expect(hrefsOf(onlyComment(emulator).body)).toContain(`${url}/`);
  expect(onlyComment(emulator).body).not.toContain('***');
  expect(hrefsOf(run.summary)).toContain(`${url}/`);
  expect(hrefsOf(run.summary)).not.toContain('***');

  for (const word of ['production', 'true', 'https']) expect(run.masks).not.toContain(word);
  expect(run.masks).toEqual(expect.arrayContaining(['storefront.example', PASSWORD]));
  const warnings = warningsOf(run);
  expect(warnings).toMatch(
    /secrets: the value of NODE_ENV, AUTH_TRUST_HOST, SCHEME is a common word .*`environment-variables`/,
  );
  const named = warnings.match(/secrets: .* everybody can see.*`environment-variables`.*/g) ?? [];
  expect(named).toHaveLength(1);
  for (const part of [
    'PROJECT (output `project-uuid`)',
    'OUTCOME (output `outcome`)',
    'DOMAIN (outputs `url`, `urls`)',
  ]) {
    expect(named[0]).toContain(part);
  }
  expect(named[0]).toContain('OWNER (');
  // A common word occurs in every bundle.
  expect(warnings).not.toMatch(/PASSWORD|worker\.js/);
  expect(run.everything).not.toContain(PASSWORD);
});

test('a credential is removed even from public values, and from everything sent to GitHub', async () => {
  const emulator = await githubPlatform();
  const { accessToken } = emulator;
  emulator.addFault({ call: 'events', effect: 'hostile', times: 'always', text: `${accessToken}.storefront.example` });
  const run = await onPullRequest({
    emulator,
    // The environment's name is sent unchanged, but a value of `secrets` that is also a credential still counts as one.
    inputs: { environment: `review/${emulator.github.token}`, secrets: `TOKEN=${accessToken}` },
  });
  for (const credential of [accessToken, emulator.github.token]) {
    expect(run.everything).not.toContain(credential);
    for (const { call, body } of emulator.requests.filter((request) => request.call.startsWith('github.'))) {
      expect(`${call} ${JSON.stringify(body)}`).not.toContain(credential);
    }
  }
  expect(emulator.github.deployments[0]).toMatchObject({ environment: 'review/***' });
});
