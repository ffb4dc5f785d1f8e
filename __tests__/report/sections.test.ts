/** What summaries and comments share: how a failure is shown, and long messages. */
import { expect, test } from '@jest/globals';
import { phasesFold } from '../../src/report/run-sections.ts';
import { failureSection, requestFold, shorten } from '../../src/report/sections.ts';
import { RUN } from './run-records.ts';

const REFUSED = {
  title: 'BigCommerce refused the access token (401)',
  message: 'Looking up projects: GET https://api.example/projects answered 401.',
  details: [],
  fix: 'Check the secret behind `access-token`.',
  isRequest: true,
  effect: 'The storefront is unchanged.',
  help: { words: 'More on 401', url: 'https://github.com/acme/action/blob/v1/docs/troubleshooting.md#401' },
};
const ADVICE =
  '**What to do:** Check the secret behind <code>access-token</code>&#46; <a href="https://github.com/acme/action/blob/v1/docs/troubleshooting.md#401">More on 401</a>';

test('a refused request: what changed, what to do with its link; the request itself is folded', () => {
  expect(failureSection(REFUSED)).toBe(`The storefront is unchanged.\n\n${ADVICE}`);
  expect(requestFold(REFUSED)).toBe(
    '<details><summary>The request</summary>\n\nLooking up projects&#58; GET https&#58;//api.example/projects answered 401.\n\n</details>',
  );
});

test('what is no mere request stays open, before what to do', () => {
  const failure = { ...REFUSED, isRequest: false, message: 'The project "shop" does not exist.' };
  expect(failureSection(failure)).toBe(
    `The storefront is unchanged.\n\nThe project &#34;shop&#34; does not exist.\n\n${ADVICE}`,
  );
  expect(requestFold(failure)).toBeUndefined();
});

test('a request without advice is not folded: there would be nothing else', () => {
  const failure = { ...REFUSED, fix: undefined, effect: undefined, help: undefined };
  expect(failureSection(failure)).toBe('Looking up projects&#58; GET https&#58;//api.example/projects answered 401.');
  expect(requestFold(failure)).toBeUndefined();
});

test('without an address the page is named', () => {
  expect(failureSection({ ...REFUSED, help: { words: 'More in docs/troubleshooting.md, "401"' } })).toMatch(
    /<\/code>&#46; More in docs\/troubleshooting.md, &#34;401&#34;\.$/,
  );
});

test('a failure that says nothing has no section', () => {
  expect(failureSection({ title: 'Failed', message: '', details: [], fix: undefined })).toBeUndefined();
  expect(failureSection(undefined)).toBeUndefined();
});

test('the request is in the fold of the phases, before them', () => {
  const phases = [{ title: 'Find project', startMs: 0, endMs: 600, state: 'failed' as const }];
  const fold = phasesFold({ ...RUN, phases, failure: REFUSED });
  expect(fold).toMatch(
    /^<details><summary>The request, and all phases<\/summary>\n\nLooking up projects[^\n]*\n\n\| Phase \|/,
  );
  expect(phasesFold({ ...RUN, phases: [], failure: REFUSED })).toBe(requestFold(REFUSED));
  expect(phasesFold({ ...RUN, phases })).toContain('<summary>Phases (slowest: Find project, 0.6 s)</summary>');
});

test('a message of 6,000 characters is shown whole, a longer one is cut at its end', () => {
  const text = `<${'x'.repeat(5999)}`;
  expect(shorten(text)).toBe(text);
  expect(shorten(`${text}y`)).toBe(`${text}…`);
});
