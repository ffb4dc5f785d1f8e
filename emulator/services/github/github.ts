import { randomBytes } from 'node:crypto';
import type { BodyAnswer } from '../../answers.ts';
import { createGitHubAnswer, createGitHubError, createNotFound, REST_DOCS } from './answers.ts';
import { isObject } from './body-fields.ts';
import type { GitHubRoute } from './endpoints.ts';
import type { Permissions } from './permissions.ts';
import { isEnough, renderNeeds } from './permissions.ts';
import { GitHubRateLimit } from './rate-limit.ts';
import { createRepository } from './repository.ts';
import { addPullRequest } from './seeding.ts';
import type { CommitStatuses } from './store.ts';
import { GitHubStore } from './store.ts';
import type { GitHubToken, NewToken } from './tokens.ts';
import { Tokens } from './tokens.ts';
import { createUrls, DOTCOM_PREFIX } from './urls.ts';

const JOB_LOGIN = 'github-actions[bot]';
const ENTERPRISE_VERSION = '3.17.0';

/** What the embedded GitHub is to be like; everything has a default. */
export interface GitHubOptions {
  /** `owner/name` of the repository that it has (`acme/storefront`). */
  repository?: string;
  /** Whether nothing of it can be seen without a token (true). */
  isPrivate?: boolean;
  /** `main` */
  defaultBranch?: string;
  /** The job's own token; made up unless given. */
  token?: string;
  /** What the job's own token may do: write for all; what a given object leaves out is `none`, as in a workflow. */
  permissions?: Partial<Permissions>;
  tokens?: readonly NewToken[];
  /**
   * Commit statuses of every commit, by context: `{deploy: 'pending'}`, the job that runs. A deployment without its own
   * `required_contexts` waits for all of them, with a 409.
   */
  commitStatuses?: CommitStatuses;
  /** By how much its clock is ahead of the runner's (0), in ms; negative if it is behind. */
  clockAheadMs?: number;
}

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
    const { commitStatuses = { deploy: 'pending' }, clockAheadMs = 0 } = options;
    this.store = new GitHubStore(repository, commitStatuses, clockAheadMs);
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
    const { call, endpoint, prefix, repository, level } = route;
    const sender = this.#identify(headers);
    const token = typeof sender === 'string' ? undefined : sender;
    const needs = repository === undefined || token === undefined ? undefined : endpoint?.needs;
    return {
      date: new Date(this.store.nowMs()).toUTCString(),
      ...this.#rateLimit.count(token, call === 'github.graphql' ? 'graphql' : 'core'),
      'x-github-request-id': createRequestId(),
      'x-github-media-type': 'github.v3; format=json',
      'x-github-api-version-selected': '2022-11-28',
      ...(prefix !== DOTCOM_PREFIX && { 'x-github-enterprise-version': ENTERPRISE_VERSION }),
      ...(needs !== undefined && { 'x-accepted-github-permissions': renderNeeds(needs, level) }),
    };
  }

  answer(input: GitHubCallInput): BodyAnswer {
    const { route, url, headers, body } = input;
    // GitHub refuses clients that do not say what program they are.
    if ((headers['user-agent'] ?? '') === '') return createForbiddenAgentAnswer();
    const sender = this.#identify(headers);
    if (sender === 'unknown') return createGitHubError(401, 'Bad credentials', REST_DOCS);
    const token = sender === 'nobody' ? undefined : sender;
    const refusal = this.#refuse(route, token) ?? refuseBody(input);
    if (refusal !== undefined) return refusal;
    const { endpoint, prefix, id, name, docs } = route;
    if (endpoint === undefined) return createNotFound(docs);
    const urls = createUrls(url.origin, prefix, this.store.repository.fullName);
    return endpoint.handle({ id, name, url, body, urls, token, docs }, this.store);
  }

  /** What the sender may not do. What it may not see is not there. */
  #refuse(route: GitHubRoute, token: GitHubToken | undefined): BodyAnswer | undefined {
    const { repository } = this.store;
    const { docs, endpoint, level } = route;
    if (endpoint === undefined || route.repository === undefined) return undefined;
    const isHere = route.repository.toLowerCase() === repository.fullName.toLowerCase();
    if (!isHere || (token === undefined && repository.isPrivate)) return createNotFound(docs);
    if (!repository.isPrivate && level === 'read' && endpoint.needsToken !== true) return undefined;
    if (token === undefined) return createGitHubError(401, 'Requires authentication', docs);
    if (isEnough(token.permissions, endpoint.needs, level)) return undefined;
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
