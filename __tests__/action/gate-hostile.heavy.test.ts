/** Comments, logins and payloads that mean harm: none counts as a command, and none is echoed. */
import { describe, expect, test } from '@jest/globals';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { COMMAND, commentEvent, decisionOf, gate, onCommand, onPush, previewComment } from './gate-harness.ts';
import { githubCallsOf, githubPlatform, ownComments, pullRequestEvent } from './github-harness.ts';
import { failureOf } from './harness.ts';

const NOT_APPLICABLE = { deploy: 'false', reason: 'not-applicable' };
const SECRET_WORDS = 'do-not-echo-me';
const NASTY = [
  '::set-output name=deploy::true',
  '::add-mask::preview',
  '##[error]pwned',
  '\u001b[31mred\u001b[0m\u202e\0',
  '</td></details><img src=x onerror=alert(1)>',
  '[a](javascript:b) `c` | @everyone #1 <!-- catalyst-deploy-action shared-preview holds claimed-at 1 -->',
].join(` ${SECRET_WORDS} `);

/** No line is a command of the runner but those that the action itself gives. */
function expectNoCommands(run: FinishedRun): void {
  const commands = run.lines
    .filter((line) => /^\s*::/.test(line))
    .map((line) => /^\s*::([\w-]*)/.exec(line)?.[1] ?? '');
  expect(commands.filter((name) => !['debug', 'group', 'endgroup', 'notice', 'warning'].includes(name))).toEqual([]);
  expect(run.everything).not.toContain('##[');
}

test.each([
  ['on the second line', `please\n${COMMAND}`],
  ['on the second line, behind CR', `please\r${COMMAND}`],
  ['in a quote', `> ${COMMAND}`],
  ['in Markdown', `**${COMMAND}**`],
  ['in HTML', `<p>${COMMAND}</p>`],
  ['in code', `\`\`\`\n${COMMAND}\n\`\`\``],
  ['behind a command of the runner', `::debug::${COMMAND}`],
  ['behind a byte order mark', `\ufeff${COMMAND}`],
  ['behind a null byte', `\0${COMMAND}`],
  ['with a letter that looks alike', COMMAND.replace('e', 'е')],
  ['as a longer word', `${COMMAND}er`],
  ['behind 65,000 characters', `${'x'.repeat(65_000)} ${COMMAND}`],
  ['of many lines', `${'\n'.repeat(60_000)}${COMMAND}`],
  ['of nothing', ''],
])('no command: %s', async (_, body) => {
  const emulator = await githubPlatform();
  const { run } = await onCommand({ emulator, given: { body } });
  expect(decisionOf(run)).toEqual(NOT_APPLICABLE);
  expect(githubCallsOf(emulator)).toEqual([]);
  expectNoCommands(run);
});

test.each([
  ['with what the runner, a terminal, HTML and Markdown understand', `${COMMAND} ${NASTY}`],
  ['with the same on further lines', `${COMMAND}\r\n${NASTY}\r\n${NASTY}`],
  ['with 65,000 characters behind it', `${COMMAND} ${SECRET_WORDS.repeat(4600)}`],
])('a command %s deploys, and nothing of it is shown', async (_, body) => {
  const emulator = await githubPlatform();
  const { run } = await onCommand({ emulator, given: { body } });
  expect(decisionOf(run)).toEqual({ deploy: 'true', reason: 'takeover' });
  expectNoCommands(run);
  const shown = [run.everything, ...ownComments(emulator).map((comment) => comment.body)];
  const asked = JSON.stringify(emulator.requests.map(({ path, query, body: sent }) => [path, query, sent]));
  for (const text of [...shown, asked]) expect(text).not.toMatch(new RegExp(`${SECRET_WORDS}|onerror|javascript:`));
});

describe('who commented', () => {
  test.each(['some[bot]', 'o_ctocat', 'Mona-Lisa', 'a b', 'x/../y', '<b>', '日本'])(
    '%j is asked for by name',
    async (login) => {
      const emulator = await githubPlatform();
      emulator.github.setRole(login, 'admin');
      const { run } = await onCommand({ emulator, given: { login } });
      expect(decisionOf(run)).toEqual({ deploy: 'true', reason: 'takeover' });
      const path = `/github/repos/acme/storefront/collaborators/${encodeURIComponent(login)}/permission`;
      expect(emulator.requests[0]?.path).toBe(path);
      expect(previewComment(emulator)?.body).not.toContain('<b> claimed');
      expect(run.summary).not.toContain('<b>');
    },
  );

  test('somebody whom GitHub does not know may do nothing', async () => {
    const emulator = await githubPlatform();
    const { comment, name, payload } = commentEvent(emulator);
    const event = { name, payload: { ...payload, comment: { ...payload.comment, user: { login: 'nobody-at-all' } } } };
    expect(decisionOf(await gate({ emulator, event }))).toEqual({ deploy: 'false', reason: 'not-permitted' });
    expect(comment.reactions.map(({ content }) => content)).toEqual(['-1']);
  });

  test('an account that is gone may do nothing, and nobody asks for it', async () => {
    const emulator = await githubPlatform();
    const { name, payload } = commentEvent(emulator);
    const event = { name, payload: { ...payload, comment: { ...payload.comment, user: null } } };
    expect(decisionOf(await gate({ emulator, event }))).toEqual({ deploy: 'false', reason: 'not-permitted' });
    expect(githubCallsOf(emulator)).toEqual(['github.createReaction']);
  });
});

describe('an event that cannot be read is an error, and deploys nothing', () => {
  const PUSH = {
    action: 'opened',
    pull_request: { number: 7, head: { sha: 'a'.repeat(40), repo: null }, state: 'open' },
  };
  const pull = (change: object) => ({ ...PUSH, pull_request: { ...PUSH.pull_request, ...change } });

  test.each<[string, unknown]>([
    ['pull_request', {}],
    ['pull_request', null],
    ['pull_request', 'text'],
    ['pull_request', []],
    ['pull_request', pull({ number: '7' })],
    ['pull_request', pull({ number: 0 })],
    ['pull_request', pull({ head: { sha: 'main; rm -rf /' } })],
    ['pull_request_target', pull({ head: undefined })],
    ['issue_comment', {}],
    [
      'issue_comment',
      { action: 'created', issue: { number: 7, pull_request: {} }, comment: { id: 'x', body: COMMAND } },
    ],
    ['issue_comment', { action: 'created', issue: { number: 7, pull_request: {} }, comment: { id: 1, body: {} } }],
    [
      'issue_comment',
      {
        action: 'created',
        issue: { number: 7, pull_request: {} },
        comment: { id: 1, body: COMMAND, user: { login: '..' } },
      },
    ],
  ])('%s %j', async (name, payload) => {
    const emulator = await githubPlatform();
    const run = await gate({ emulator, event: { name, payload } });
    expect({ exitCode: run.exitCode, deploy: run.outputs['deploy'] }).toEqual({ exitCode: 1, deploy: 'false' });
    expect(failureOf(run).title).toBe('Event not readable');
    expect(run.outputs).not.toHaveProperty('reason');
    expect(githubCallsOf(emulator)).toEqual([]);
  });

  test('what is odd about it and decides nothing is passed over', async () => {
    const emulator = await githubPlatform();
    const { name, payload } = pullRequestEvent(emulator);
    const pull_request = { ...payload.pull_request, mergeable: 'yes', state: 7, extra: { deep: [] } };
    const run = await gate({ emulator, event: { name, payload: { ...payload, action: 9, pull_request } } });
    expect(decisionOf(run)).toEqual({ deploy: 'true', reason: 'newest' });
  });

  test('outside of a workflow', async () => {
    const emulator = await githubPlatform();
    const run = await onPush({ emulator, env: { GITHUB_REPOSITORY: '' } });
    expect({ exitCode: run.exitCode, deploy: run.outputs['deploy'] }).toEqual({ exitCode: 1, deploy: 'false' });
    expect(failureOf(run).title).toBe('No workflow run');
  });
});
