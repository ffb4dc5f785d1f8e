/** Which runs have nothing to do, and say so. */
import { describe, expect, test } from '@jest/globals';
import { skipCleanupOf, skipClosedOf, skipLogsOf, skipOf, skipRedirectsOf } from '../../src/actions/skip.ts';
import type { WorkflowEvent } from '../../src/github/event.ts';
import type { StatedPurpose } from '../../src/inputs/purpose.ts';

const SILENT: StatedPurpose = { environment: undefined, pullRequest: undefined, dryRun: false };
const PULL_REQUEST = { number: 7, isFork: false, isClosed: false } as NonNullable<WorkflowEvent['pullRequest']>;

function eventOf(name: string, more: Partial<WorkflowEvent> = {}): WorkflowEvent {
  const isPullRequest = name.startsWith('pull_request');
  return { name, actor: 'octocat', branch: 'main', defaultBranch: 'main', isPullRequest, ...more } as WorkflowEvent;
}

const fork = (name: string) => eventOf(name, { pullRequest: { ...PULL_REQUEST, isFork: true } });

describe('a fork', () => {
  test('without secrets has nothing to do, and the message says how it gets deployed', () => {
    const event = fork('pull_request');
    expect(skipOf(event, false, SILENT)).toEqual({
      reason: 'fork',
      message: expect.stringMatching(/^Pull request #7 comes from a fork.* push its branch to this repository\.$/),
    });
    expect(skipCleanupOf(event, false)).toEqual({
      reason: 'fork',
      message: expect.stringMatching(
        /^Pull request #7 comes from a fork.* Nothing was deleted, and nothing is wrong\.$/,
      ),
    });
  });

  test('with a token is deployed; `pull_request_target` has secrets, so a missing one is an error', () => {
    for (const [event, hasToken] of [
      [fork('pull_request'), true],
      [fork('pull_request_target'), false],
    ] as const) {
      expect(skipOf(event, hasToken, SILENT)).toBeUndefined();
      expect(skipCleanupOf(event, hasToken)).toBeUndefined();
    }
  });
});

describe('a closed pull request', () => {
  const closing = (more: Partial<WorkflowEvent>) => eventOf('pull_request', { action: 'closed', ...more });

  test.each([
    [
      'isolated',
      /^Pull request #7 is closed: nothing was deployed, and nothing is wrong\. .*`preview-cleanup` deletes/,
    ],
    ['shared', /^Pull request #7 is closed: nothing was deployed, and nothing is wrong\. The shared preview is left/],
  ] as const)('gets no preview any more: %s', (preview, message) => {
    const skip = { reason: 'closed', message: expect.stringMatching(message) };
    expect(skipClosedOf(closing({ pullRequest: PULL_REQUEST }), preview, SILENT)).toEqual(skip);
    const commented = { number: 7, isClosed: true } as WorkflowEvent['commentedPullRequest'];
    expect(skipClosedOf(eventOf('issue_comment', { commentedPullRequest: commented }), preview, SILENT)).toEqual(skip);
    const named = { ...SILENT, pullRequest: '7' };
    expect(skipClosedOf(closing({ pullRequest: PULL_REQUEST }), preview, named)).toEqual(skip);
  });

  test.each<[string, ...Parameters<typeof skipClosedOf>]>([
    ['no preview is asked for', closing({ pullRequest: PULL_REQUEST }), false, SILENT],
    ['what is asked for is wrong', closing({ pullRequest: PULL_REQUEST }), undefined, SILENT],
    ['it is for another one', closing({ pullRequest: PULL_REQUEST }), 'shared', { ...SILENT, pullRequest: '8' }],
    ['the payload does not say which', closing({ pullRequest: undefined }), 'shared', SILENT],
    ['it is open', eventOf('pull_request', { pullRequest: PULL_REQUEST }), 'shared', SILENT],
    [
      'it is open, and commented on',
      eventOf('issue_comment', { commentedPullRequest: { number: 7 } as WorkflowEvent['commentedPullRequest'] }),
      'shared',
      SILENT,
    ],
  ])('is none where %s', (_, event, preview, stated) => {
    expect(skipClosedOf(event, preview, stated)).toBeUndefined();
  });
});

describe("Dependabot's run", () => {
  const pushed = (branch: string) => eventOf('push', { actor: 'dependabot[bot]', branch });

  test('on a branch of its own has nothing to do, and the message says what it lacks', () => {
    const event = pushed('dependabot/npm/next-15');
    const reason = 'dependabot';
    const message = (end: string) => expect.stringMatching(new RegExp(`^Dependabot started this run.*${end}`));
    expect(skipOf(event, false, SILENT)).toEqual({ reason, message: message('Dependabot secrets\\.$') });
    expect(skipCleanupOf(event, false)).toEqual({ reason, message: message('to delete a preview with') });
    expect(skipLogsOf(event, false)).toEqual({ reason, message: message('to read the log with') });
    expect(skipLogsOf(event, true)).toBeUndefined();
  });

  test.each([
    ['what it merged', pushed('main'), SILENT, 'Dependabot pushed to `main`'],
    [
      'a branch of its own, for production',
      pushed('dependabot/npm/next-15'),
      { ...SILENT, environment: 'production' },
      'Dependabot pushed to `dependabot/npm/next-15`',
    ],
    ['a schedule', eventOf('schedule', { actor: 'dependabot[bot]' }), SILENT, 'Dependabot started this run (schedule)'],
  ])('for %s must not be green', (_, event, stated, message) => {
    const refusal = expect.objectContaining({
      title: "No secrets in Dependabot's run",
      message: expect.stringContaining(`${message}, and its runs get none of the repository's Actions secrets`),
    });
    expect(() => skipOf(event, false, stated)).toThrow(refusal);
    expect(() => skipRedirectsOf(event, false, stated)).toThrow(refusal);
  });
});
