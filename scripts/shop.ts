/** A storefront on a port of its own, which answers what one wants: for tests, fault matrix and pictures. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Emulator } from '../emulator/emulator.ts';

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

/** What is in `BUILD_ID` of the nth build. */
export function buildId(build: number): string {
  return `build-${build}`;
}

export function plain(text: string): Answer {
  return (_, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(text);
}

export function redirect(location: string, status = 302): Answer {
  return (_, response) => response.writeHead(status, { location }).end();
}

type CleanUp = (cleanUp: () => unknown) => unknown;

/**
 * Starts a storefront for a project of the platform, whose address the platform names. `/BUILD_ID` is that of the build
 * that is live, unless `answers` has an answer of its own.
 */
export async function openShop(
  emulator: Emulator,
  answers: Answers,
  { name = 'shop', index = 0, onCleanUp }: { name?: string; index?: number; onCleanUp: CleanUp },
): Promise<Shop> {
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
  }, onCleanUp);
  const host = `${name}.localhost:${port}`;
  project.deploymentHostnames.push(host);
  return { host, url: `http://${host}`, requests, count };
}

/** The build's own id, unless the answer is not the usual one. */
function answerId(answer: Answer, build: number): Answer {
  return answer === 200 || answer === HEALTHY_PAGE ? plain(buildId(build)) : answer;
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
export async function listen(listener: RequestListener, onCleanUp: CleanUp): Promise<number> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanUp(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}
