/** GitHub's redirects on its own host are followed, and no others. */
import { createServer } from 'node:http';
import { expect, test } from '@jest/globals';
import { startEmulator } from '../../emulator/server.ts';
import { followOnSameHost } from '../../src/github/same-host-fetch.ts';
import { onCleanUp } from '../clean-up.ts';
import { listenUntil } from '../proxy-server.ts';
import { createQuietClient } from './quiet-client.ts';

type Seen = [method: string, url: string, body: string][];

/** A host whose `/from` leads to `location` with that status. */
async function host(status: number, location: string): Promise<{ origin: string; seen: Seen }> {
  const seen: Seen = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString();
    seen.push([request.method ?? '', request.url ?? '', body]);
    if (request.url === '/from') response.writeHead(status, { location }).end();
    else response.writeHead(200).end('there');
  });
  return { origin: await listenUntil(onCleanUp, server), seen };
}

const follow = followOnSameHost(fetch);

test.each([301, 302, 303, 307, 308])('a GET follows %i on the same host', async (status) => {
  const { origin, seen } = await host(status, '/to');
  const response = await follow(`${origin}/from`, { method: 'GET' });
  expect([response.status, await response.text(), response.url]).toEqual([200, 'there', `${origin}/to`]);
  expect(seen.map(([method, url]) => `${method} ${url}`)).toEqual(['GET /from', 'GET /to']);
});

test.each([307, 308])('a POST follows %i with its body', async (status) => {
  const { origin, seen } = await host(status, '/to');
  expect((await follow(`${origin}/from`, { method: 'POST', body: 'words' })).status).toBe(200);
  expect(seen.at(-1)).toEqual(['POST', '/to', 'words']);
});

test.each([301, 302, 303])('a POST does not follow %i, which would make a GET of it', async (status) => {
  const { origin, seen } = await host(status, '/to');
  expect((await follow(`${origin}/from`, { method: 'POST', body: 'words' })).status).toBe(status);
  expect(seen).toHaveLength(1);
});

test.each([301, 302, 307])('nothing is sent to another host (%i)', async (status) => {
  const other = await host(200, '');
  const { origin } = await host(status, `${other.origin}/to`);
  expect((await follow(`${origin}/from`, { method: 'GET' })).status).toBe(status);
  expect(other.seen).toEqual([]);
});

test('a host that leads in circles is left', async () => {
  const { origin, seen } = await host(302, '/from');
  expect((await follow(`${origin}/from`)).status).toBe(302);
  expect(seen).toHaveLength(4);
});

test('who asks for the redirect itself gets it', async () => {
  const { origin, seen } = await host(302, '/to');
  expect((await follow(`${origin}/from`, { redirect: 'manual' })).status).toBe(302);
  expect(seen).toHaveLength(1);
});

async function client() {
  const emulator = await startEmulator({ stepMs: 10 });
  onCleanUp(() => emulator.close());
  process.env['GITHUB_API_URL'] = emulator.github.apiUrl;
  onCleanUp(() => delete process.env['GITHUB_API_URL']);
  const github = await createQuietClient({
    token: emulator.github.token,
    repository: emulator.github.repository,
    writesComments: true,
  });
  return { emulator, github };
}

// One test: Octokit reads the API's address once in a process.
test('what is no answer is a refusal with an advice: a redirect to another host, a 409 of a list, a server fault', async () => {
  const { emulator, github } = await client();
  const other = await host(200, '');
  emulator.addFault({ call: 'github.updateCheckRun', effect: 'redirect', location: `${other.origin}/to` });
  const update = github.updateCheckRun(1, { conclusion: undefined, title: 'a', summary: 'b', detailsUrl: undefined });
  await expect(update).rejects.toMatchObject({
    status: 302,
    message: expect.stringMatching(/^Updating check run 1: PATCH .* answered 302\. Redirects are not followed/),
    fix: expect.stringContaining('GITHUB_API_URL'),
  });
  expect(other.seen).toEqual([]);

  // Octokit itself would take it for an empty list.
  emulator.addFault({ call: 'github.listPullRequests', effect: 'status', status: 409 });
  const read = async () => {
    for await (const _ of github.listOpenPullRequests()) throw new Error('there is one');
  };
  await expect(read()).rejects.toMatchObject({ status: 409, lastResort: expect.stringContaining('report') });

  emulator.addFault({ call: 'github.getPullRequest', effect: 'status', status: 501 });
  const fix = 'Look at https://www.githubstatus.com.';
  await expect(github.readPullRequest(7)).rejects.toMatchObject({ status: 501, fix });
});
