import type { BodyAnswer } from '../../answers.ts';
import { createGitHubAnswer, createGitHubError, createNodeId, renderTime } from './answers.ts';
import { isObject } from './body-fields.ts';
import type { GitHubEndpoint, GitHubRequest } from './endpoint.ts';
import { REST } from './endpoint.ts';
import type { GitHubToken } from './tokens.ts';
import { renderUser } from './users.ts';

/** GitHub Enterprise Server has GraphQL beside the REST API, not below it. */
export const GRAPHQL = '/:prefix(github|api)/graphql';

/** Whose token it is: GraphQL asks for the viewer, REST for the user. */
export const VIEWER_ENDPOINTS = [
  {
    call: 'github.graphql',
    method: 'POST',
    path: GRAPHQL,
    needs: [],
    docs: '',
    answer: queryGraphql,
  },
  {
    call: 'github.getUser',
    method: 'GET',
    path: `${REST}/user`,
    needs: [],
    docs: '/users/users#get-the-authenticated-user',
    answer: getUser,
  },
] as const satisfies readonly GitHubEndpoint[];

const AUTHENTICATION_DOCS =
  'https://docs.github.com/graphql/guides/forming-calls-with-graphql#authenticating-with-graphql';

/** `query Name($variables) { ... }`, or the selection alone. */
const OPERATION = /^(?:query(?:\s+[_A-Za-z]\w*)?\s*(?:\([^)]*\)\s*)?)?\{(.*)\}$/s;
const VIEWER = /^viewer\s*\{([\s\w]*)\}$/;

/**
 * The one query that it understands asks who the viewer is; any other gets an error, which has the status 200 in GraphQL.
 */
function queryGraphql({ body, token }: GitHubRequest): BodyAnswer {
  if (token === undefined) {
    return createGitHubError(401, 'This endpoint requires you to be authenticated.', AUTHENTICATION_DOCS);
  }
  const query = isObject(body) ? body['query'] : undefined;
  if (typeof query !== 'string') {
    return createGitHubAnswer(200, {
      errors: [{ message: 'A query attribute must be specified and must be a string.' }],
    });
  }
  const selection = OPERATION.exec(normalise(query))?.[1]?.trim();
  if (selection === undefined) return createParseError(query);
  const fields = VIEWER.exec(selection)?.[1]?.trim();
  const [first = ''] = selection.split(/[\s({]/);
  if (fields === undefined) return createFieldError('Query', first, query, ['query', first]);
  return answerViewer(token, fields === '' ? [] : fields.split(/\s+/), query);
}

function answerViewer(token: GitHubToken, fields: readonly string[], query: string): BodyAnswer {
  const { user } = token;
  const known = new Map<string, unknown>(
    Object.entries({
      __typename: user.type === 'Bot' ? 'Bot' : 'User',
      databaseId: user.id,
      id: createNodeId(user.type === 'Bot' ? 'BOT' : 'U', user.id),
      login: user.login,
    }),
  );
  const [unknown] = fields.filter((field) => !known.has(field));
  if (unknown !== undefined) return createFieldError('User', unknown, query, ['query', 'viewer', unknown]);
  if (fields.length === 0) return createParseError(query);
  return createGitHubAnswer(200, {
    data: { viewer: Object.fromEntries(fields.map((field) => [field, known.get(field)])) },
  });
}

/** Without comments; GraphQL ignores commas. */
function normalise(query: string): string {
  return query
    .replaceAll(/#[^\n]*/g, ' ')
    .replaceAll(',', ' ')
    .trim();
}

function createFieldError(typeName: string, fieldName: string, query: string, path: readonly string[]): BodyAnswer {
  return createGitHubAnswer(200, {
    errors: [
      {
        path,
        extensions: { code: 'undefinedField', typeName, fieldName },
        locations: [locate(query, fieldName)],
        message: `Field '${fieldName}' doesn't exist on type '${typeName}'`,
      },
    ],
  });
}

function createParseError(query: string): BodyAnswer {
  const [word = ''] = query.trim().split(/\s/);
  const { line, column } = locate(query, word);
  const message = `Parse error on ${JSON.stringify(word)} (IDENTIFIER) at [${line}, ${column}]`;
  return createGitHubAnswer(200, { errors: [{ message, locations: [{ line, column }] }] });
}

function locate(query: string, word: string): { line: number; column: number } {
  const before = query.slice(0, Math.max(query.indexOf(word), 0)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Only a person's token may ask who it is. */
function getUser({ token, docs, urls }: GitHubRequest): BodyAnswer {
  if (token === undefined) return createGitHubError(401, 'Requires authentication', docs);
  if (token.kind !== 'personal') return createGitHubError(403, 'Resource not accessible by integration', docs);
  const since = renderTime(Date.UTC(2020, 0, 1));
  return createGitHubAnswer(200, {
    ...renderUser(token.user, urls),
    name: null,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 1,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: since,
    updated_at: since,
  });
}
