import { describe, expect, test } from '@jest/globals';
import { responseProblems } from './openapi.ts';
import { createGraphqlRequest, createRequest } from './openapi-requests.ts';

const REPOSITORY_URL = 'https://api.github.com/repos/octo-org/storefront';

const DEPLOYMENT = {
  id: 7,
  node_id: 'DE_7',
  url: `${REPOSITORY_URL}/deployments/7`,
  sha: 'c0ffee',
  ref: 'main',
  task: 'deploy',
  payload: { project: 'a' },
  environment: 'production',
  description: null,
  creator: null,
  created_at: '2026-03-04T05:06:07Z',
  updated_at: '2026-03-04T05:06:07Z',
  statuses_url: `${REPOSITORY_URL}/deployments/7/statuses`,
  repository_url: REPOSITORY_URL,
};
const ERROR = { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest', status: '401' };

const get = createRequest('GET', 'deployments/7');
const list = createRequest('GET', 'deployments');
const create = createRequest('POST', 'deployments', { body: { ref: 'main' } });
const remove = createRequest('DELETE', 'deployments/7');
const download = createRequest('GET', 'actions/artifacts/12/zip');
const graphql = createGraphqlRequest({ query: '{ viewer { login } }' });

describe('answers that are fine', () => {
  test.each([
    ['an object', get, 200, DEPLOYMENT],
    ['a list', list, 200, [DEPLOYMENT]],
    ['something new', create, 201, DEPLOYMENT],
    ['nothing', remove, 204, undefined],
    ['a place to go', download, 302, ''],
    ['an error that is described', create, 422, { ...ERROR, errors: [{ code: 'custom', message: 'No ref found' }] }],
    ['an error that is described without a body', create, 409, { message: 'Conflict', errors: [{ contexts: [] }] }],
    ['an error that any call can meet', get, 401, ERROR],
    ['a server that is broken', get, 502, '<html>'],
    ['who the token is', graphql, 200, { data: { viewer: { login: 'octocat' } } }],
    ['GraphQL that went wrong', graphql, 200, { data: null, errors: [{ message: 'Something went wrong' }] }],
    ['GraphQL without a token', graphql, 401, ERROR],
    ['GraphQL that is broken', graphql, 502, '<html>'],
  ])('%s', async (_, request, status, body) => {
    expect(await responseProblems(request, status, body)).toEqual([]);
  });
});

describe('answers that are not', () => {
  const { sha: _, ...withoutSha } = DEPLOYMENT;
  const unknown = "is not in GitHub's description";

  test.each([
    ['a field is missing', get, 200, withoutSha, 'answer.sha is missing'],
    ['a field of an item is missing', list, 200, [DEPLOYMENT, withoutSha], 'answer.1.sha is missing'],
    ['a field is unknown', get, 200, { ...DEPLOYMENT, state: 'ok' }, `answer.state ${unknown}`],
    ['the wrong type', get, 200, { ...DEPLOYMENT, id: '7' }, 'answer.id must be integer'],
    ['no address', get, 200, { ...DEPLOYMENT, url: '/7' }, 'answer.url must match format "uri"'],
    ['no time', get, 200, { ...DEPLOYMENT, created_at: 'now' }, 'answer.created_at must match format "date-time"'],
    ['an object for a list', list, 200, DEPLOYMENT, 'answer must be array'],
    ['nothing for an object', get, 200, undefined, 'answer must be object'],
    ['something for nothing', remove, 204, {}, 'repos/delete-deployment answers 204 without a body'],
    ['a status that is not described', get, 201, DEPLOYMENT, 'repos/get-deployment is not described to answer 201'],
    ['an error of another form', get, 401, { error: 'no' }, `answer.error ${unknown}`],
    ['an error that says nothing', create, 409, {}, 'answer.message is missing'],
    ['an error in words', create, 409, 'no', 'answer must be object'],
    [
      'no such call',
      createRequest('GET', '/github/zen'),
      200,
      '',
      "no such call in GitHub's description: GET /github/zen",
    ],
    ['GraphQL without a login', graphql, 200, { data: { viewer: {} } }, 'answer.data.viewer.login is missing'],
    ['GraphQL with nothing', graphql, 200, undefined, 'answer must be object'],
    ['GraphQL with empty errors', graphql, 200, { errors: [{}] }, 'answer.errors must each have a message'],
    ['GraphQL that made something', graphql, 201, { data: {} }, 'GraphQL is not described to answer 201'],
  ])('%s', async (_name, request, status, body, expected) => {
    expect(await responseProblems(request, status, body)).toEqual([expected]);
  });

  test('a value that may be null is otherwise one of those listed', async () => {
    const update = createRequest('PATCH', 'check-runs/3', { body: { output: { summary: 'a' } } });
    const problems = async (conclusion: unknown) =>
      (await responseProblems(update, 200, { conclusion })).filter((problem) =>
        problem.startsWith('answer.conclusion'),
      );
    expect(await problems(null)).toEqual([]);
    expect(await problems('success')).toEqual([]);
    expect(await problems('done')).toHaveLength(1);
  });
});
