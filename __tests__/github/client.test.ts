/** What every call to GitHub goes through: redaction, GitHub's clock, tries, and errors in the user's words. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { GitHubClientOptions } from '../../src/github/calls.ts';
import { createGitHubClock } from '../../src/github/clock.ts';
import type { NewDeployment } from '../../src/github/github.ts';
import { timeoutMs } from '../timeouts.ts';
import '../retries-at-once.ts';

const { createGitHubClient } = await import('../../src/github/client.ts');

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
}

const seen: { url: string; body: string; authorization: string | undefined }[] = [];
let answers: Answer[] = [];
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  seen.push({ url: request.url ?? '', body, authorization: request.headers.authorization });
  const { status = 200, headers = {}, json = {} } = (answers.length > 1 ? answers.shift() : answers[0]) ?? {};
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json));
});

// One server for all: `@actions/github` reads its address when it is loaded.
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  process.env['GITHUB_API_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  seen.splice(0);
});

afterAll(() => {
  delete process.env['GITHUB_API_URL'];
  server.closeAllConnections();
  server.close();
});

async function client(given: readonly Answer[], options: Partial<GitHubClientOptions> = {}) {
  answers = [...given];
  const retries: number[] = [];
  const github = await createGitHubClient({
    token: 'the-token',
    repository: 'acme/shop',
    userAgent: 'test/1',
    signal: AbortSignal.timeout(timeoutMs(20_000)),
    longestWaitMs: 0,
    writesComments: true,
    onRetry: ({ attempt }) => retries.push(attempt),
    redact: (text) => text.replaceAll('hunter2', '***'),
    clock: createGitHubClock(),
    debug: () => {},
    ...options,
  });
  return { github, retries };
}

const CHECK = { id: 5, html_url: 'https://g/5', status: 'completed', external_id: 'e' };
const NEW_CHECK = {
  name: 'Gate',
  sha: 'a'.repeat(40),
  externalId: 'e',
  title: 'T',
  summary: 'S',
  detailsUrl: undefined,
};
const NEW_DEPLOYMENT = {
  ...{ sha: 'a'.repeat(40), environment: 'production', description: 'of hunter2', isTransient: false },
  isProduction: true,
  payload: { bundleSha256: 'b'.repeat(64), bundleBytes: 1, bundleFiles: 1, runId: '1', runAttempt: '1' },
} as unknown as NewDeployment;

test('no text that is sent has a secret in it, however deep; numbers and nothing stay', async () => {
  const { github } = await client([{ status: 201, json: { id: 1 } }]);
  const payload = {
    ...NEW_DEPLOYMENT.payload,
    projectName: 'hunter2',
    projectUuid: 'u',
    workingDirectory: 'x/hunter2',
  };
  await github.createDeployment({ ...NEW_DEPLOYMENT, payload });
  const { body, authorization } = seen[0] ?? { body: '', authorization: '' };
  expect(body).not.toContain('hunter2');
  expect(JSON.parse(body)).toMatchObject({
    description: 'of ***',
    required_contexts: [],
    auto_merge: false,
    payload: { project_name: '***', bundle_size: 1 },
  });
  expect(authorization).toBe('token the-token');
});

test('GitHub’s clock is learnt from its answers, refusals too, and from no proxy’s', async () => {
  const date = new Date(Date.now() + 3_600_000).toUTCString();
  const aheadMs = (clock: { nowMs: () => number }) => clock.nowMs() - Date.now();
  for (const status of [200, 404]) {
    const clock = createGitHubClock();
    const other = { status, json: CHECK, headers: { date } };
    const { github } = await client([other], { clock });
    await github.updateCheckRun(5, { ...NEW_CHECK, conclusion: 'success' }).catch(() => {});
    expect(aheadMs(clock)).toBeLessThan(60_000);
    answers = [{ ...other, headers: { date, 'x-github-request-id': 'A:1' } }];
    await github.updateCheckRun(5, { ...NEW_CHECK, conclusion: 'success' }).catch(() => {});
    expect(aheadMs(clock)).toBeGreaterThan(3_500_000);
  }
});

test('a good token that is refused for a moment is tried again, also where the call must not be made twice', async () => {
  const refusal = { status: 401, json: { message: 'Bad credentials' } };
  const { github, retries } = await client([refusal, refusal, { status: 201, json: CHECK }]);
  expect(await github.createCheckRun(NEW_CHECK)).toMatchObject({ id: 5 });
  expect(retries).toEqual([1, 2]);
});

test('a wrong token is refused each time: three tries', async () => {
  const { github } = await client([{ status: 401, json: { message: 'Bad credentials' } }]);
  await expect(github.createCheckRun(NEW_CHECK)).rejects.toMatchObject({
    status: 401,
    fix: 'Check `github-token`, or leave the input out to use the token of the job.',
  });
  expect(seen).toHaveLength(3);
});

test('a fault of GitHub’s is tried again five times in all, and not at all where it might happen twice', async () => {
  const { github } = await client([{ status: 502, json: { message: 'Server Error' } }]);
  await expect(github.updateCheckRun(5, { ...NEW_CHECK, conclusion: 'success' })).rejects.toMatchObject({
    status: 502,
  });
  expect(seen).toHaveLength(5);
  expect(await github.createCheckRun(NEW_CHECK)).toMatchObject({ uncertain: { status: 502 } });
  expect(seen).toHaveLength(6);
});

test('an answer of another shape is named, and not asked for again', async () => {
  const { github } = await client([{ status: 201, json: { ...CHECK, id: 'five' } }]);
  await expect(github.createCheckRun(NEW_CHECK)).rejects.toMatchObject({
    title: 'GitHub gave no usable answer',
    message: expect.stringMatching(/^Creating the check run: the answer is not what GitHub documents \(id: .*\)\.$/),
    fix: 'Check what answers at GITHUB_API_URL; there may be a proxy in between.',
  });
  expect(seen).toHaveLength(1);
});

test('after the end of the job nothing is sent, and the reason is the job’s', async () => {
  const cancelled = new Error('cancelled');
  const { github } = await client([{ json: CHECK }], { signal: AbortSignal.abort(cancelled) });
  await expect(github.createCheckRun(NEW_CHECK)).rejects.toBe(cancelled);
  expect(seen).toEqual([]);
});

test.each(['no address', 'ftp://user:hunter2@api.example'])(
  'GITHUB_API_URL %s is refused without its value',
  async (url) => {
    const env = jest.replaceProperty(process, 'env', { ...process.env, GITHUB_API_URL: url });
    try {
      await expect(client([])).rejects.toMatchObject({
        message: 'GITHUB_API_URL is not an http(s) URL.',
        title: 'GitHub address not usable',
        fix: 'The runner sets it; do not set it in `env:`.',
      });
    } finally {
      env.restore();
    }
  },
);
