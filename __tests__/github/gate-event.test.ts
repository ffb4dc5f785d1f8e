/** What the preview gate reads in the payload of an event. What it cannot read is no permission. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import type { WorkflowEvent } from '../../src/github/event.ts';
import { type GateEvent, readGateEvent } from '../../src/github/gate-event.ts';
import { onCleanUp, temporaryFolder } from '../clean-up.ts';

const SHA = 'a'.repeat(40);
const KNOWN = { number: 7, headSha: SHA, isFork: true };

async function read(
  name: string,
  payload: unknown,
  known: { pullRequest?: object } = { pullRequest: KNOWN },
): Promise<GateEvent> {
  const path = join(temporaryFolder(), 'event.json');
  writeFileSync(path, JSON.stringify(payload));
  const env = jest.replaceProperty(process, 'env', { ...process.env, GITHUB_EVENT_PATH: path });
  onCleanUp(() => env.restore());
  return await readGateEvent({ name, ...known } as WorkflowEvent);
}

const push = (more: object = {}) => ({ action: 'synchronize', pull_request: { head: { sha: SHA }, ...more } });

test.each(['pull_request', 'pull_request_target'])('%s is a push to a pull request', async (name) => {
  expect(await read(name, push({ state: 'open', mergeable: false }))).toEqual({
    kind: 'push',
    pullRequest: { number: 7, headSha: SHA, isMergeable: false },
    isFork: true,
    isOpen: true,
  });
});

test.each([
  [push(), true],
  [push({ state: 'closed' }), false],
  [{ ...push({ state: 'open' }), action: 'closed' }, false],
  [{ ...push(), action: undefined }, true],
])('%j: whether it is open', async (payload, isOpen) => {
  const pullRequest = { number: 7, headSha: SHA, isMergeable: undefined };
  expect(await read('pull_request', payload)).toEqual({ kind: 'push', pullRequest, isFork: true, isOpen });
});

const comment = (more: object = {}, issue: object = { pull_request: {} }) => ({
  action: 'created',
  issue: { number: 7, ...issue },
  comment: { id: 5, body: '/deploy preview', user: { login: 'mona' }, ...more },
});
const COMMENT = { kind: 'comment', number: 7, isOnPullRequest: true, isCreated: true, commentId: 5, login: 'mona' };

test.each([
  [comment(), { body: '/deploy preview' }],
  [
    { ...comment(), action: 'edited' },
    { body: '/deploy preview', isCreated: false },
  ],
  [comment({}, {}), { body: '/deploy preview', isOnPullRequest: false }],
  [comment({}, { pull_request: null }), { body: '/deploy preview', isOnPullRequest: false }],
  [comment({ body: null }), { body: '' }],
  [comment({ user: null }), { body: '/deploy preview', login: undefined }],
])('%j is a comment', async (payload, expected) => {
  expect(await read('issue_comment', payload)).toEqual({ ...COMMENT, ...expected });
});

test.each([
  ['pull_request', null, { pullRequest: KNOWN }],
  ['pull_request', push({ head: { sha: 'main' } }), { pullRequest: KNOWN }],
  ['pull_request_target', push(), {}],
  ['issue_comment', null, {}],
  ['issue_comment', comment({ id: 0 }), {}],
  ['issue_comment', comment({ user: { login: '..' } }), {}],
])('the payload of %s that cannot be read (%j) allows nothing', async (name, payload, known) => {
  await expect(read(name, payload, known)).rejects.toMatchObject({
    message: `The payload of the event ${name} (GITHUB_EVENT_PATH) cannot be read.`,
    title: 'Event not readable',
    fix: 'The runner writes it: leave GITHUB_EVENT_PATH alone, and run the job again.',
  });
});

test('other events are none of the gate’s, whatever they say', async () => {
  expect(await read('push', push())).toEqual({ kind: 'other' });
});
