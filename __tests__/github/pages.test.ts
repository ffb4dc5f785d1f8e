/** Lists of GitHub's, page by page: each answer names the address of the next one. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { serveRecorded } from '../bigcommerce/small-server.ts';
import { timeoutMs } from '../timeouts.ts';
import { createQuietClient } from './quiet-client.ts';

const asked: string[] = [];
let nextOf: () => string | undefined = () => undefined;
const EMPTY_LIST = { status: 200, body: '{"total_count":0,"artifacts":[]}' };
let answer = EMPTY_LIST;
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  const next = nextOf();
  const link = next === undefined ? {} : { link: `<${next}>; rel="next"` };
  response.writeHead(answer.status, { 'content-type': 'application/json', ...link }).end(answer.body);
});
let origin = '';

// One server for all: `@actions/github` reads its address when it is loaded.
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env['GITHUB_API_URL'] = origin;
});

afterAll(() => {
  delete process.env['GITHUB_API_URL'];
  server.closeAllConnections();
  server.close();
});

/** Reads the artifacts of a run. @param next the address of the next page, if there is one */
async function readPages(next: () => string | undefined): Promise<unknown[]> {
  asked.splice(0);
  nextOf = next;
  const github = await createQuietClient({ token: 'the-token', signal: AbortSignal.timeout(timeoutMs(20_000)) });
  return await Array.fromAsync(github.listRunArtifacts(42));
}

test('the next page is asked for on the same host', async () => {
  expect(await readPages(() => (asked.length === 1 ? `${origin}/next` : undefined))).toEqual([]);
  expect(asked).toEqual([expect.stringContaining('/runs/42/artifacts'), '/next']);
});

test('the token is not sent to another host that is named for the next page', async () => {
  const elsewhere = await serveRecorded(() => ({ json: { total_count: 0, artifacts: [] } }));
  await expect(readPages(() => `${elsewhere.apiOrigin}/next`)).rejects.toMatchObject({
    title: 'GitHub gave no usable answer',
    message: expect.stringMatching(/^Reading the artifacts of run 42: .*the next page is on another host/),
  });
  expect(asked).toHaveLength(1);
  expect(elsewhere.requests).toEqual([]);
});

test('an address that is none leads nowhere', async () => {
  await expect(readPages(() => 'http://[')).rejects.toThrow('the next page is on another host');
  expect(asked).toHaveLength(1);
});

test('a list without an end is an error and does not hang the run', async () => {
  await expect(readPages(() => `${origin}/next`)).rejects.toThrow('a list of more than 500 pages');
  expect(asked).toHaveLength(500);
});

// Octokit makes an empty list of the first ones, and fails itself over the last.
test.each([
  ['null', 200, 'null'],
  ['no content', 204, ''],
  ['false', 200, 'false'],
  ['0', 200, '0'],
  ['a list that lacks its items', 200, '{"total_count":1}'],
])('an answer that is %s is no empty list', async (_, status, body) => {
  answer = { status, body };
  try {
    await expect(readPages(() => undefined)).rejects.toMatchObject({
      title: 'GitHub gave no usable answer',
      message: expect.stringMatching(/^Reading the artifacts of run 42: the answer is not what GitHub documents/),
      fix: expect.stringContaining('GITHUB_API_URL'),
    });
  } finally {
    answer = EMPTY_LIST;
  }
});
