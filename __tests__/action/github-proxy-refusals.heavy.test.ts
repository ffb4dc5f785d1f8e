/** A real proxy (tinyproxy) that does not let everybody, or everything, through. */
import { expect } from '@jest/globals';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { githubCallsOf, onGitHub, onPullRequest, ownComments, statesOf } from './github-harness.ts';
import { callsOf, failureOf, warningsOf } from './harness.ts';
import { proxied } from './proxied-run.ts';
import { BIGCOMMERCE_HOST, RESULTS_HOST, withTinyproxy } from './tinyproxy.ts';

const USER = 'deploy';
const PASSWORD = 'hunter2-behind.the_wall';
/** As somebody writes it who encodes more than is needed. */
const ENCODED = PASSWORD.replaceAll('-', '%2D').replaceAll('_', '%5F');
const credentials = `${USER} ${PASSWORD}`;
/** Wrong credentials are a 401 to tinyproxy, and none a 407. */
const REFUSED = /the proxy refused the connection with 40[17]\..*Check HTTPS_PROXY and its credentials/s;

function withCredentials(url: string, user: string, password: string): string {
  return url.replace('http://', `http://${user}:${password}@`);
}

function expectNoPassword(run: FinishedRun): void {
  const token = (password: string) => Buffer.from(`${USER}:${password}`).toString('base64');
  for (const secret of [PASSWORD, ENCODED, 'wrong-password', token(PASSWORD), token(ENCODED), token('wrong-password')])
    expect(run.everything).not.toContain(secret);
}

withTinyproxy.each([
  { form: 'as they are', tls: true, password: PASSWORD },
  { form: 'percent-encoded', tls: true, password: ENCODED },
  { form: 'as they are', tls: false, password: PASSWORD },
])('a proxy with credentials gets them from every client ($form, tls: $tls), and no output does', async (given) => {
  const { tls, password } = given;
  const { emulator, proxy, run } = await proxied({ tls, credentials });
  const url = withCredentials(proxy.url, USER, password);
  const variables = { [tls ? 'HTTPS_PROXY' : 'HTTP_PROXY']: url };
  const inputs = { ...run(variables).inputs, 'upload-artifact': 'true' };
  await onPullRequest({ ...run(variables), inputs });
  const finished = await onPullRequest({ ...run({ ...variables, GITHUB_RUN_ATTEMPT: '2' }), inputs });
  expect(warningsOf(finished)).not.toMatch(/GitHub|comment|artifact/i);
  expect(finished.outputs).toMatchObject({ outcome: 'deployed' });
  expect(finished.outputs['artifact-id']).toMatch(/^\d+$/);
  expect(statesOf(emulator).at(-1)).toEqual(['in_progress', 'success']);
  expect(ownComments(emulator)).toHaveLength(1);
  expect(githubCallsOf(emulator)).toContain('github.graphql');
  expectNoPassword(finished);
  for (const { headers } of emulator.requests) expect(headers['proxy-authorization']).toBeUndefined();
});

withTinyproxy.each([
  { name: 'wrong credentials', user: USER, password: 'wrong-password' },
  { name: 'no credentials', user: undefined, password: undefined },
])('with $name the deployment ends at BigCommerce with what to do, and nothing gets through', async (given) => {
  const { user, password } = given;
  const { emulator, proxy, internet, run } = await proxied({ tls: true, credentials });
  const url = user === undefined ? proxy.url : withCredentials(proxy.url, user, password);
  const inputs = { ...run({}).inputs, 'upload-artifact': 'false', 'github-deployment': 'false' };
  const finished = await onGitHub({ ...run({ https_proxy: url }), inputs });
  expect(finished.exitCode).toBe(1);
  expect(finished.outputs['outcome']).toBe('error');
  expect(failureOf(finished).message).toMatch(REFUSED);
  expect(internet.passed).toEqual([]);
  expect(emulator.requests).toEqual([]);
  expectNoPassword(finished);
});

withTinyproxy(
  'with wrong credentials the first error is still BigCommerce’s, and GitHub has its warnings',
  async () => {
    const { emulator, proxy, run } = await proxied({ tls: true, credentials });
    const finished = await onGitHub(run({ https_proxy: withCredentials(proxy.url, USER, 'wrong-password') }));
    expect(finished.outputs['outcome']).toBe('error');
    expect(failureOf(finished).message).toMatch(REFUSED);
    expect(warningsOf(finished)).toMatch(/GitHub deployment could not be made.*proxy/s);
    // Nothing was deployed, so that nobody will want to go back to it: a line of the log, and no warning.
    expect(finished.lines.join('\n')).toMatch(/bundle was not stored as an artifact.*It is tried again at the end\./i);
    expect(emulator.requests).toEqual([]);
    expectNoPassword(finished);
  },
);

withTinyproxy(
  'a proxy that refuses GitHub alone leaves the deployment green, with a warning for each that is missing',
  async () => {
    const { emulator, proxy, internet, run } = await proxied({ tls: true, allowed: [BIGCOMMERCE_HOST] });
    const finished = await onGitHub(run({ https_proxy: proxy.url }));
    expect(finished.exitCode).toBe(0);
    expect(finished.outputs['outcome']).toBe('deployed');
    const warnings = finished.annotations.filter(({ level }) => level === 'warning').map(({ message }) => message);
    expect(warnings).toHaveLength(2);
    expect(warnings.join('\n')).toMatch(/GitHub deployment could not be made.*api\.github\.test.*proxy/);
    expect(warnings.join('\n')).toMatch(/bundle was not stored as an artifact.*HTTPS_PROXY/);
    expect(internet.hosts()).toEqual([BIGCOMMERCE_HOST]);
    expect(callsOf(emulator).filter((call) => /^(github|artifacts)\./.test(call))).toEqual([]);
  },
);

withTinyproxy('on a pull request, too: one warning for the deployment and one for the comment', async () => {
  const { proxy, run } = await proxied({ tls: true, allowed: [BIGCOMMERCE_HOST] });
  const finished = await onPullRequest(run({ https_proxy: proxy.url }));
  expect(finished.outputs['outcome']).toBe('deployed');
  const warnings = finished.annotations.filter(({ level }) => level === 'warning').map(({ message }) => message);
  expect(warnings).toHaveLength(2);
  expect(warnings.join('\n')).toMatch(/GitHub deployment could not be made.*api\.github\.test.*proxy/);
  expect(warnings.join('\n')).toMatch(/comment on pull request #7 could not be written.*api\.github\.test.*proxy/);
});

withTinyproxy('a proxy that refuses the artifact service alone costs the artifact, and nothing else', async () => {
  const { emulator, proxy, internet, run } = await proxied({
    tls: true,
    allowed: [BIGCOMMERCE_HOST, 'api.github.test'],
  });
  const finished = await onGitHub(run({ https_proxy: proxy.url }));
  expect(finished.outputs['outcome']).toBe('deployed');
  expect(finished.annotations.filter(({ level }) => level === 'warning')).toHaveLength(1);
  expect(warningsOf(finished)).toMatch(/artifact.*ACTIONS_RESULTS_URL.*HTTPS_PROXY/);
  expect(statesOf(emulator)).toEqual([['in_progress', 'success']]);
  expect(emulator.github.deployments[0]?.payload).toMatchObject({ artifact_id: null });
  expect(internet.hosts()).not.toContain(RESULTS_HOST);
});
