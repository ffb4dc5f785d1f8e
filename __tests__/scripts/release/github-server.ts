/** GitHub's releases of one repository, as https://docs.github.com/rest/releases describes them. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Asset, Release } from '../../../scripts/release/github-releases.ts';
import { onCleanUp } from '../../clean-up.ts';

export const TOKEN = 'ghs_0123456789abcdefghijABCDEFGHIJ';
const PATH = '/repos/acme/catalyst-deploy-action/releases';

export type StoredRelease = Release & { name: string; body: string; make_latest: string };

export interface GitHubServer {
  url: string;
  releases: StoredRelease[];
  /** `POST /releases`, in their order; reading is left out. */
  writes: string[];
  /** As for commits that touch workflows: no draft is pinned to one. */
  refusesPins: boolean;
  /** Called with each write, `POST /releases`, before it is done: `lose` does it and breaks the connection. */
  onWrite: (write: string) => 'lose' | 'fail' | 'forbid' | undefined;
}

/** It is closed after the test. */
export async function startGitHub(): Promise<GitHubServer> {
  const server = createServer((request, response) => {
    void handle(github, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onCleanUp(() => server.close());
  onCleanUp(() => server.closeAllConnections());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const github: GitHubServer = { url, releases: [], writes: [], refusesPins: false, onWrite: () => undefined };
  return github;
}

async function handle(github: GitHubServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Buffer.concat(await request.toArray());
  const url = new URL(request.url ?? '/', github.url);
  const write = `${request.method} ${url.pathname.replace(/^.*(?=\/releases)/, '')}${url.searchParams.get('name') ?? ''}`;
  const isAllowed = request.headers.authorization === `Bearer ${TOKEN}`;
  if (!isAllowed || !/^(?:\/uploads)?\/repos\/acme\/catalyst-deploy-action\/releases/.test(url.pathname)) {
    return send(response, 404, { message: 'Not Found' });
  }
  if (request.method === 'GET') return send(response, 200, page(github.releases, url));
  github.writes.push(write);
  const fault = github.onWrite(write);
  if (fault === 'forbid') return send(response, 403, { message: 'Resource not accessible by integration' });
  if (fault === 'fail') return send(response, 500, { message: 'Server Error' });
  const [status, answer] = change(github, request.method ?? '', url, body);
  if (fault === 'lose') request.socket.destroy();
  else send(response, status, answer);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(status === 204 ? undefined : JSON.stringify(body));
}

function page(releases: readonly StoredRelease[], url: URL): StoredRelease[] {
  const size = Number(url.searchParams.get('per_page') ?? 30);
  const start = (Number(url.searchParams.get('page') ?? 1) - 1) * size;
  return releases.slice(start, start + size);
}

function change(github: GitHubServer, method: string, url: URL, body: Buffer): [number, unknown] {
  const [id, , assetName] = [Number(url.pathname.split('/').at(-1)), 0, url.searchParams.get('name')];
  if (method === 'DELETE') {
    for (const release of github.releases) release.assets = release.assets.filter((asset) => asset.id !== id);
    return [204, undefined];
  }
  if (assetName !== null) return upload(github, Number(url.pathname.split('/').at(-2)), assetName, body);
  const fields = JSON.parse(body.toString('utf8')) as Partial<StoredRelease>;
  if (github.refusesPins && fields.target_commitish !== undefined) {
    return [403, { message: 'Resource not accessible by integration' }];
  }
  if (method === 'POST') {
    const release = addRelease(github, fields);
    return [201, release];
  }
  const release = github.releases.find((one) => one.id === id);
  if (release === undefined) return [404, { message: 'Not Found' }];
  Object.assign(release, fields);
  return [200, release];
}

export function addRelease(github: GitHubServer, fields: Partial<StoredRelease>): StoredRelease {
  const id = github.releases.length + 1;
  const release: StoredRelease = {
    ...{ id, tag_name: 'v0.0.0', target_commitish: 'main', name: '', body: '', make_latest: 'true' },
    ...{ draft: false, prerelease: false, assets: [] },
    ...{ upload_url: `${github.url}/uploads${PATH}/${id}/assets{?name,label}`, html_url: `https://github.com/r/${id}` },
    ...fields,
  };
  github.releases.unshift(release);
  return release;
}

/** Names are unique, and a published release would be immutable. */
function upload({ releases }: GitHubServer, id: number, name: string, content: Buffer): [number, unknown] {
  const release = releases.find((one) => one.id === id);
  if (release === undefined) return [404, { message: 'Not Found' }];
  const isTaken = release.assets.some((asset) => asset.name === name);
  if (!release.draft || isTaken) return [422, { message: 'Validation Failed' }];
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  const asset: Asset = { id: id * 1000 + release.assets.length, name, state: 'uploaded', digest };
  release.assets.push(asset);
  return [201, asset];
}
