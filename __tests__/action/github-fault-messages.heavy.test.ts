/** What GitHub says is text of a stranger: no command for the runner, no live Markdown. And the token is nowhere. */
import { expect, test } from '@jest/globals';
import { marked } from 'marked';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { parseCommand } from '../../scripts/runner-commands.ts';
import { expectDeployed, ON_DISPATCH, requestsTo, warningList } from './github-fault-helpers.ts';
import { type GitHubRun, githubPlatform, onGitHub, onPullRequest } from './github-harness.ts';
import { platform } from './harness.ts';

/** The commands that this action itself gives. */
const OWN_COMMANDS: readonly string[] = ['group', 'endgroup', 'debug', 'warning'];

function expectHarmless(run: FinishedRun): void {
  const given = run.lines.map((line) => parseCommand(line)?.name).filter((name) => name !== undefined);
  expect(given.filter((name) => !OWN_COMMANDS.includes(name))).toEqual([]);
  for (const line of run.lines) {
    expect(line).not.toContain('##[');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not pass
    expect(line).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  }
  expect(Object.keys(run.outputs)).not.toContain('a');
}

/** Nothing of GitHub's words is more than text on the page. */
function expectPlainText(summary: string): void {
  const html = marked.parse(summary, { async: false });
  expect(html).not.toMatch(/<img|onerror=[^<]*>|href="javascript|<!-- comment/i);
  expect(html.match(/<\/details>/g)?.length).toBe(html.match(/<details>/g)?.length);
  // GitHub mentions whoever is named after an @ that nothing follows but a name.
  expect(html).not.toMatch(/@everyone|&#64;everyone/);
}

test.each([401, 403, 404, 422, 500])('a hostile refusal (%i) of every call is quoted as plain text', async (status) => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.any', effect: 'hostile-error', status, times: 'always' });
  const run = await onPullRequest({ emulator });
  expectDeployed(run);
  const warnings = warningList(run);
  expect(warnings.length).toBeGreaterThanOrEqual(2);
  for (const warning of warnings) expect(warning).toMatch(new RegExp(`answered ${status}\\. The server says: oh no `));
  expectHarmless(run);
  expect(run.summary).toContain('oh no');
  expectPlainText(run.summary);
});

test.each(['\u0085::error::x', '\u2028::stop-commands::x', '\n\n   ::add-path::/x', '```\n</table>\n# Title'])(
  'so is %j',
  async (text) => {
    const emulator = await githubPlatform();
    emulator.addFault({ call: 'github.createDeployment', effect: 'hostile-error', text });
    emulator.addFault({ call: 'github.listDeployments', effect: 'hostile-error', text, status: 503 });
    const run = await onPullRequest({ emulator });
    expectDeployed(run);
    expectHarmless(run);
    const html = marked.parse(run.summary, { async: false });
    expect(html).not.toContain('<h1');
    expect(html.match(/<\/table>/g)?.length).toBe(html.match(/<table>/g)?.length);
  },
);

test('a very long message is cut', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'github.createDeployment', effect: 'hostile-error', text: 'long '.repeat(20_000) });
  const run = await onGitHub({ emulator });
  expectDeployed(run);
  expect(warningList(run)).toHaveLength(1);
  expect(warningList(run)[0]?.length).toBeLessThan(1000);
});

const ECHOES: [string, (emulator: Emulator, text: string) => void, Partial<GitHubRun>][] = [
  ['a run without faults', () => {}, {}],
  [
    'refusals that echo it',
    (emulator, text) => emulator.addFault({ call: 'github.any', effect: 'hostile-error', text, times: 'always' }),
    {},
  ],
  [
    'retried faults that echo it',
    (emulator, text) =>
      emulator.addFault({ call: 'github.any', effect: 'hostile-error', status: 500, text, skip: 2, times: 2 }),
    {},
  ],
  [
    'answers that echo it where an id should be',
    (emulator, text) => {
      const body = { id: text, message: text, head: text };
      emulator.addFault({ call: 'github.any', effect: 'status', status: 201, body, times: 'always' });
    },
    ON_DISPATCH,
  ],
  ['broken connections', (emulator) => emulator.addFault({ call: 'github.any', effect: 'reset-before', times: 3 }), {}],
];

test.each(ECHOES)('the token is nowhere to be read: %s', async (_, prepare, options) => {
  const emulator = await githubPlatform();
  const { token } = emulator.github;
  prepare(emulator, `token ${token} in https://x-access-token:${token}@github.com/?t=${token}`);
  const run = await onPullRequest({ emulator, ...options });
  expectDeployed(run);
  expect(emulator.requests.some(({ headers }) => headers['authorization'] === `token ${token}`)).toBe(true);
  expect(run.everything).not.toContain(token);
  expect(run.everything).not.toContain(Buffer.from(token).toString('base64').slice(0, 40));
  expect(run.masks).toContain(token);
});

test('the token goes to GitHub alone', async () => {
  const emulator = await githubPlatform();
  expectDeployed(await onPullRequest({ emulator }));
  const others = emulator.requests.filter(({ call }) => !call.startsWith('github.'));
  expect(others.length).toBeGreaterThan(0);
  for (const request of others) expect(JSON.stringify(request)).not.toContain(emulator.github.token);
});

test.each([302, 307, 308])('the token does not travel along a redirect to another host (%i)', async (status) => {
  const emulator = await githubPlatform();
  const elsewhere = await platform();
  const location = `${elsewhere.origin}/github/repos/acme/storefront/deployments`;
  emulator.addFault({ call: 'github.createDeployment', effect: 'redirect', status, location });
  emulator.addFault({ call: 'github.listDeployments', effect: 'redirect', status, location });
  expectDeployed(await onGitHub({ emulator }));
  expect(requestsTo(emulator, 'github.createDeployment').length).toBeGreaterThan(0);
  for (const { headers } of elsewhere.requests) {
    expect(JSON.stringify(headers)).not.toContain(emulator.github.token);
  }
});
