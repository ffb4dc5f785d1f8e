/** The link to the troubleshooting page that a failure carries. */
import { expect, test } from '@jest/globals';
import { helpOn, readHelpPage } from '../../src/report/help.ts';

const USED = { GITHUB_ACTION_REPOSITORY: 'acme/deploy-catalyst', GITHUB_ACTION_REF: 'v1' };
const PAGE = 'https://github.com/acme/deploy-catalyst/blob/v1/docs/troubleshooting.md';

test.each([
  ['on github.com', { ...USED, GITHUB_SERVER_URL: 'https://github.com' }, PAGE],
  ['outside of a runner that says where it is', USED, PAGE],
  ['at a branch with a slash', { ...USED, GITHUB_ACTION_REF: 'fix/a.b' }, PAGE.replace('v1', 'fix/a.b')],
  ['on GitHub Enterprise Server', { ...USED, GITHUB_SERVER_URL: 'https://github.acme.example' }, undefined],
  ['with `uses: ./`', { GITHUB_ACTION_REPOSITORY: '', GITHUB_ACTION_REF: '' }, undefined],
  ['with no variables', {}, undefined],
  ['at a ref that is no part of an address', { ...USED, GITHUB_ACTION_REF: 'v1?a#b' }, undefined],
  ['of a repository that is none', { ...USED, GITHUB_ACTION_REPOSITORY: 'acme/../evil' }, undefined],
])('the page of the action’s own version, %s', (_, env, expected) => {
  expect(readHelpPage(env)).toBe(expected);
});

test('with an address it is a short link, and without one it names page and heading', () => {
  expect(helpOn('401-access-token-refused', PAGE)).toEqual({
    words: 'More on 401',
    url: `${PAGE}#401-access-token-refused`,
  });
  expect(helpOn('401-access-token-refused', undefined)).toEqual({
    words: 'More in docs/troubleshooting.md, "401: access token refused"',
  });
});
