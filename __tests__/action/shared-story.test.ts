/**
 * The life of a shared preview, with the gate and the deploy action wired as examples/shared-preview.yml wires them.
 */
import { expect, test } from '@jest/globals';
import { githubCallsOf, githubPlatform } from './github-harness.ts';
import { commanded, expectHonest, type JobRun, pushed, reasonOf, shownOn } from './shared-job-harness.ts';

function expectWell({ gate, deploy, posts }: JobRun, isDeployed: boolean): void {
  for (const run of [gate, deploy, ...posts]) {
    if (run === undefined) continue;
    const { exitCode, stderr, annotations } = run;
    expect({ exitCode, stderr, annotations }).toEqual({ exitCode: 0, stderr: '', annotations: [] });
  }
  expect(deploy?.outputs['outcome']).toBe(isDeployed ? 'deployed' : undefined);
}

test('two pull requests take it from each other, by pushes and by command', async () => {
  const emulator = await githubPlatform();
  const states = () => emulator.github.deployments.map(({ state }) => state);

  // Pull request 7 is the only one.
  let run: JobRun = await pushed(emulator, 7, '1');
  expectWell(run, true);
  expect(reasonOf(run)).toBe('newest');
  expect(shownOn(emulator, 7).words).toContain('✅ Deployed to preview');
  expectHonest(emulator, 7);
  const shown = shownOn(emulator, 7).id;

  // 8 is opened, and takes the preview: 7 gets a new comment.
  run = await pushed(emulator, 8, '2');
  expectWell(run, true);
  expect(reasonOf(run)).toBe('newest');
  expect(shownOn(emulator, 7).id).not.toBe(shown);
  expect(shownOn(emulator, 7).words).toContain('shows #8 now, and no longer this pull request');
  expectHonest(emulator, 8);
  expect(states()).toEqual(['inactive', 'success']);
  const lost = shownOn(emulator, 7).id;

  // A push to 7 is not deployed, and shown by an edit.
  const shownOf8 = shownOn(emulator, 8).body;
  run = await pushed(emulator, 7, '3');
  expectWell(run, false);
  expect(reasonOf(run)).toBe('not-newest');
  expect(shownOn(emulator, 7)).toMatchObject({ id: lost, words: expect.stringContaining('Not deployed to preview') });
  expect(shownOn(emulator, 7).words).toContain('3333333 was not deployed');
  expect(shownOn(emulator, 8).body).toBe(shownOf8);
  expectHonest(emulator, 8);

  // A person gives it back to 7.
  const idOf8 = shownOn(emulator, 8).id;
  const command = await commanded(emulator);
  expectWell(command, true);
  expect(reasonOf(command)).toBe('takeover');
  expect(command.comment.reactions.map(({ content }) => content)).toEqual(['eyes']);
  expect(emulator.github.checkRuns).toMatchObject(
    [
      {
        headSha: '3'.repeat(40),
        status: 'completed',
        conclusion: 'success',
        output: { title: /^Deployed to preview in / },
      },
    ].map((check) => ({ ...check, output: { title: expect.stringMatching(check.output.title) } })),
  );
  expect(command.deploy?.outputs['github-deployment-id']).toBe(String(emulator.github.deployments.at(-1)?.id));
  expect(emulator.github.deployments.at(-1)?.sha).toBe('3'.repeat(40));
  expect(shownOn(emulator, 7)).toMatchObject({ id: lost, share: { claimedAtMs: expect.any(Number) } });
  expect(shownOn(emulator, 8).id).not.toBe(idOf8);
  expect(shownOn(emulator, 8).words).toContain('shows #7 now, and no longer this pull request');
  expectHonest(emulator, 7);
  const claim = shownOn(emulator, 7).share?.claimedAtMs;

  // It still has the preview for its next push.
  run = await pushed(emulator, 7, '4');
  expectWell(run, true);
  expect(reasonOf(run)).toBe('takeover');
  expect(shownOn(emulator, 7).share?.claimedAtMs).toBe(claim);
  expectHonest(emulator, 7);
  const held = shownOn(emulator, 7).id;

  // A push to 8, the newest, takes it back, and the claim with it.
  run = await pushed(emulator, 8, '5');
  expectWell(run, true);
  expect(reasonOf(run)).toBe('newest');
  expect(shownOn(emulator, 7).id).not.toBe(held);
  expect(shownOn(emulator, 7).share?.claimedAtMs).toBeUndefined();
  expectHonest(emulator, 8);

  run = await pushed(emulator, 7, '6');
  expectWell(run, false);
  expect(reasonOf(run)).toBe('not-newest');
  expectHonest(emulator, 8);
  expect(states()).toEqual(['inactive', 'inactive', 'inactive', 'inactive', 'success']);
  expect(emulator.github.checkRuns).toHaveLength(1);
  expect(githubCallsOf(emulator).filter((call) => call === 'github.createReaction')).toHaveLength(1);
});
