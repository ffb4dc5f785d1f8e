import { randomBytes } from 'node:crypto';
import type { BodyAnswer } from '../../answers.ts';
import { createGitHubAnswer, createGitHubError, createNotFound, REST_DOCS } from './answers.ts';
import { isObject } from './body-fields.ts';
import { createClock } from './clock.ts';
import { HANDLERS } from './handlers.ts';
import type { GitHubOptions } from './options.ts';
import { renderNeeds } from './permissions.ts';
import { GitHubRateLimit } from './rate-limit.ts';
import { createRepository } from './repository.ts';
import type { GitHubRoute } from './routes.ts';
import { DOTCOM_PREFIX } from './routes.ts';
import { addPullRequest } from './seeding.ts';
import { GitHubStore } from './store.ts';
import type { GitHubToken } from './tokens.ts';
import { isAllowed, Tokens } from './tokens.ts';
import { createUrls } from './urls.ts';

const JOB_LOGIN = 'github-actions[bot]';
const ENTERPRISE_VERSION = '3.17.0';

/** A request to GitHub, read in full. */
export interface GitHubCallInput {
  route: GitHubRoute;
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: unknown;
  /** The body was not JSON. */
  isBodyInvalid: boolean;
}

/** Who sends a request: `unknown` is a token that this GitHub never gave out. */
type Sender = GitHubToken | 'nobody' | 'unknown';

/** GitHub's REST and GraphQL API, as far as a deployment needs it. */
export class GitHub {
  readonly store: GitHubStore;
  readonly tokens: Tokens;
  readonly #rateLimit = new GitHubRateLimit();

  constructor(options: GitHubOptions = {}) {
    const repository = createRepository(options.repository ?? 'acme/storefront', {
      id: 731_905_112,
      isPrivate: options.isPrivate ?? true,
      isFork: false,
      defaultBranch: options.defaultBranch ?? 'main',
    });
    const clock = createClock(options.clockAheadMs ?? 0);
    this.store = new GitHubStore(repository, options.commitStatuses ?? { deploy: 'pending' }, clock);
    const { users } = this.store;
    users.find(repository.owner, 'Organization');
    users.setRole('mona', 'write');
    const { token, permissions } = options;
    this.tokens = new Tokens(users, { token, login: JOB_LOGIN, permissions });
    for (const more of options.tokens ?? []) this.tokens.add(more);
    addPullRequest(this.store, { number: 7, title: 'Show stock levels on product pages', headRef: 'stock-levels' });
  }

  /** Headers of every answer, that of a fault too. They count the request. */
  createHeaders({ route, headers }: Pick<GitHubCallInput, 'route' | 'headers'>): Record<string, string> {
    const sender = this.#identify(headers);
    const token = typeof sender === 'string' ? undefined : sender;
    return {
      date: new Date(this.store.clock.nowMs()).toUTCString(),
      ...this.#rateLimit.count(token, route.call === 'github.graphql' ? 'graphql' : 'core'),
      'x-github-request-id': createRequestId(),
      'x-github-media-type': 'github.v3; format=json',
      'x-github-api-version-selected': '2022-11-28',
      ...(route.prefix !== DOTCOM_PREFIX && { 'x-github-enterprise-version': ENTERPRISE_VERSION }),
      ...(isGuarded(route) && token !== undefined && { 'x-accepted-github-permissions': renderNeeds(route.needs) }),
    };
  }

  answer(input: GitHubCallInput): BodyAnswer {
    const { route, url, headers } = input;
    // GitHub turns away who does not say what program it is.
    if ((headers['user-agent'] ?? '') === '') return createForbiddenAgentAnswer();
    const sender = this.#identify(headers);
    if (sender === 'unknown') return createGitHubError(401, 'Bad credentials', REST_DOCS);
    const token = sender === 'nobody' ? undefined : sender;
    const refusal = this.#refuse(route, token) ?? refuseBody(input);
    if (refusal !== undefined) return refusal;
    const handler = HANDLERS[route.call];
    if (handler === undefined) return createNotFound(route.docs);
    const urls = createUrls(url.origin, route.prefix, this.store.repository);
    const { id, word, docs } = route;
    return handler({ id, word, url, body: input.body, urls, token, docs }, this.store);
  }

  /** What may not be done, and by whom: what one may not see is not there. */
  #refuse(route: GitHubRoute, token: GitHubToken | undefined): BodyAnswer | undefined {
    const { repository } = this.store;
    const { docs, needs, isWrite } = route;
    if (route.repository === undefined) return undefined;
    const isHere = route.repository.toLowerCase() === repository.fullName.toLowerCase();
    if (!isHere || (token === undefined && repository.isPrivate)) return createNotFound(docs);
    const isOpen = !repository.isPrivate && !isWrite && route.call !== 'github.downloadArtifact';
    if (isOpen) return undefined;
    if (token === undefined) return createGitHubError(401, 'Requires authentication', docs);
    if (isAllowed(token, needs)) return undefined;
    const kind = token.kind === 'personal' ? 'personal access token' : 'integration';
    return createGitHubError(403, `Resource not accessible by ${kind}`, docs);
  }

  #identify(headers: Readonly<Record<string, string>>): Sender {
    const { authorization = '' } = headers;
    if (authorization === '') return 'nobody';
    const token = /^(?:token|bearer)\s+(\S+)$/i.exec(authorization)?.[1];
    return (token === undefined ? undefined : this.tokens.find(token)) ?? 'unknown';
  }
}

function isGuarded({ repository, call }: GitHubRoute): boolean {
  return repository !== undefined && call !== 'github.unknown';
}

function refuseBody({ route, body, isBodyInvalid }: GitHubCallInput): BodyAnswer | undefined {
  if (isBodyInvalid) return createGitHubError(400, 'Problems parsing JSON', route.docs);
  if (body === undefined || isObject(body)) return undefined;
  return createGitHubError(400, 'Body should be a JSON object', route.docs);
}

function createForbiddenAgentAnswer(): BodyAnswer {
  const text =
    'Request forbidden by administrative rules. Please make sure your request has a User-Agent header ' +
    '(https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required).\r\n';
  return { ...createGitHubAnswer(403, ''), headers: { 'content-type': 'text/html' }, body: text };
}

function createRequestId(): string {
  const part = (bytes: number) => randomBytes(bytes).toString('hex').toUpperCase();
  return [part(2), part(3), part(3), part(3), part(4)].join(':');
}
