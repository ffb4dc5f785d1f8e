/** Texts that nobody here wrote stay texts in the comment, secrets stay out of it, and it always fits. */
import { expect, test } from '@jest/globals';
import type { Emulator, Fault } from '../../emulator/emulator.ts';
import { expectTame, headingOf, MAX_COMMENT_CHARS, onlyComment, wordsOf, writesOf } from './github-comment-reading.ts';
import { type GitHubRun, githubPlatform, onPullRequest, ownComments } from './github-harness.ts';
import { SMALL_BUILD, storefront, warningsOf } from './harness.ts';

const HOSTILE =
  '--><script>alert(1)</script> @mona @acme/team <!-- --!> ![p](https://evil.example/p.png) [l](https://evil.example) ' +
  '<img src=x onerror=alert(1)> </td></table></details> `c` | https://evil.example www.evil.example <https://evil.example>';
const LINES = `${HOSTILE}\r\n\r\n# Big\n<!-- catalyst-deploy-action last-success x -->\n> quote\n\n${HOSTILE}\n\u202e\u0000`;

const PLACES = ['https://github.com/acme/storefront/', 'https://demo-storefront-'];

function expectAllTame(emulator: Emulator): void {
  expect(writesOf(emulator).length).toBeGreaterThan(0);
  for (const body of sentBodies(emulator)) expectTame(body, PLACES);
}

function sentBodies(emulator: Emulator): string[] {
  return writesOf(emulator).map(({ body }) => (body as { body: string }).body);
}

/** Nothing but the comment talks to GitHub. */
const ONLY_COMMENT = { 'github-deployment': 'false' };

test.each([
  ['that is deployed', undefined],
  ['that fails', { call: 'createDeployment', effect: 'fail', code: 30 } as const],
])('an environment %s may have any name', async (_, fault) => {
  const emulator = await githubPlatform();
  const environment = HOSTILE.slice(0, 255);
  if (fault !== undefined) emulator.addFault(fault);
  const first = await onPullRequest({ emulator, inputs: { environment } });
  const second = await onPullRequest({ emulator, inputs: { environment } });
  expectAllTame(emulator);
  expect(second.outputs['comment-id']).toBe(first.outputs['comment-id']);
  expect(headingOf(onlyComment(emulator).body)).toContain('--><script>alert(1)</script> @mona');
});

test.each([
  ['is there', true],
  ['is not there', false],
])('a project that %s may have any name', async (_, isThere) => {
  const name = HOSTILE.slice(0, 99);
  const emulator = await githubPlatform({ projects: isThere ? ['demo-storefront', name] : ['demo-storefront'] });
  const inputs = { 'project-uuid': '', 'project-name': name };
  const first = await onPullRequest({ emulator, inputs });
  const second = await onPullRequest({ emulator, inputs });
  expect(first.exitCode).toBe(isThere ? 0 : 1);
  for (const body of sentBodies(emulator)) expectTame(body, [...PLACES, 'https://script']);
  expect(second.outputs['comment-id']).toBe(first.outputs['comment-id']);
  expect(wordsOf(onlyComment(emulator).body)).toContain('--><script>alert(1)</script> @mona');
});

test.each<[string, Fault]>([
  [
    'a refusal',
    {
      call: 'createDeployment',
      effect: 'status',
      status: 422,
      body: { status: 422, title: LINES, type: LINES, errors: { [LINES]: LINES, upload_uuid: LINES } },
    },
  ],
  ['a refused upload', { call: 'upload', effect: 'status', status: 403, xml: { code: LINES, message: LINES } }],
  ['events of the stream', { call: 'events', effect: 'hostile', times: 'always', text: LINES }],
])('the words of the platform in %s are words in the comment', async (_, fault) => {
  const emulator = await githubPlatform();
  emulator.addFault(fault);
  await onPullRequest({ emulator });
  expectAllTame(emulator);
  onlyComment(emulator);
});

test('file names of a refused bundle are words in the comment', async () => {
  const emulator = await githubPlatform();
  const names = [
    '-->',
    '<script>',
    '@mona',
    '![p](x)',
    '[l](https:evil.example)',
    '`@mona',
    '&lt;b&gt;',
    '\n# Big @mona',
  ];
  const files = Object.fromEntries(names.map((name) => [`assets/.env.${name}`, 'A=1']));
  const run = await onPullRequest({ emulator, workspace: storefront({ ...SMALL_BUILD, ...files }) });
  expect(run.outputs['outcome']).toBe('error');
  expectAllTame(emulator);
  for (const name of ['.env.-->', '.env.<script>', '.env.@mona']) {
    expect(wordsOf(onlyComment(emulator).body)).toContain(name);
  }
});

test('hostile words of GitHub reach the log alone', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.listDeployments', effect: 'hostile-error', status: 400, times: 'always' });
  await onPullRequest({ emulator, inputs: ONLY_COMMENT });
  expectAllTame(emulator);
  expect(wordsOf(onlyComment(emulator).body)).not.toContain('oh no');
});

test('a bundle refused for a thousand files with long names: the comment fits, and says what to do', async () => {
  const emulator = await githubPlatform();
  const folder = `${'<@mona>&'.repeat(28)}/${'é'.repeat(110)}/${'`"|'.repeat(70)}`;
  const files = Object.fromEntries(
    Array.from({ length: 1000 }, (_, index) => [`${folder}/.env.${index}${'@a'.repeat(110)}`, 'A=1']),
  );
  const run = await onPullRequest({ emulator, workspace: storefront({ ...SMALL_BUILD, ...files }) });
  expect(run.outputs['outcome']).toBe('error');
  expect(warningsOf(run)).not.toMatch(/comment/);
  expectAllTame(emulator);
  for (const body of sentBodies(emulator)) expect(body.length).toBeLessThan(MAX_COMMENT_CHARS);
  expect(wordsOf(onlyComment(emulator).body)).toMatch(/\b99\d more\b.*What to do/);
});

/** Each of them would make the comment too long by itself, were it taken over as it is. */
const HUGE: readonly [string, (emulator: Emulator) => Partial<GitHubRun>][] = [
  ["a project's name", () => ({ inputs: { 'project-uuid': '', 'project-name': '@é'.repeat(12_000) } })],
  [
    "the storefront's address",
    (emulator) => {
      const text = `${'x'.repeat(70_000)}.example`;
      emulator.addFault({ call: 'events', effect: 'hostile', fields: ['hostname'], text, times: 'always' });
      return { inputs: ONLY_COMMENT };
    },
  ],
  [
    "the platform's words",
    (emulator) => {
      const body = {
        title: '@'.repeat(200_000),
        errors: Object.fromEntries(Array.from({ length: 900 }, (_, n) => [`${n}`, '|'.repeat(900)])),
      };
      emulator.addFault({ call: 'createDeployment', effect: 'status', status: 422, body });
      return {};
    },
  ],
];

test.each(HUGE)('%s of a hundred thousand characters: no comment that is too long is ever sent', async (_, arrange) => {
  const emulator = await githubPlatform();
  const options = arrange(emulator);
  const first = await onPullRequest({ emulator, ...options });
  const second = await onPullRequest({ emulator, ...options });
  for (const body of sentBodies(emulator)) expect(body.length).toBeLessThanOrEqual(MAX_COMMENT_CHARS);
  expect(writesOf(emulator).filter(({ status }) => status === 422)).toEqual([]);
  expect(new Set([first, second].map(({ outputs }) => outputs['comment-id'])).size).toBe(1);
  for (const { body } of ownComments(emulator)) expect(headingOf(body)).not.toMatch(/deploying/i);
  expect(ownComments(emulator).length).toBeLessThan(2);
});

const SECRETS = {
  PASSWORD: 'correct horse battery staple',
  URLISH: 'a/b+c=d?e&f%g',
  ANGLES: 'with "q" & <angles> | `x`',
};

const LEAKS: readonly [string, (emulator: Emulator, all: string) => Fault][] = [
  [
    'a refusal',
    (_, all) => ({
      call: 'createDeployment',
      effect: 'status',
      status: 422,
      body: { status: 422, title: `no: ${all}`, errors: { field: all } },
    }),
  ],
  [
    'a refused upload',
    (_, all) => ({ call: 'upload', effect: 'status', status: 403, xml: { code: all, message: all } }),
  ],
  [
    'an address',
    ({ accessToken }) => ({
      call: 'events',
      effect: 'hostile',
      fields: ['hostname'],
      text: `x-${accessToken}.example`,
      times: 'always',
    }),
  ],
];

test.each(LEAKS)('secrets in the text of %s reach no comment, status or payload', async (_, leak) => {
  const emulator = await githubPlatform();
  const secrets = [...Object.values(SECRETS), emulator.accessToken, emulator.github.token];
  emulator.addFault(leak(emulator, secrets.join(' ')));
  const lines = Object.entries(SECRETS).map(([key, value]) => `${key}='${value}'`);
  await onPullRequest({ emulator, inputs: { secrets: lines.join('\n') } });
  const { body } = onlyComment(emulator);
  expect(emulator.github.deployments[0]?.statuses).toHaveLength(2);
  const requests = emulator.requests.filter(({ call }) => call.startsWith('github.'));
  const sent = [...requests.map((request) => JSON.stringify(request.body ?? '')), body];
  const readable = [...sent, wordsOf(body), decodeURIComponent(body.split('\n', 2).join(' '))].join('\n');
  for (const secret of secrets) {
    for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
      expect(readable).not.toContain(form);
    }
  }
  expect(wordsOf(body)).toContain('***');
});
