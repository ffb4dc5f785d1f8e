/** Shared by the whole-process tests of verification: a storefront that answers what a test wants, written by hand. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Emulator, EmulatorOptions } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { type GitHubRun, githubPlatform, startOnGitHub } from './github-harness.ts';
import { onCleanUp, SMALL_BUILD, storefront } from './harness.ts';

export interface Shop {
  /** `shop.localhost:PORT`, as the platform names it. */
  host: string;
  url: string;
  /** Every request so far. */
  requests: { path: string; headers: Readonly<Record<string, string>>; atMs: number }[];
  /** How often a path was asked. */
  count(path: string): number;
}

/** What a storefront answers: a status, a page, or whatever a handler does. */
export type Answer = number | string | ((request: IncomingMessage, response: ServerResponse) => void);

/** Which build is live: the number of deployments of the project that were completed, from 0. */
export type Answers = (path: string, build: number, count: number) => Answer;

export const HEALTHY_PAGE =
  '<!DOCTYPE html><html><head><title>Shop</title><script src="/_next/static/a.js"></script></head><body>Welcome</body></html>';

/** A page whose failed part React has marked. */
export const BROKEN_PAGE = HEALTHY_PAGE.replace(
  'Welcome',
  '<!--$!--><template data-dgst="1742093158"></template><p>Loading</p><!--/$-->',
);

/**
 * Starts a storefront for a project of the platform, whose address the platform names. `/BUILD_ID` is that of the build
 * that is live, unless `answers` has an answer of its own.
 */
export async function shopFor(emulator: Emulator, answers: Answers, name = 'shop', index = 0): Promise<Shop> {
  const project = emulator.projects[index];
  if (project === undefined) throw new Error(`the emulator has no project ${index}`);
  const before = emulator.deployments.length;
  const live = () =>
    emulator.deployments.slice(before).filter((one) => one.projectUuid === project.uuid && one.status === 'completed')
      .length;
  const requests: Shop['requests'] = [];
  const count = (path: string) => requests.filter((one) => one.path === path).length;
  const port = await listen((request, response) => {
    const path = request.url ?? '';
    requests.push({ path, headers: request.headers as Record<string, string>, atMs: performance.now() });
    const answer =
      path === '/BUILD_ID' ? answerId(answers(path, live(), count(path)), live()) : answers(path, live(), count(path));
    send(answer, request, response);
  });
  const host = `${name}.localhost:${port}`;
  project.deploymentHostnames.push(host);
  return { host, url: `http://${host}`, requests, count };
}

/** The build's own id, unless the answer is not the usual one. */
function answerId(answer: Answer, build: number): Answer {
  return answer === 200 || answer === HEALTHY_PAGE ? plain(buildId(build)) : answer;
}

/** What is in `BUILD_ID` of the nth build that a test deploys. */
export function buildId(build: number): string {
  return `build-${build}`;
}

export function plain(text: string): Answer {
  return (_, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(text);
}

export function redirect(location: string, status = 302): Answer {
  return (_, response) => response.writeHead(status, { location }).end();
}

function send(answer: Answer, request: IncomingMessage, response: ServerResponse): void {
  if (typeof answer === 'function') {
    answer(request, response);
    return;
  }
  const [status, body] = typeof answer === 'number' ? [answer, answer === 200 ? HEALTHY_PAGE : 'no'] : [200, answer];
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(body);
}

/** @returns the port on 127.0.0.1 */
export async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanUp(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

/** The build that a shop of this file knows as the nth. */
export function nthBuild(build: number, files: Readonly<Record<string, string>> = {}): string {
  return storefront({
    ...SMALL_BUILD,
    'worker.js': `export default { version: ${build} };\n`,
    'assets/BUILD_ID': buildId(build),
    ...files,
  });
}

export interface Verified {
  emulator: Emulator;
  shop: Shop;
}

/** A platform whose first project has a storefront. */
export async function verifiedPlatform(answers: Answers, options: EmulatorOptions = {}): Promise<Verified> {
  const emulator = await githubPlatform(options);
  return { emulator, shop: await shopFor(emulator, answers) };
}

export function startVerified({ emulator, inputs, workspace = nthBuild(1), ...rest }: GitHubRun) {
  return startOnGitHub({
    emulator,
    workspace,
    ...rest,
    inputs: { verify: 'auto', 'verify-timeout-seconds': '3', ...inputs },
  });
}

/** Deploys the first build, and verifies it. */
export async function deployVerified(run: GitHubRun): Promise<FinishedRun> {
  return await startVerified(run).finished;
}

/** The last GitHub deployment's statuses, the oldest first. */
export function lastStatuses(emulator: Emulator) {
  return emulator.github.deployments.at(-1)?.statuses ?? [];
}
