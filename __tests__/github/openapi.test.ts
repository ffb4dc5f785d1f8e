import { describe, expect, test } from '@jest/globals';
import { type GitHubRequest, requestProblems } from './openapi.ts';
import { createGraphqlRequest as graphql, createRequest as request } from './openapi-requests.ts';

const STATUS = 'deployments/7/statuses';
const CHECK_RUN = { name: 'Deployment', head_sha: 'c0ffee' };

describe('requests that are fine', () => {
  const deployment = {
    ref: 'c0ffee',
    auto_merge: false,
    required_contexts: [],
    payload: { any: { depth: ['there', 'is'] } },
    environment: 'production',
    description: null,
    transient_environment: false,
    production_environment: true,
  };
  const output = { title: 'Deployed', summary: 'It works', annotations: [] };
  const requests: GitHubRequest[] = [
    request('POST', 'deployments', { body: deployment }),
    request('POST', 'deployments', { body: { ref: 'main', payload: '{"project":"a"}' } }),
    request('GET', 'deployments', { query: { environment: 'production', sha: 'c0ffee', per_page: '100', page: '2' } }),
    request('GET', 'deployments/7'),
    request('DELETE', 'deployments/7'),
    request('POST', STATUS, { body: { state: 'in_progress', log_url: 'https://example.com', auto_inactive: false } }),
    request('POST', STATUS, { body: { state: 'failure', description: 'x'.repeat(140) } }),
    request('GET', STATUS, { query: { per_page: '100' } }),
    request('GET', 'issues/5/comments', { query: { since: '2026-03-04T05:06:07Z' } }),
    request('POST', 'issues/5/comments', { body: { body: 'x'.repeat(65_536) } }),
    request('GET', 'issues/comments/9'),
    request('PATCH', 'issues/comments/9', { body: { body: 'new' } }),
    request('DELETE', 'issues/comments/9'),
    request('POST', 'issues/comments/9/reactions', { body: { content: 'eyes' } }),
    request('DELETE', 'issues/comments/9/reactions/3'),
    request('GET', 'pulls/5'),
    request('GET', 'pulls', { query: { head: 'octo-org:topic', state: 'all' } }),
    request('POST', 'check-runs', { body: { ...CHECK_RUN, status: 'in_progress', output } }),
    request('PATCH', 'check-runs/3', { body: { status: 'completed', conclusion: 'success', output } }),
    request('GET', 'collaborators/octocat/permission'),
    request('GET', 'actions/runs/11/artifacts', { query: { name: 'bundle' } }),
    request('GET', 'actions/artifacts/12'),
    request('GET', 'actions/artifacts/12/zip', { headers: { authorization: 'Bearer secret' } }),
    request('GET', '/api/v3/repos/octo-org/storefront/pulls/5', { headers: { accept: 'application/json' } }),
    request('GET', 'pulls/5', { headers: { 'x-github-api-version': '2022-11-28' } }),
    request('GET', 'pulls/5', { headers: { 'x-github-api-version': '2026-03-10' } }),
    graphql({ query: 'query { viewer { login } }' }),
    graphql({ query: '{viewer{login}}', variables: {} }),
    request('POST', '/api/graphql', { body: { query: 'query Me {\n  viewer {\n    login\n  }\n}\n' } }),
  ];

  test.each(requests.map((one) => [`${one.method} ${one.path}`, one] as const))('%s', async (_, one) => {
    expect(await requestProblems(one)).toEqual([]);
  });
});
