import { randomBytes } from 'node:crypto';
import type { BodyAnswer } from '../../answers.ts';
import { createEmptyAnswer } from '../../answers.ts';
import { readJsonBody } from '../../request-body.ts';
import type { Exchange } from '../../service.ts';
import { createGitHubAnswer, createGitHubError, createNotFound, REST_DOCS } from './answers.ts';
import { isObject } from './body-fields.ts';
import type { GitHubEndpoint } from './endpoint.ts';
import { createGitHubFaultAnswer } from './fault-answers.ts';
import type { GitHubOptions } from './options.ts';
import type { Level } from './permissions.ts';
import { isEnough, renderNeeds } from './permissions.ts';
import { GitHubRateLimit } from './rate-limit.ts';
import { createRepository } from './repository.ts';
import { addPullRequest } from './seeding.ts';
import { GitHubStore } from './store.ts';
import type { GitHubToken } from './tokens.ts';
import { Tokens } from './tokens.ts';
import { createUrls, DOTCOM_PREFIX } from './urls.ts';

const JOB_LOGIN = 'github-actions[bot]';
const ENTERPRISE_VERSION = '3.17.0';

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

  /** Also for a request that a fault hits: its answer has the usual headers, which count it. */
  async answer(exchange: Exchange<GitHubEndpoint>): Promise<BodyAnswer> {
    const { record, chunks, faults } = exchange;
    const isBodyInvalid = (await readJsonBody(chunks, record)) === 'invalid';
    const sender = this.#identify(record.headers);
    const headers = this.#createHeaders(exchange, sender);
    // A request that gets no answer does no work either.
    if (faults.answer?.effect === 'hang') return createEmptyAnswer(500);
    const answer = createGitHubFaultAnswer(faults, headers) ?? this.#work(exchange, sender, isBodyInvalid);
    return { ...answer, headers: { ...headers, ...answer.headers } };
  }

  #createHeaders(exchange: Exchange<GitHubEndpoint>, sender: Sender): Record<string, string> {
    const { endpoint } = exchange;
    const token = typeof sender === 'string' ? undefined : sender;
    const hasNeeds = exchange.param('repo') !== '' && token !== undefined;
    return {
      date: new Date(this.store.nowMs()).toUTCString(),
      ...this.#rateLimit.count(token, endpoint.call === 'github.graphql' ? 'graphql' : 'core'),
      'x-github-request-id': createRequestId(),
      'x-github-media-type': 'github.v3; format=json',
      'x-github-api-version-selected': '2022-11-28',
      ...(`/${exchange.param('prefix')}` !== DOTCOM_PREFIX && { 'x-github-enterprise-version': ENTERPRISE_VERSION }),
      ...(hasNeeds && { 'x-accepted-github-permissions': renderNeeds(endpoint.needs, levelOf(endpoint)) }),
    };
  }

  #work(exchange: Exchange<GitHubEndpoint>, sender: Sender, isBodyInvalid: boolean): BodyAnswer {
    const { endpoint, url } = exchange;
    const { headers, body } = exchange.record;
    const docs = `${REST_DOCS}${endpoint.docs}`;
    // GitHub rejects clients that do not say what program they are.
    if ((headers['user-agent'] ?? '') === '') return createForbiddenAgentAnswer();
    if (sender === 'unknown') return createGitHubError(401, 'Bad credentials', REST_DOCS);
    const token = sender === 'nobody' ? undefined : sender;
    const error = this.#checkAccess(exchange, token, docs) ?? checkBody(body, isBodyInvalid, docs);
    if (error !== undefined) return error;
    const urls = createUrls(url.origin, `/${exchange.param('prefix')}`, this.store.repository.fullName);
    const id = Number(exchange.param('id'));
    const name = decode(exchange.param('name'));
    return endpoint.answer({ id, name, url, body, urls, token, docs }, this.store);
  }

  /** The error for a sender that may not do this. What it may not even see is not there. */
  #checkAccess(
    exchange: Exchange<GitHubEndpoint>,
    token: GitHubToken | undefined,
    docs: string,
  ): BodyAnswer | undefined {
    const { repository } = this.store;
    const { endpoint } = exchange;
    const level = levelOf(endpoint);
    if (exchange.param('repo') === '') return undefined;
    const fullName = `${exchange.param('owner')}/${exchange.param('repo')}`;
    const isHere = fullName.toLowerCase() === repository.fullName.toLowerCase();
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

function levelOf({ method }: GitHubEndpoint): Exclude<Level, 'none'> {
  return method === 'GET' ? 'read' : 'write';
}

function checkBody(body: unknown, isInvalid: boolean, docs: string): BodyAnswer | undefined {
  if (isInvalid) return createGitHubError(400, 'Problems parsing JSON', docs);
  if (body === undefined || isObject(body)) return undefined;
  return createGitHubError(400, 'Body should be a JSON object', docs);
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
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
