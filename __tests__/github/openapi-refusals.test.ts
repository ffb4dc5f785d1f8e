import { describe, expect, test } from '@jest/globals';
import { type GitHubRequest, requestProblems } from './openapi.ts';
import { createGraphqlRequest as graphql, REPOSITORY, createRequest as request } from './openapi-requests.ts';

const STATUS = 'deployments/7/statuses';
const CHECK_RUN = { name: 'Deployment', head_sha: 'c0ffee' };

describe('requests that are not', () => {
  const deploy = (body: unknown) => request('POST', 'deployments', { body });
  const status = (body: unknown) => request('POST', STATUS, { body });
  const comment = (body: unknown) => request('POST', 'issues/5/comments', { body });
  const list = (query: Record<string, string>) => request('GET', 'deployments', { query });
  const headers = (changed: Record<string, string>) => request('GET', 'pulls/5', { headers: changed });
  const unknown = "is not in GitHub's description";
  const noCall = "no such call in GitHub's description:";
  const conclusionMissing = ['body.conclusion is missing'];

  const requests: [string, GitHubRequest, string[]][] = [
    ['a field is missing', deploy({ environment: 'production' }), ['body.ref is missing']],
    ['the body is missing', deploy(undefined), ['body is missing']],
    ['the body is null', deploy(null), ['body must be an object', 'body is missing']],
    ['the body is JSON in JSON', deploy('{"ref":"main"}'), ['body must be an object']],
    ['a field is of the wrong type', deploy({ ref: 7 }), ['body.ref must be string']],
    ['a field is null', status({ state: 'error', log_url: null }), ['body.log_url must be string']],
    ['a number is in a string', deploy({ ref: 'a', auto_merge: 'false' }), ['body.auto_merge must be boolean']],
    [
      'a list is of the wrong type',
      deploy({ ref: 'a', required_contexts: [1] }),
      ['body.required_contexts.0 must be string'],
    ],
    ['a field is unknown', deploy({ ref: 'a', sha: 'c0ffee' }), [`body.sha ${unknown}`]],
    [
      'a value is not listed',
      status({ state: 'done' }),
      ['body.state must be one of error, failure, inactive, in_progress, queued, pending, success'],
    ],
    [
      'a status is too long',
      status({ state: 'error', description: 'x'.repeat(141) }),
      ['body.description must NOT have more than 140 characters'],
    ],
    [
      'a comment is too long',
      comment({ body: 'x'.repeat(65_537) }),
      ['body.body must NOT have more than 65536 characters'],
    ],
    [
      'a new text is too long',
      request('PATCH', 'issues/comments/9', { body: { body: 'x'.repeat(65_537) } }),
      ['body.body must NOT have more than 65536 characters'],
    ],
    ['two things at once', comment({ text: 'hello' }), ['body.body is missing', `body.text ${unknown}`]],
    [
      'nested: a field is missing',
      request('POST', 'check-runs', { body: { ...CHECK_RUN, output: { title: 'a' } } }),
      ['body.output.summary is missing'],
    ],
    [
      'nested: a field is unknown',
      request('PATCH', 'check-runs/3', { body: { output: { summary: 'a', link: 'b' } } }),
      [`body.output.link ${unknown}`],
    ],
    [
      'not a time',
      request('POST', 'check-runs', { body: { ...CHECK_RUN, started_at: 'today' } }),
      ['body.started_at must match format "date-time"'],
    ],
    [
      'completed, but how?',
      request('POST', 'check-runs', { body: { ...CHECK_RUN, status: 'completed' } }),
      conclusionMissing,
    ],
    [
      'completed some time',
      request('POST', 'check-runs', { body: { ...CHECK_RUN, completed_at: '2026-03-04T05:06:07Z' } }),
      conclusionMissing,
    ],
    [
      'a reaction that nobody has',
      request('POST', 'issues/comments/9/reactions', { body: { content: 'ok' } }),
      ['body.content must be one of +1, -1, laugh, confused, heart, hooray, rocket, eyes'],
    ],
    ['a body that nobody reads', request('GET', 'pulls/5', { body: { a: 1 } }), ['the call takes no body']],
    [
      'a body of another type',
      request('POST', 'deployments', { body: { ref: 'a' }, headers: { 'content-type': 'text/plain' } }),
      ['content-type is not application/json'],
    ],
    ['an unknown query parameter', list({ env: 'production' }), [`query.env ${unknown}`]],
    ['per_page is no number', list({ per_page: 'all' }), ['query.per_page must be integer']],
    ['per_page is no whole number', list({ per_page: '1.5' }), ['query.per_page must be integer']],
    ['per_page is empty', list({ per_page: '' }), ['query.per_page must be integer']],
    ['per_page is too much', list({ per_page: '101' }), ['query.per_page must be <= 100']],
    [
      'a state that is not listed',
      request('GET', 'pulls', { query: { state: 'merged' } }),
      ['query.state must be one of open, closed, all'],
    ],
    ['the id is no number', request('GET', 'deployments/latest'), ['path.deployment_id must be integer']],
    ['the format is not zip', request('GET', 'actions/artifacts/12/tar'), ['path.archive_format must be one of zip']],
    ['an unknown path', request('GET', 'branches'), [`${noCall} GET ${REPOSITORY}/branches`]],
    ['an unknown method', request('PUT', 'deployments/7'), [`${noCall} PUT ${REPOSITORY}/deployments/7`]],
    ['a slash too many', request('GET', 'pulls/5/'), [`${noCall} GET ${REPOSITORY}/pulls/5/`]],
    ['no prefix', request('GET', '/repos/a/b/pulls/5'), [`${noCall} GET /repos/a/b/pulls/5`]],
    ['another prefix', request('GET', '/githubs/repos/a/b/pulls/5'), [`${noCall} GET /githubs/repos/a/b/pulls/5`]],
    ['no token', headers({ authorization: '' }), ['authorization holds no token']],
    ['a token alone', headers({ authorization: 'ghs_secret' }), ['authorization holds no token']],
    ['no user agent', headers({ 'user-agent': '' }), ['user-agent is missing']],
    ['any type will do', headers({ accept: '*/*' }), ['accept is no media type of GitHub']],
    [
      'an unknown version',
      headers({ 'x-github-api-version': '2021-01-01' }),
      ['x-github-api-version is none of 2022-11-28, 2026-03-10'],
    ],
    [
      'GraphQL with more',
      graphql({ query: '{ viewer { login email } }' }),
      ['body.query asks for more than viewer { login }'],
    ],
    [
      'GraphQL that changes something',
      graphql({ query: 'mutation { viewer { login } }' }),
      ['body.query asks for more than viewer { login }'],
    ],
    [
      'GraphQL without a query',
      graphql({ variables: [] }),
      ['body.variables must be object', 'body.query must be string'],
    ],
    ['GraphQL with another field', graphql({ query: '{ viewer { login } }', id: 1 }), [`body.id ${unknown}`]],
    ['GraphQL by GET', request('GET', '/github/graphql'), ['GraphQL takes POST, not GET', 'body is missing']],
    [
      'GraphQL with a query parameter',
      graphql({ query: '{ viewer { login } }' }, { query: { a: 'b' } }),
      [`query.a ${unknown}`],
    ],
    [
      'GraphQL below REST',
      request('POST', '/api/v3/graphql', { body: { query: '{ viewer { login } }' } }),
      [`${noCall} POST /api/v3/graphql`],
    ],
  ];

  test.each(requests)('%s', async (_, one, expected) => {
    expect(await requestProblems(one)).toEqual(expected);
  });

  test('without headers each one that is needed is named', async () => {
    expect(await requestProblems({ ...request('GET', 'pulls/5'), headers: {} })).toEqual([
      'authorization is missing',
      'user-agent is missing',
      'accept is no media type of GitHub',
    ]);
  });

  test('no problem repeats the token', async () => {
    const problems = await requestProblems(headers({ authorization: 'ghs_secret', accept: 'ghs_secret' }));
    expect(problems.join()).not.toContain('ghs_secret');
  });
});
